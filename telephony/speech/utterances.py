"""Stages between a caller's turn and an ear: another rate, and a whole sound for ears that hear only such."""

from collections.abc import Sequence

import numpy as np
import soxr

from hotline.speech.hearing import Ear, HeardWord, Hints, Utterance
from telephony.speech.models import TELEPHONE


class Gathered:
    """Implements `hotline.speech.hearing.Utterance` for an ear that hears no sound before its end."""

    def __init__(self, ear: Ear, hints: Hints) -> None:
        self._ear = ear
        self._hints = hints
        self._pcm = bytearray()

    def take(self, pcm: bytes) -> None:
        self._pcm += pcm

    def finish(self) -> Sequence[HeardWord]:
        return self._ear.hear(bytes(self._pcm), self._hints)

    def others(self) -> Sequence[Sequence[HeardWord]]:
        return ()


class Resampled:
    """An utterance at the telephone's rate for an ear of another one."""

    def __init__(self, inner: Utterance, rate: int) -> None:
        self._inner = inner
        self._stream = soxr.ResampleStream(TELEPHONE, rate, 1, dtype="int16")

    def take(self, pcm: bytes) -> None:
        self._inner.take(self._stream.resample_chunk(np.frombuffer(pcm, "<i2")).tobytes())

    def finish(self) -> Sequence[HeardWord]:
        self._inner.take(self._stream.resample_chunk(np.empty(0, "<i2"), last=True).tobytes())
        return self._inner.finish()

    def others(self) -> Sequence[Sequence[HeardWord]]:
        return self._inner.others()


def utterance(ear: Ear, hints: Hints) -> Utterance:
    """Begin to hear a turn at the telephone's rate. Raises NotHeard for words that the ear does not know."""
    begun = ear.begin(hints)
    return begun if ear.rate == TELEPHONE else Resampled(begun, ear.rate)
