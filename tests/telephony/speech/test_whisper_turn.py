"""Words to listen for, weighed against what was heard freely, and pieces of words joined."""

import math

import pytest

from hotline.speech.hearing import SURE_FROM, Engine
from telephony.speech.whisper_turn import (
    BY_SOUND,
    FARTHEST,
    HANDICAP,
    LEAST_LIKELY,
    SURELY_FROM,
    Weighed,
    chosen,
    not_only_told,
)
from telephony.speech.whisper_words import joined_pieces

NEAR, FAR = 0.1, FARTHEST + 0.01
YES, NO = 0, 1


def phrase(likely: float, meant: int, far: float = NEAR) -> Weighed:
    return Weighed(likely, far, meant)


def test_a_phrase_is_chosen_though_a_torn_word_fits_the_sound_a_little_better() -> None:
    found = chosen({"підтверджую": phrase(-11.4, YES), "вірно": phrase(-14.6, NO)}, rival=-4.6)
    assert found is not None
    chosen_one, share = found
    assert chosen_one == "підтверджую"
    yes, no = (math.exp(likely - NEAR * BY_SOUND) for likely in (-11.4, -14.6))
    assert share == pytest.approx(yes / (yes + no + math.exp(max(-4.6 - HANDICAP, LEAST_LIKELY))))


def test_none_is_chosen_where_free_speech_is_far_likelier() -> None:
    assert chosen({"ніхто": phrase(-15.8, NO)}, rival=-1.6) is None


def test_none_is_chosen_that_the_sound_hardly_makes_likely_whatever_else_it_was() -> None:
    assert chosen({"давай": phrase(LEAST_LIKELY - 1, YES)}, rival=-40.0) is None


def test_none_is_chosen_that_sounds_like_nothing_that_was_heard() -> None:
    assert chosen({"давай": phrase(-4.0, YES, FAR)}, rival=-4.0) is None
    both = {"давай": phrase(-4.0, YES, FAR), "гаразд": phrase(-9.0, YES)}
    assert (found := chosen(both, rival=-4.0)) is not None
    assert found[0] == "гаразд"  # they mean the same: the one is told that was said


def test_of_two_that_are_as_likely_the_one_counts_that_sounds_like_what_was_heard() -> None:
    found = chosen({"так": phrase(-6.0, YES), "нет": phrase(-6.0, NO, FARTHEST)}, rival=-6.0)
    assert found is not None
    assert found[0] == "так"


def test_none_is_chosen_between_two_that_are_as_likely_and_a_narrow_lead_is_not_sure() -> None:
    assert chosen({"ну так": phrase(-4.0, YES), "не так": phrase(-4.0, NO)}, rival=-4.0) is None
    led = chosen({"ну так": phrase(-4.2, YES), "не так": phrase(-2.9, NO)}, rival=-4.0)
    assert led is not None
    assert led[0] == "не так"
    assert led[1] < SURE_FROM[Engine.WHISPER]  # a key is asked for
    clear = chosen({"ну так": phrase(-7.2, YES), "не так": phrase(-9.5, NO)}, rival=-4.0)
    assert clear is not None
    assert clear[1] >= SURELY_FROM


def test_of_two_that_are_as_likely_one_is_chosen_where_they_mean_the_same() -> None:
    likely = {"ага": phrase(-4.1, YES), "так": phrase(-4.0, YES), "ні": phrase(-9.0, NO)}
    found = chosen(likely, rival=-4.0)
    assert found is not None
    assert found[0] == "так"
    assert found[1] > 0.9


def test_a_guess_that_was_only_told_and_not_said_does_not_count() -> None:
    music = {"треба": -9.0, "з'єднайте": -16.0, "з'єднайте з диспетчером": -57.0}
    assert not_only_told(music, "треба") == {"треба"}
    speech = {"вимпнули воду": -14.0, "вимкнули воду": -17.5}
    assert not_only_told(speech, "вимпнули воду") == {*speech}


def test_a_piece_without_a_gap_before_it_ends_the_word_before_it() -> None:
    pieces = [(" п", 0.1, 0.2, 0.9), ("'ять", 0.2, 0.5, 0.6), (" ", 0.5, 0.5, 0.1), (" води", 0.5, 0.9, 0.8)]
    heard = joined_pieces(pieces)
    assert [(one.text, one.begins, one.ends, one.confidence) for one in heard] == [
        ("п'ять", 0.1, 0.5, 0.6),
        ("води", 0.5, 0.9, 0.8),
    ]
