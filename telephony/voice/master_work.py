"""The words between the service and the program that makes masters (`telephony.voice.mastering`).

The service imports this, and not the program: FFmpeg's libraries take 20 MB, and a sound can break them.
"""

import hashlib
from enum import StrEnum
from pathlib import Path
from typing import ClassVar

import msgspec

from hotline.calls.recordings import Mark, TalkFigures
from hotline.errors import HotlineError


class MasterDiffers(HotlineError):  # noqa: N818 - reads as what happened
    """A master that was just written does not hold what the sides hold: the sides stay."""

    code: ClassVar[str] = "master-differs"


class Done(StrEnum):
    """What has been done so far."""

    WRITTEN = "written"
    """The master lies in the scratch folder."""
    VERIFIED = "verified"
    """It was read back, and holds every sample of both sides."""
    COPIED = "copied"
    """The copy to listen to lies beside it."""


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be made, by paths. Without `sides` the master is there already, and is only read."""

    sides: list[str]
    master: str
    copy: str
    paused: tuple[Mark, ...] = ()


class Step(msgspec.Struct, frozen=True, tag="step"):
    """One thing is done."""

    done: Done


class Made(msgspec.Struct, frozen=True, kw_only=True, tag="made"):
    """All is done."""

    sha256: str
    seconds: float
    figures: TalkFigures
    loudest: list[float]
    """dBFS of each side's loudest window."""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """Nothing was made. `empty`: there is no sound in the sides."""

    reason: str
    empty: bool = False


Told = Step | Made | Refused


def digest(file: Path) -> str:
    """Return the SHA-256 of a file, in hex."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
