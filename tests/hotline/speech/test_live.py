"""Words of talks that go on: numbered, masked over pauses, and told anew where that changes what is shown."""

from hotline.speech.live import LONGEST_PAUSE, MOST_SAID, LiveTalk, Saying
from hotline.speech.transcripts import Speaker
from tests.fakes.said import heard

CALLER, DISPATCHER = Speaker.CALLER, Speaker.DISPATCHER
HALVES = "номер картки 4149 4993", "1234 5679 дякую"


def says(talk: LiveTalk, text: str, speaker: Speaker = CALLER, begins: float = 0.0) -> None:
    talk.add(Saying(speaker=speaker, heard=heard(text), begins=begins))


def shown(talk: LiveTalk) -> list[str]:
    return [" ".join(word.text or "***" for word in one.shown) for one in talk.said]


def test_a_number_dictated_over_a_long_pause_is_hidden_in_both_utterances() -> None:
    talk = LiveTalk("c1")
    says(talk, HALVES[0], begins=5.0)
    assert shown(talk) == [HALVES[0]]
    says(talk, "так слухаю", DISPATCHER, begins=12.0)
    before = talk.changes
    says(talk, HALVES[1], begins=5.0 + LONGEST_PAUSE)
    assert shown(talk) == ["номер картки ***", "так слухаю", "*** дякую"]
    assert [one.number for one in talk.said if one.changed > before] == [1, 3]


def test_what_another_said_or_somebody_said_long_ago_begins_no_number() -> None:
    talk = LiveTalk("c1")
    says(talk, HALVES[0], DISPATCHER)
    says(talk, HALVES[1], begins=1.0)
    says(talk, HALVES[0], begins=2.0)
    says(talk, HALVES[1], begins=3.0 + LONGEST_PAUSE)
    says(talk, HALVES[1], begins=0.5)  # a colleague's recording begins anew
    assert shown(talk) == [HALVES[0], HALVES[1], HALVES[0], HALVES[1], HALVES[1]]


def test_what_was_hidden_stays_hidden_however_one_goes_on() -> None:
    talk = LiveTalk("c1")
    for at, text in enumerate((*HALVES, "77", "ні", "алло", "1234", "5679")):
        says(talk, text, begins=float(at))
    assert shown(talk)[:3] == ["номер картки ***", "*** дякую", "77"]


def test_of_many_utterances_the_last_ones_are_kept() -> None:
    talk = LiveTalk("c1")
    for number in range(MOST_SAID + 10):
        says(talk, f"слово {number}", begins=float(number))
    assert (len(talk.said), talk.said[0].number, talk.said[-1].number) == (MOST_SAID, 11, MOST_SAID + 10)


def test_two_sides_that_were_not_heard_at_once_are_one_gap_and_no_words() -> None:
    talk = LiveTalk("c1")
    says(talk, "алло")
    for speaker, seconds in ((CALLER, 40.0), (DISPATCHER, 42.0)):
        talk.add(Saying(speaker=speaker, heard=heard(""), left_out=seconds))
    assert [(one.number, one.left_out) for one in talk.said] == [(1, 0.0), (2, 42.0)]
    assert talk.last_words is talk.said[0]
    says(talk, "так")
    assert talk.said[-1].number == 3
