"""Cutting of a side that comes piece by piece into what is said between two pauses."""

from collections import deque
from collections.abc import Callable, Iterator

import numpy as np
from attrs import define, field
from numpy.typing import NDArray

from telephony.speech.models import TELEPHONE
from telephony.voice.audio import SILENCE

WINDOW = 256
"""Samples judged at once: 32 ms."""
WINDOW_SECONDS = WINDOW / TELEPHONE
BEFORE_SECONDS = 0.3
"""Sound before the voice that belongs to the first word: its consonant is hardly a voice."""
PAUSE_SECONDS = 0.7
MOST_SECONDS = 12.0
"""Who speaks on without a pause is written down all the same, piece by piece."""
LEAST_VOICE_SECONDS = 0.1
"""Less is a click."""
_SAMPLE_BYTES = 2
_FULL = np.float32(32768)

Voice = Callable[[NDArray[np.float32]], bool]
"""Tells whether somebody speaks in a window of samples between -1 and 1."""


def is_loud(window: NDArray[np.float32]) -> bool:
    return bool(np.sqrt(np.mean(np.square(window))) > 10 ** (SILENCE / 20))


@define(eq=False, repr=False)
class Pauses:
    """One side, 16-bit samples at the telephone's rate."""

    _voice: Voice = is_loud
    _rest: bytes = field(default=b"", init=False)
    _before: deque[bytes] = field(
        factory=lambda: deque(maxlen=round(BEFORE_SECONDS / WINDOW_SECONDS)), init=False
    )
    _said: list[bytes] = field(factory=list, init=False)
    _voiced: float = field(default=0.0, init=False)
    _paused: float = field(default=0.0, init=False)

    def take(self, pcm: bytes) -> Iterator[bytes]:
        """Take the next samples; gives the sound of each utterance that has ended."""
        self._rest += pcm
        size = WINDOW * _SAMPLE_BYTES
        while len(self._rest) >= size:
            window, self._rest = self._rest[:size], self._rest[size:]
            if (uttered := self._window(window)) is not None:
                yield uttered

    def _window(self, window: bytes) -> bytes | None:
        voice = self._voice(np.frombuffer(window, "<i2").astype(np.float32) / _FULL)
        if not self._said:
            if not voice:
                self._before.append(window)
                return None
            self._said = [*self._before]
        self._said.append(window)
        self._voiced += WINDOW_SECONDS if voice else 0.0
        self._paused = 0.0 if voice else self._paused + WINDOW_SECONDS
        if self._paused < PAUSE_SECONDS and len(self._said) * WINDOW_SECONDS < MOST_SECONDS:
            return None
        uttered = b"".join(self._said) if self._voiced >= LEAST_VOICE_SECONDS else None
        self._said, self._voiced, self._paused = [], 0.0, 0.0
        self._before.clear()
        return uttered
