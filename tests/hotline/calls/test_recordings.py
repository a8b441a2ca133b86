"""Who speaks, by the loudness of both sides: silences, talk-over, what is marked."""

from hotline.calls.recordings import MarkKind, TalkFigures, measured

LOUD, QUIET, NOISE, DEAD = -20.0, -60.0, -40.0, -100.0


def figures(caller: list[float], dispatcher: list[float]) -> TalkFigures:
    return measured([caller, dispatcher], [[], []])


def test_a_breath_between_words_is_part_of_speaking() -> None:
    words = [LOUD] * 10 + [QUIET] * 3 + [LOUD] * 10
    found = figures(words, [QUIET] * 23)
    assert (found.caller_seconds, found.dispatcher_seconds, found.longest_silence) == (2.3, 0, 0)


def test_a_pause_for_thought_is_silence_and_is_not_marked() -> None:
    found = figures([LOUD] * 10 + [QUIET] * 20 + [LOUD] * 10, [QUIET] * 40)
    assert (found.silence_seconds, found.longest_silence, found.marks) == (2, 2, ())


def test_silence_at_either_end_counts_too() -> None:
    found = figures([QUIET] * 40 + [LOUD] * 10 + [QUIET] * 31, [QUIET] * 81)
    assert [(one.begins, one.ends) for one in found.marks] == [(0, 4), (5, 8.1)]
    assert (found.longest_silence, found.silence_seconds) == (4, 7.1)


def test_a_word_of_assent_is_no_talk_over() -> None:
    found = figures([LOUD] * 60, [QUIET] * 20 + [LOUD] * 4 + [QUIET] * 16 + [LOUD] * 10 + [QUIET] * 10)
    assert [(one.kind, one.begins, one.ends) for one in found.marks] == [(MarkKind.TALK_OVER, 4, 5)]
    assert found.talk_over_seconds == 1


def test_a_noisy_street_is_not_taken_for_speech() -> None:
    found = figures([NOISE] * 20 + [LOUD] * 10 + [NOISE] * 20, [QUIET] * 50)
    assert found.caller_seconds == 1


def test_who_speaks_all_the_time_is_heard_though_there_is_no_quiet_moment() -> None:
    assert figures([LOUD] * 50, [DEAD] * 50).caller_seconds == 5


def test_both_in_one_channel_are_told_apart_by_nobody() -> None:
    found = measured([[LOUD] * 10 + [QUIET] * 40], [[]])
    assert (found.caller_seconds, found.dispatcher_seconds, found.talk_over_seconds) == (1, None, None)
    assert [one.kind for one in found.marks] == [MarkKind.SILENCE]


def test_nothing_has_no_figures_to_tell() -> None:
    found = measured([[], []], [[], []])
    assert (found.caller_seconds, found.longest_silence, found.marks) == (0, 0, ())
