"""Tones of the hotline itself, computed and written beside the prompts; softer than what is spoken."""

from enum import StrEnum
from pathlib import Path

import numpy as np
from attrs import define
from numpy.typing import NDArray

from telephony.voice.prompt_sound import a_law

LEVEL = -23.0
"""Mean power in dBFS: softer than speech (`prompt_sound.SPEECH_LEVEL`), over which it is heard."""
FADE_SECONDS = 0.02
"""In which a note comes and goes: without it each would begin and end with a click."""


class Signal(StrEnum):
    """Tones that both people of a talk hear of its recording; the value is the file's name."""

    PAUSED = "recording-paused"
    STILL_PAUSED = "recording-still-paused"
    GOES_ON = "recording-goes-on"


NOTES = {
    Signal.PAUSED: ((620, 0.2), (490, 0.25)),
    Signal.STILL_PAUSED: ((490, 0.2),),
    Signal.GOES_ON: ((490, 0.2), (620, 0.25)),
}
"""Hertz and seconds: down it is paused, up it goes on."""


@define(eq=False, repr=False)
class Signals:
    """Gives the tones as Asterisk plays them; a file that is not there is written first."""

    _folder: Path

    def media(self, signal: Signal) -> str:
        """Give the media URI. Raises OSError when the folder takes no file."""
        stem = self._folder / signal.value
        for suffix, rate in ((".sln16", 16_000), (".alaw", 8_000)):
            file = stem.with_suffix(suffix)
            if not file.is_file():
                samples = sound(signal, rate)
                self._write(file, a_law(samples) if suffix == ".alaw" else samples.astype("<i2").tobytes())
        return f"sound:{stem}"

    def _write(self, file: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}")
        unfinished.write_bytes(content)
        unfinished.replace(file)


def sound(signal: Signal, rate: int) -> NDArray[np.int16]:
    """Compute the samples at this rate, one note behind the other."""
    return np.concatenate([_note(hertz, seconds, rate) for hertz, seconds in NOTES[signal]])


def _note(hertz: int, seconds: float, rate: int) -> NDArray[np.int16]:
    moments = np.arange(round(seconds * rate)) / rate
    fade = np.minimum(1, np.minimum(moments, seconds - moments) / FADE_SECONDS)
    peak = 2**0.5 * 10 ** (LEVEL / 20) * 32767
    note: NDArray[np.float64] = np.sin(2 * np.pi * hertz * moments) * fade * peak
    return np.round(note).astype(np.int16)
