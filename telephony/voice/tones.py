"""Tones computed from notes, softer than what is spoken."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from telephony.voice.prompt_sound import a_law

LEVEL = -23.0
"""Mean power in dBFS: softer than speech (`prompt_sound.SPEECH_LEVEL`), over which it is heard."""
FADE_SECONDS = 0.02
"""In which a note comes and goes: without it each would begin and end with a click."""


def sound(notes: Sequence[tuple[int, float]], rate: int) -> NDArray[np.int16]:
    """Compute the samples at this rate, one note behind the other; a note is its hertz and seconds."""
    return np.concatenate([_note(hertz, seconds, rate) for hertz, seconds in notes])


def linear(notes: Sequence[tuple[int, float]]) -> bytes:
    """Compute the content of a `.sln16` file."""
    return sound(notes, 16_000).astype("<i2").tobytes()


def compressed(notes: Sequence[tuple[int, float]]) -> bytes:
    """Compute the content of an `.alaw` file."""
    return a_law(sound(notes, 8_000))


def _note(hertz: int, seconds: float, rate: int) -> NDArray[np.int16]:
    moments = np.arange(round(seconds * rate)) / rate
    fade = np.minimum(1, np.minimum(moments, seconds - moments) / FADE_SECONDS)
    peak = 2**0.5 * 10 ** (LEVEL / 20) * 32767
    note: NDArray[np.float64] = np.sin(2 * np.pi * hertz * moments) * fade * peak
    return np.round(note).astype(np.int16)
