"""Tones of the hotline itself, written beside the prompts."""

from enum import StrEnum
from pathlib import Path

from attrs import define


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
        wide, narrow = stem.with_suffix(".sln16"), stem.with_suffix(".alaw")
        if not (wide.is_file() and narrow.is_file()):
            from telephony.voice.tones import (  # noqa: PLC0415 - numpy costs memory that only a new tone needs
                compressed,
                linear,
            )

            self._write(wide, linear(NOTES[signal]))
            self._write(narrow, compressed(NOTES[signal]))
        return f"sound:{stem}"

    def _write(self, file: Path, content: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}")
        unfinished.write_bytes(content)
        unfinished.replace(file)
