"""A disk of one megabyte, and its filling."""

import os
from pathlib import Path


def fill(disk: Path, *, leave: int) -> Path:
    """Take all room but so many bytes."""
    filler = disk / ".filler"
    room = os.statvfs(disk)
    filler.write_bytes(bytes(max(0, room.f_bavail * room.f_frsize - leave)))
    return filler
