"""Small WAV files."""

import wave
from pathlib import Path

import numpy as np

RATE = 8000


def write_wav(path: Path, seconds: float, *, loudness: float = 0.3, hertz: float = 440) -> Path:
    """A mono tone of this length; a loudness of 0 is silence."""
    moments = np.arange(int(seconds * RATE)) / RATE
    samples = (np.sin(2 * np.pi * hertz * moments) * loudness * 32767).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return path
