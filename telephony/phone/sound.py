"""Sounds that a phone sends, and the detection of a tone in the sound it receives."""

import wave
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from telephony.phone.g711 import FRAME, RATE, Samples, encode
from telephony.phone.sdp import Law

_LOUD = 8000
_FULL = 32768.0
_SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Sound:
    """8 kHz mono samples, said once and followed by silence, or over and over."""

    samples: Samples
    repeats: bool = False
    then_nothing: bool = False
    """Behind it no packets are sent, as by a telephone that suppresses silence."""


SILENCE = Sound(np.zeros(FRAME, np.int16), repeats=True)
_QUIET = {law: encode(SILENCE.samples, law) for law in Law}


def tone(hertz: int) -> Sound:
    """Make a sine without end, a quarter of full scale; its phase never jumps."""
    moments = np.arange(RATE) / RATE
    return Sound((_LOUD * np.sin(2 * np.pi * hertz * moments)).astype(np.int16), repeats=True)


def wav(path: Path) -> Sound:
    """Read a 16-bit WAV of any rate and number of channels. Raises wave.Error or OSError."""
    with wave.open(str(path), "rb") as file:
        if file.getsampwidth() != _SAMPLE_BYTES:
            message = f"{path}: 16-bit samples are needed."
            raise wave.Error(message)
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        mono = samples.reshape(-1, file.getnchannels()).mean(axis=1)
        rate = file.getframerate()
    at_rate = mono if rate == RATE or not len(mono) else soxr.resample(mono, rate, RATE)
    return Sound(np.clip(at_rate, -_FULL, _FULL - 1).astype(np.int16))


def save(samples: Samples, path: Path) -> None:
    """Write 8 kHz mono samples as WAV."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(_SAMPLE_BYTES)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())


def tone_share(samples: Samples, hertz: float) -> float:
    """How much of the energy is this tone, from 0 to 1."""
    return tone_shares(samples, (hertz,))[0]


def tone_shares(samples: Samples, tones: tuple[float, ...]) -> Sequence[float]:
    """How much of the energy is each of these tones, from 0 to 1 (Goertzel's filters as one product)."""
    heard = samples.astype(np.float64)
    energy = float(np.dot(heard, heard))
    if not energy:
        return [0.0] * len(tones)
    cosines, sines = (_waves(tones, len(heard)) @ heard).reshape(2, -1)
    shares = 2 * (cosines**2 + sines**2) / (len(heard) * energy)
    return [float(one) for one in shares]


@lru_cache(maxsize=8)
def _waves(tones: tuple[float, ...], length: int) -> NDArray[np.float64]:
    """Make the cosines of the tones, then their sines; real ones, since NumPy multiplies them much sooner."""
    turns = 2 * np.pi / RATE * np.outer(tones, np.arange(length))
    return np.concatenate([np.cos(turns), np.sin(turns)])


@dataclass(slots=True)
class Reel:
    """A sound on its way into a call, encoded and cut into 20 ms frames."""

    sound: Sound
    law: Law
    _encoded: bytes = field(init=False)
    _at: int = 0

    def __post_init__(self) -> None:
        padding = -len(self.sound.samples) % FRAME
        self._encoded = encode(np.pad(self.sound.samples, (0, padding)), self.law)

    def frame(self) -> bytes:
        """Take the next 160 bytes; none where nothing is sent."""
        if self._at >= len(self._encoded):
            if not self.sound.repeats:
                return b"" if self.sound.then_nothing else _QUIET[self.law]
            self._at = 0
        self._at += FRAME
        return self._encoded[self._at - FRAME : self._at]
