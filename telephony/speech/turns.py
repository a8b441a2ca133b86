"""A caller's turn, cut out of their sound as it comes: when they begin to speak, when they have said all."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from telephony.speech.models import TELEPHONE

WINDOW = 256
"""Samples judged at once: 32 ms, as the model of voice activity wants them."""
WINDOW_SECONDS = WINDOW / TELEPHONE
BEGINS_FROM = 0.5
GOES_ON_FROM = 0.35
"""How surely somebody speaks where a turn begins, and while it goes on: a word ends more softly."""
SPOKE_SECONDS = 0.25
"""So much voice is speech, and stops the hotline's own; less may be a cough or a click."""
PAUSE_SECONDS = 0.25
"""After such a pause it is asked whether the turn is over, and again after each further one."""
OVER_FROM = 0.5
BEFORE_SECONDS = 0.5
"""Sound before the voice that belongs to the first word: its consonant is hardly a voice."""
_FULL = np.float32(32768)


class Turn(Enum):
    """What the sound tells besides being itself."""

    SPOKE = "spoke"
    """It is speech: the hotline stops to speak."""
    OVER = "over"
    """They have said all, or spoken for as long as they may."""
    TOO_SHORT = "too-short"
    """A sound and a pause: perhaps a short word, perhaps a click. Only who made out a word knows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long a turn may be, and its pauses where it seems not to be over; in seconds."""

    most: float
    pause: float


class TurnReader:
    """The turns of one caller. `voice` judges a window, `over` what was said so far, from 0 to 1 each."""

    def __init__(
        self,
        voice: Callable[[NDArray[np.float32]], float],
        over: Callable[[NDArray[np.float32]], float],
        patience: Patience,
    ) -> None:
        self._voice = voice
        self._over = over
        self._patience = patience
        self._rest = b""
        self._before: deque[bytes] = deque(maxlen=round(BEFORE_SECONDS / WINDOW_SECONDS))
        self._said: list[bytes] = []
        self._voiced = self._paused = self._asked = 0.0
        self._spoke = False

    def take(self, pcm: bytes) -> Iterator[bytes | Turn]:
        """Take the next samples of 16 bits at 8 kHz; gives those of a turn on, and what they tell."""
        self._rest += pcm
        while len(self._rest) >= 2 * WINDOW:
            window, self._rest = self._rest[: 2 * WINDOW], self._rest[2 * WINDOW :]
            yield from self._window(window)

    def _window(self, window: bytes) -> Iterator[bytes | Turn]:
        surely = self._voice(_floats(window))
        if not self._said:
            if surely < BEGINS_FROM:
                self._before.append(window)
                return
            self._said = [*self._before]
            yield from self._said
        self._said.append(window)
        yield window
        if surely >= GOES_ON_FROM:
            self._voiced += WINDOW_SECONDS
            self._paused = self._asked = 0.0
        else:
            self._paused += WINDOW_SECONDS
        yield from self._told()

    def _told(self) -> Iterator[Turn]:
        if not self._spoke and self._voiced >= SPOKE_SECONDS:
            self._spoke = True
            yield Turn.SPOKE
        if self._is_over():
            spoke = self._spoke
            self._begin_anew()
            yield Turn.OVER if spoke else Turn.TOO_SHORT

    def _is_over(self) -> bool:
        if len(self._said) * WINDOW_SECONDS >= self._patience.most:
            return True
        if self._paused >= self._patience.pause:
            return True
        if self._paused < self._asked + PAUSE_SECONDS:
            return False
        self._asked = self._paused
        return self._over(_floats(b"".join(self._said))) >= OVER_FROM

    def _begin_anew(self) -> None:
        self._said, self._spoke = [], False
        self._voiced = self._paused = self._asked = 0.0
        self._before.clear()


def _floats(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / _FULL
