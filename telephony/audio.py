"""What is made of a talk's two recordings: the copy people listen to, and the alarm when a side is silent.

Asterisk writes a WAV's length when it closes the file: one that it left behind when it died says "empty"
though the talk is in it: these files are read by what is there, not by what their header promises.
"""

import asyncio
import struct
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import numpy as np
import soxr

from hotline.errors import HotlineError

with warnings.catch_warnings():
    # pydub asks for ffmpeg, which a WAV does not need, and imports audioop, which warns of its own end.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

SILENCE = -50.0
"""dBFS; a line's own noise lies below, a whisper above."""

_WINDOW_MS = 200
_SAMPLE_BYTES = 2


class NoSound(HotlineError):  # noqa: N818 - reads as what happened
    """Neither side of a talk left any sound on disk."""

    code: ClassVar[str] = "no-sound"


class Side(StrEnum):
    """Who speaks in one of the two files of a talk."""

    CALLER = "caller"
    DISPATCHER = "dispatcher"


@dataclass(frozen=True, slots=True)
class _Mono:
    pcm: bytes
    rate: int

    def at(self, rate: int) -> bytes:
        # pydub resamples without a filter: what lies above the new limit would be heard as noise.
        if rate == self.rate or not self.pcm:
            return self.pcm
        samples = np.frombuffer(self.pcm, dtype="<i2")
        return bytes(soxr.resample(samples, self.rate, rate).astype("<i2").tobytes())


async def listening_copy(caller: Path, dispatcher: Path, target: Path) -> float:
    """Join two mono recordings into one stereo WAV (caller left, dispatcher right); its length in seconds.

    A side that is missing or shorter is silent for the rest. Raises NoSound when there is nothing at all; the
    two recordings are never touched. The copy takes 32 kB a second at 8 kHz (115 MB an hour).
    """
    return await asyncio.to_thread(_join, caller, dispatcher, target)


def _join(caller: Path, dispatcher: Path, target: Path) -> float:
    sides = (_read(caller), _read(dispatcher))
    if not any(side.pcm for side in sides):
        raise NoSound(f"Neither {caller.name} nor {dispatcher.name} holds any sound.")
    rate = max(side.rate for side in sides)
    raw = [side.at(rate) for side in sides]
    length = max(map(len, raw))
    segments = [_segment(pcm.ljust(length, b"\0"), rate) for pcm in raw]
    stereo = AudioSegment.from_mono_audiosegments(*segments)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.part")
    stereo.export(unfinished, format="wav").close()
    unfinished.replace(target)
    return length / _SAMPLE_BYTES / rate


async def silent_sides(caller: Path, dispatcher: Path) -> frozenset[Side]:
    """Tell which sides were not heard once: no fifth of a second of them is louder than SILENCE."""
    files = {Side.CALLER: caller, Side.DISPATCHER: dispatcher}
    silent = await asyncio.gather(*(asyncio.to_thread(_is_silent, file) for file in files.values()))
    return frozenset(side for side, is_silent in zip(files, silent, strict=True) if is_silent)


def _is_silent(file: Path) -> bool:
    mono = _read(file)
    segment = _segment(mono.pcm, mono.rate)
    return all(part.dBFS < SILENCE for part in segment[::_WINDOW_MS])


def seconds_of(path: Path) -> float:
    """Length of the sound in a mono WAV; 0 when the file is missing, empty or not a WAV."""
    mono = _read(path)
    return len(mono.pcm) / _SAMPLE_BYTES / mono.rate


def _segment(pcm: bytes, rate: int) -> AudioSegment:
    return AudioSegment(data=pcm, sample_width=_SAMPLE_BYTES, frame_rate=rate, channels=1)


def _read(path: Path) -> _Mono:
    """Read the samples of a mono 16-bit WAV that may be cut off anywhere; nothing readable is no samples."""
    nothing = _Mono(b"", 8000)
    if not path.is_file():
        return nothing
    content = path.read_bytes()
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return nothing
    at, rate = 12, nothing.rate
    while at + 8 <= len(content):
        name, size = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt " and at + 8 <= len(content):
            rate = struct.unpack_from("<I", content, at + 4)[0] or rate
        if name == b"data":
            pcm = content[at : at + size] if 0 < size <= len(content) - at else content[at:]
            return _Mono(pcm[: len(pcm) // _SAMPLE_BYTES * _SAMPLE_BYTES], rate)
        at += size + size % 2
    return nothing
