"""The outline of a recording, so that one sees who spoke when before a second of it is heard."""

import wave
from collections.abc import Sequence
from pathlib import Path

import msgspec

from hotline.calls.recordings import COLUMNS, LOUDEST, Mark, TalkFigures
from hotline.errors import NotFound

_FULL = 32768.0
_SAMPLE_BYTES = 2


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """Loudness of each channel over time, from 0 to LOUDEST, and marked spans: the player draws both."""

    sides: Sequence[Sequence[int]]
    marks: Sequence[Mark] = ()


def shape_of(figures: TalkFigures) -> Shape:
    return Shape(sides=figures.peaks, marks=figures.marks)


def read_shape(file: Path) -> Shape:
    """Read the outline of a sound that was not measured: a message, or a talk from before there were masters.

    Reads one column at a time, however long the file is. Raises NotFound for a file that is no 16-bit WAV.
    """
    import numpy as np  # noqa: PLC0415 - costs memory, and most sounds are measured already

    try:
        with wave.open(str(file), "rb") as wav:
            if wav.getsampwidth() != _SAMPLE_BYTES:
                raise NotFound(f"{file.name} has not 16 bits a sample.")
            frames = max(1, -(-wav.getnframes() // COLUMNS))
            columns = []
            while part := wav.readframes(frames):
                whole = len(part) - len(part) % (_SAMPLE_BYTES * wav.getnchannels())  # it may end midway
                samples = np.frombuffer(part[:whole], "<i2").reshape(-1, wav.getnchannels())
                columns.append(np.abs(samples.astype(np.int32)).max(axis=0) / _FULL)
            empty = np.zeros((wav.getnchannels(), 0))
    except (wave.Error, EOFError) as error:
        raise NotFound(f"{file.name} is no WAV file: {error}.") from error
    sides = np.stack(columns, axis=1) if columns else empty
    return Shape(sides=[[round(float(value) * LOUDEST) for value in side] for side in sides])
