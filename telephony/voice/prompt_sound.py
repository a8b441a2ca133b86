"""From a voice's raw sound to what the telephone plays well: trimmed, evenly loud, at the line's rates.

A change of the sound that is made here raises `prompt_files.PIPELINE`.
"""

import io
import wave
from functools import cache
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

SPEECH_LEVEL = -20.0
"""Mean power of the spoken parts, in dBFS."""
CEILING = -3.0
"""Highest peak, in dBFS."""
LEAD, TAIL = 0.02, 0.15
"""Seconds of silence kept before and after: prompts begin at once, and do not run into one another."""

_SILENCE = -45.0
_FRAME = 0.005
_LIMITER = 0.004

Sound = NDArray[np.float32]
"""Mono samples between -1 and 1."""


def read_wav(path: Path) -> tuple[Sound, int]:
    """Read a mono 16-bit WAV: its samples, and its rate in Hz."""
    with wave.open(str(path)) as wav:
        pcm = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
        return pcm.astype(np.float32) / np.float32(32768), wav.getframerate()


def shaped(sound: Sound, rate: int) -> Sound:
    """Trim the silence around the speech and bring it to SPEECH_LEVEL; silence alone comes back empty."""
    frame = int(rate * _FRAME)
    power = (sound[: len(sound) // frame * frame].reshape(-1, frame) ** 2).mean(axis=1)
    if not power.size or not power.max():
        return sound[:0]
    spoken = power > power.max() * 10 ** (_SILENCE / 10)
    first, last = np.flatnonzero(spoken)[[0, -1]]
    begin = max(0, int(first) * frame - int(rate * LEAD))
    end = (int(last) + 1) * frame
    gain = np.sqrt(10 ** (SPEECH_LEVEL / 10) / power[spoken].mean())
    silence = np.zeros(int(rate * TAIL), dtype=np.float32)
    return np.concatenate([sound[begin:end] * np.float32(gain), silence])


def at_rate(sound: Sound, rate: int, wanted: int) -> NDArray[np.int16]:
    """Resample to `wanted` Hz, hold the peaks below CEILING without distorting them, quantise to 16 bits."""
    resampled = soxr.resample(sound, rate, wanted, quality="HQ")
    return np.round(_limited(resampled, wanted) * 32767).astype(np.int16)


def telephone_files(sound: Sound, rate: int, beside: Path) -> tuple[Path, Path]:
    """Write the files for Asterisk, linear at 16 kHz and A-law at 8 kHz, under the name `beside`.

    A-law last.
    """
    wide, narrow = beside.with_suffix(".sln16"), beside.with_suffix(".alaw")
    wide.write_bytes(at_rate(sound, rate, 16_000).astype("<i2").tobytes())
    narrow.write_bytes(a_law(at_rate(sound, rate, 8_000)))
    return wide, narrow


def _limited(sound: Sound, rate: int) -> Sound:
    """Limit with a look ahead: the gain sinks smoothly before a peak and rises smoothly after it."""
    ceiling = 10 ** (CEILING / 20)
    peaks = np.abs(sound)
    over = np.flatnonzero(peaks > ceiling)
    if not over.size:
        return sound
    half = int(rate * _LIMITER)
    reach = 2 * half
    limited = sound.copy()
    # Elsewhere the gain is one: only around peaks is there something to compute.
    for near in np.split(over, np.flatnonzero(np.diff(over) > 2 * reach) + 1):
        part = slice(max(0, int(near[0]) - reach), int(near[-1]) + reach + 1)
        limited[part] = sound[part] * _gain(peaks[part], ceiling, half)
    return limited


def _gain(peaks: Sound, ceiling: float, half: int) -> NDArray[np.float64]:
    """Give the gain for each sample among others that are no higher than the ceiling."""
    needed = np.minimum(1, ceiling / np.maximum(peaks, ceiling))
    padded = np.pad(needed, 2 * half, constant_values=1.0)
    lowest = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1).min(axis=1)
    return np.convolve(lowest, np.full(2 * half + 1, 1 / (2 * half + 1)), mode="valid")


def wav_of_a_law(encoded: bytes) -> bytes:
    """Decode G.711 A-law at 8 kHz into a WAV of 16 bits: what a caller hears, for a browser to play."""
    inverted = np.frombuffer(encoded, dtype=np.uint8).astype(np.int32) ^ 0x55
    exponent, mantissa = (inverted >> 4) & 0x07, inverted & 0x0F
    least, step = (mantissa << 4) + 8, (mantissa << 4) + 0x108
    size = np.where(exponent > 0, step << np.maximum(exponent - 1, 0), least)
    samples = np.where(inverted & 0x80, size, -size).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as wav:
        wav.setparams((1, 2, 8000, 0, "NONE", ""))
        wav.writeframes(samples.tobytes())
    return file.getvalue()


def a_law(samples: NDArray[np.int16]) -> bytes:
    """Encode 16-bit samples as G.711 A-law, one byte a sample."""
    return _a_law_table()[samples.view(np.uint16)].tobytes()


@cache
def _a_law_table() -> NDArray[np.uint8]:
    """Each 16-bit sample's byte, by its two's complement."""
    value = np.arange(1 << 16, dtype=np.uint16).view(np.int16).astype(np.int32) >> 3
    sign = np.where(value >= 0, 0xD5, 0x55)
    value = np.where(value >= 0, value, -value - 1)
    exponent = np.clip(np.floor(np.log2(np.maximum(value, 1))).astype(np.int32) - 4, 0, 7)
    mantissa = (value >> np.maximum(exponent, 1)) & 0x0F
    table: NDArray[np.uint8] = ((exponent << 4 | mantissa) ^ sign).astype(np.uint8)
    return table
