"""One side of a recorded talk: its sound lies in a file of its own, or in the master."""

import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import numpy as np
import soxr
from attrs import define

from hotline.calls.call import Recording
from hotline.calls.recordings import Side
from telephony.voice.audio import MonoWav, NoSound, find_sound
from telephony.voice.master import read_master, shape_of


class SideSound(Protocol):
    """What one side said, 16-bit samples."""

    @property
    def rate(self) -> int:
        """Samples in a second, as they were recorded."""
        ...

    @property
    def seconds(self) -> float: ...

    def minutes(self, rate: int) -> Iterator[bytes]:
        """Read it minute by minute, at this rate."""
        ...


@define(frozen=True)
class _Channel:
    """One channel of a master."""

    master: Path
    number: int
    rate: int
    seconds: float

    def minutes(self, rate: int) -> Iterator[bytes]:
        for block in read_master(self.master):
            side = np.ascontiguousarray(block[:, self.number])
            if rate != self.rate:
                side = soxr.resample(side, self.rate, rate)
            yield side.astype("<i2").tobytes()


def find_side(recording: Recording, side: Side) -> SideSound:
    """Find what a side said, before and after the master is made; raises NoSound when there is nothing.

    A talk that has both speakers in one channel yields that channel for either side.
    """
    own = find_sound(side_file(recording, side))
    if own.size:
        return own
    if recording.master_file and Path(recording.master_file).is_file():
        return _channel(Path(recording.master_file), side)
    raise NoSound(f"Recording {recording.id} has no sound of the {side.value}.")


def side_file(recording: Recording, side: Side) -> Path:
    return Path(recording.caller_file if side is Side.CALLER else recording.dispatcher_file)


def sides_of(recording: Recording) -> list[MonoWav]:
    """Return the files of the sides, the caller's first; one that both share once."""
    names = dict.fromkeys((recording.caller_file, recording.dispatcher_file))
    return [find_sound(Path(name)) for name in names]


def write_side(master: Path, number: int, target: Path) -> None:
    """Write one channel of a master (0: the caller's) into a mono WAV."""
    shape = shape_of(master)
    with wave.open(str(target), "wb") as wav:
        wav.setparams((1, 2, shape.rate, 0, "NONE", ""))
        for block in read_master(master):
            wav.writeframes(np.ascontiguousarray(block[:, min(number, shape.channels - 1)]).tobytes())


def _channel(master: Path, side: Side) -> _Channel:
    shape = shape_of(master)
    number = 1 if side is Side.DISPATCHER and shape.channels > 1 else 0
    return _Channel(master, number, shape.rate, shape.seconds)
