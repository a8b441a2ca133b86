"""Sound in WAV files as Asterisk writes them: its length, its samples, whether anybody is heard.

Asterisk writes a WAV's length when it closes the file: a file that it left behind when it died says "empty"
though the talk is in it: these files are read by their size, not by their header.
"""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from hotline.errors import HotlineError

if TYPE_CHECKING:
    from pydub import AudioSegment

SILENCE = -50.0
"""dBFS; a line's own noise lies below, a whisper above."""

_WINDOW_MS = 200
_SAMPLE_BYTES = 2
_MINUTE = 60 * _SAMPLE_BYTES
_LONGEST_HEAD = 4096


class NoSound(HotlineError):  # noqa: N818 - reads as what happened
    """Neither side of a talk left any sound on disk."""

    code: ClassVar[str] = "no-sound"


@dataclass(frozen=True, slots=True)
class MonoWav:
    """The position of the samples of a mono 16-bit WAV in its file, and their rate."""

    path: Path
    start: int = 0
    size: int = 0
    rate: int = 8000

    @property
    def seconds(self) -> float:
        return self.size / _SAMPLE_BYTES / self.rate

    def minutes(self, rate: int) -> Iterator[bytes]:
        """Read it minute by minute, so that a long talk does not fill the memory."""
        if not self.size:
            return
        with self.path.open("rb") as file:
            file.seek(self.start)
            for done in range(0, self.size, self.rate * _MINUTE):
                pcm = file.read(min(self.rate * _MINUTE, self.size - done))
                yield pcm if rate == self.rate else self._resampled(pcm, rate)

    def _resampled(self, pcm: bytes, rate: int) -> bytes:
        import numpy as np  # noqa: PLC0415 - both cost memory that only an ear needs
        import soxr  # noqa: PLC0415

        # pydub resamples without a filter: what lies above the new limit would be heard as noise.
        samples = soxr.resample(np.frombuffer(pcm, dtype="<i2"), self.rate, rate)
        return bytes(samples.astype("<i2").tobytes())


def _is_silent(file: Path) -> bool:
    mono = find_sound(file)
    minutes = (_segment(pcm, mono.rate) for pcm in mono.minutes(mono.rate))
    return all(part.dBFS < SILENCE for minute in minutes for part in minute[::_WINDOW_MS])


def seconds_of(path: Path) -> float:
    """Length of the sound in a mono WAV; 0 when the file is missing, empty or not a WAV."""
    return find_sound(path).seconds


def samples_of(path: Path, rate: int) -> bytes:
    """Read a mono WAV whole, 16-bit samples at `rate`: for a message, which is short. None: empty."""
    return b"".join(find_sound(path).minutes(rate))


def grown(path: Path, after: int, most: int) -> tuple[bytes, int]:
    """Read what has come to a mono WAV that still grows, behind `after` bytes of its sound.

    Reads `most` bytes at most; gives also how many more there are. Without a file or a head: nothing yet.
    """
    sound = find_sound(path)
    length = min(most, sound.size - after)
    if length <= 0:
        return b"", 0
    with sound.path.open("rb") as file:
        file.seek(sound.start + after)
        pcm = file.read(length)
    return pcm, sound.size - after - len(pcm)


def spoken_seconds(path: Path) -> float:
    """Length of a message; 0 when there is none, or nobody was heard in it."""
    return 0.0 if _is_silent(path) else seconds_of(path)


def _segment(pcm: bytes, rate: int) -> "AudioSegment":
    with warnings.catch_warnings():
        # pydub asks for ffmpeg, which a WAV does not need, and imports audioop, which warns of its own end.
        warnings.simplefilter("ignore")
        from pydub import AudioSegment  # noqa: PLC0415 - it costs memory that a service without a message spares
    return AudioSegment(data=pcm, sample_width=_SAMPLE_BYTES, frame_rate=rate, channels=1)


def _ends(path: Path, at: int, there: int) -> bool:
    """Whether the sound ends there: with the file, or before another chunk.

    A file that Asterisk has continued has a head of before until it is closed.
    """
    if at >= there - 1:  # but for the byte that makes a chunk even
        return True
    with path.open("rb") as file:
        file.seek(at + at % 2)
        name, size = file.read(4), int.from_bytes(file.read(4), "little")
    return len(name) == len(b"LIST") and name.isalnum() and at + size <= there


def find_sound(path: Path) -> MonoWav:
    """Find the samples in a WAV that may be cut off anywhere; nothing readable has the size 0."""
    nothing = MonoWav(path)
    if not path.is_file():
        return nothing
    there = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(_LONGEST_HEAD)
    if head[:4] != b"RIFF" or head[8:12] != b"WAVE":
        return nothing
    at, rate = 12, nothing.rate
    while at + 8 <= len(head):
        name, size = head[at : at + 4], int.from_bytes(head[at + 4 : at + 8], "little")
        at += 8
        if name == b"fmt " and at + 8 <= len(head):
            rate = int.from_bytes(head[at + 4 : at + 8], "little") or rate
        if name == b"data":
            left = there - at
            size = size if 0 < size <= left and _ends(path, at + size, there) else left
            return MonoWav(path, at, size // _SAMPLE_BYTES * _SAMPLE_BYTES, rate)
        at += size + size % 2
    return nothing
