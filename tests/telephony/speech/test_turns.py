"""A turn cut out of sound as it comes; how loud it is stands for how surely somebody speaks."""

from collections.abc import Iterable, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from telephony.speech.models import TELEPHONE
from telephony.speech.turns import Patience, Turn, TurnReader

QUIET, VOICE = 0, 30_000
FRAME = 320
Piece = tuple[int, float]
"""How loud, and for how many seconds."""


def sound(*pieces: Piece) -> bytes:
    return b"".join(
        np.full(round(seconds * TELEPHONE), loud, dtype="<i2").tobytes() for loud, seconds in pieces
    )


def turns(*, over: float = 1.0, most: float = 8.0, pause: float = 1.0) -> TurnReader:
    def voice(window: NDArray[np.float32]) -> float:
        return float(np.abs(window).mean())

    return TurnReader(voice, lambda _said: over, Patience(most=most, pause=pause))


def told(one: TurnReader, pcm: bytes, *, frame: int = FRAME) -> Sequence[bytes | Turn]:
    pieces: Iterable[bytes] = (pcm[at : at + frame] for at in range(0, len(pcm), frame))
    return [each for piece in pieces for each in one.take(piece)]


def events(found: Sequence[bytes | Turn]) -> list[Turn]:
    return [each for each in found if isinstance(each, Turn)]


def test_silence_is_nobodys_turn() -> None:
    assert told(turns(), sound((QUIET, 5))) == []


@pytest.mark.parametrize("frame", [320, 2, 16_000])
def test_a_word_and_a_pause_are_a_turn_however_the_sound_is_cut(frame: int) -> None:
    found = told(turns(), sound((QUIET, 1), (VOICE, 0.6), (QUIET, 0.4)), frame=frame)
    assert events(found) == [Turn.SPOKE, Turn.OVER]


def test_sound_from_before_the_voice_belongs_to_the_turn() -> None:
    found = told(turns(), sound((QUIET, 2), (VOICE, 0.6), (QUIET, 0.4)))
    heard = sum(len(each) for each in found if isinstance(each, bytes)) / 2 / TELEPHONE
    assert heard == pytest.approx(0.5 + 0.6 + 0.25, abs=0.1)


def test_a_click_is_told_as_too_short_and_the_next_word_is_heard() -> None:
    found = told(turns(), sound((VOICE, 0.1), (QUIET, 0.5), (VOICE, 0.5), (QUIET, 0.5)))
    assert events(found) == [Turn.TOO_SHORT, Turn.SPOKE, Turn.OVER]


def test_a_pause_in_which_more_is_to_come_does_not_end_the_turn() -> None:
    pcm = sound((VOICE, 0.5), (QUIET, 0.7), (VOICE, 0.5))
    assert events(told(turns(over=0.0), pcm)) == [Turn.SPOKE]


def test_a_long_pause_ends_it_whatever_it_sounds_like() -> None:
    assert events(told(turns(over=0.0), sound((VOICE, 0.5), (QUIET, 1.2)))) == [Turn.SPOKE, Turn.OVER]


def test_who_does_not_stop_is_cut_short() -> None:
    found = events(told(turns(most=2.0), sound((VOICE, 3))))
    assert found[:2] == [Turn.SPOKE, Turn.OVER]
