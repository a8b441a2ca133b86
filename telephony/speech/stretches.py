"""Stretches of a long sound in which somebody is heard: each side of a talk is silent half the time.

An ear that is given an hour at once takes memory for it, and of silence Whisper writes down what nobody said.
"""

from collections.abc import Iterator

import numpy as np

from telephony.voice.audio import SILENCE

LONGEST_SECONDS = 60
"""A longer stretch is cut where its second half is quietest."""
JOINED_WITHIN_SECONDS = 2
AROUND_SECONDS = 0.5
_WINDOWS = 50
"""A second."""
_SAMPLE_BYTES = 2


def stretches(pcm: bytes, rate: int) -> Iterator[tuple[float, bytes]]:
    """Give the second at which each begins, and its samples of 16 bits; nothing of a silent sound."""
    size = rate // _WINDOWS
    samples = np.frombuffer(pcm, "<i2")
    loudness = _loudness(samples, size)
    loud = np.flatnonzero(loudness > 32768 * 10 ** (SILENCE / 20))
    for first, past in _joined(loud, len(loudness)):
        at = first
        while at < past:
            end = past
            if past - at > LONGEST_SECONDS * _WINDOWS:
                half, whole = at + LONGEST_SECONDS * _WINDOWS // 2, at + LONGEST_SECONDS * _WINDOWS
                end = half + int(loudness[half:whole].argmin())
            yield at / _WINDOWS, samples[at * size : end * size].tobytes()
            at = end


def _loudness(samples: np.ndarray, size: int) -> np.ndarray:
    """Give the effective value of each window, a last short one filled up with silence."""
    filled = np.pad(samples, (0, -len(samples) % size)).astype(np.float32).reshape(-1, size)
    return np.sqrt((filled**2).mean(axis=1)) if len(filled) else np.zeros(0)


def _joined(loud: np.ndarray, windows: int) -> Iterator[tuple[int, int]]:
    """Join loud windows that lie close, with some of what is around them."""
    around = int(AROUND_SECONDS * _WINDOWS)
    if not len(loud):
        return
    breaks = np.flatnonzero(np.diff(loud) > JOINED_WITHIN_SECONDS * _WINDOWS)
    for first, last in zip([0, *(breaks + 1)], [*breaks, len(loud) - 1], strict=True):
        yield max(0, int(loud[first]) - around), min(windows, int(loud[last]) + 1 + around)
