"""The outline of a recording, so that one sees who spoke when before a second of it is heard."""

import wave
from pathlib import Path

import numpy as np

from hotline.errors import NotFound

COLUMNS = 400
_LOUDEST = 32768.0
_SAMPLE_BYTES = 2


def read_shape(file: Path) -> list[list[float]]:
    """Return the loudest sample of each column, a list for each channel, from 0 to 1.

    Reads one column at a time, however long the file is. Raises NotFound for a file that is no 16-bit WAV.
    """
    try:
        with wave.open(str(file), "rb") as wav:
            if wav.getsampwidth() != _SAMPLE_BYTES:
                raise NotFound(f"{file.name} has not 16 bits a sample.")
            frames = max(1, -(-wav.getnframes() // COLUMNS))
            columns = []
            while part := wav.readframes(frames):
                whole = len(part) - len(part) % (_SAMPLE_BYTES * wav.getnchannels())  # it may end midway
                samples = np.frombuffer(part[:whole], "<i2").reshape(-1, wav.getnchannels())
                columns.append(np.abs(samples.astype(np.int32)).max(axis=0) / _LOUDEST)
            empty = np.zeros((wav.getnchannels(), 0))
    except (wave.Error, EOFError) as error:
        raise NotFound(f"{file.name} is no WAV file: {error}.") from error
    sides = np.stack(columns, axis=1) if columns else empty
    return [[round(float(value), 3) for value in side] for side in sides]
