"""Small WAV files."""

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000


def write_wav(path: Path, seconds: float, *, loudness: float = 0.3, hertz: float = 440) -> Path:
    """A mono tone of this length; a loudness of 0 is silence."""
    moments = np.arange(int(seconds * RATE)) / RATE
    return write_samples(path, np.sin(2 * np.pi * hertz * moments) * loudness)


def write_samples(path: Path, samples: NDArray[np.float64]) -> Path:
    """These samples between -1 and 1."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path
