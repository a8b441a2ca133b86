"""Guesses that were only told, and pieces of words joined."""

from telephony.speech.whisper_turn import not_only_told
from telephony.speech.whisper_words import joined_pieces


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
