"""Whisper's pieces of words, joined to words."""

from collections.abc import Iterable, Sequence

from hotline.speech.hearing import HeardWord

LOOP_PIECES = 5
"""The shortest run of pieces of words that may not come twice: else one is written for ever."""


def joined_pieces(pieces: Iterable[tuple[str, float, float, float]]) -> Sequence[HeardWord]:
    """Join pieces, each with begin, end (seconds) and probability.

    One without a gap before it (`'ять` behind `п`) is the end of the word before.
    """
    heard: list[HeardWord] = []
    for piece, piece_begins, ends, probability in pieces:
        if not (text := piece.strip()):
            continue
        begins, confidence = piece_begins, probability
        if heard and not piece[0].isspace():
            before = heard.pop()
            text, begins = before.text + text, before.begins
            confidence = min(before.confidence, confidence)
        heard.append(
            HeardWord(
                text=text, begins=round(begins, 2), ends=round(ends, 2), confidence=round(confidence, 3)
            )
        )
    return heard
