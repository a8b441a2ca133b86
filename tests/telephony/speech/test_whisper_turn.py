"""Words to listen for, weighed against what was heard freely, and pieces of words joined."""

import math

import pytest

from telephony.speech.whisper_turn import HANDICAP, LEAST_LIKELY, chosen, not_only_told
from telephony.speech.whisper_words import joined_pieces

APART = {"так": 0, "ні": 1, "ніхто": 2, "давай": 3, "сім": 4, "вісім": 5}
"""Phrases to listen for that mean each something else."""


def test_a_phrase_is_chosen_though_something_else_fits_the_sound_a_little_better() -> None:
    found = chosen({"так": -5.8, "ні": -12.0}, rival=-5.0, meant=APART)
    assert found is not None
    phrase, share = found
    assert phrase == "так"
    expected = math.exp(-5.8) / (math.exp(-5.8) + math.exp(-12.0) + math.exp(-5.0 - HANDICAP))
    assert share == pytest.approx(expected)


def test_none_is_chosen_where_free_speech_is_far_likelier() -> None:
    assert chosen({"ніхто": -11.8, "так": -20.0}, rival=-2.6, meant=APART) is None


def test_none_is_chosen_that_the_sound_hardly_makes_likely_whatever_else_it_was() -> None:
    assert chosen({"давай": LEAST_LIKELY - 1}, rival=-30.0, meant=APART) is None


def test_none_is_chosen_between_two_that_are_as_likely() -> None:
    assert chosen({"сім": -4.0, "вісім": -4.0, "так": -20.0}, rival=-20.0, meant=APART) is None
    assert chosen({"сім": -4.0, "вісім": -6.0}, rival=-20.0, meant=APART) is not None


def test_of_two_that_are_as_likely_one_is_chosen_where_they_mean_the_same() -> None:
    likely = {"ага": -4.1, "так": -4.0, "ні": -9.0}
    assert chosen(likely, rival=-4.0, meant={"ага": 0, "так": 1, "ні": 2}) is None
    found = chosen(likely, rival=-4.0, meant={"ага": 0, "так": 0, "ні": 1})
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
