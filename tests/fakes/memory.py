"""Files in memory, where the machine has a folder for them with much room."""

import shutil
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108 - what is put there has names of its own, and goes with its test
FREE_BYTES = 2 * 2**30
"""Bytes that must be free in the folder before tests put files there: the files take the machine's memory."""


def shared_memory() -> Path | None:
    """Give the folder whose files are memory; None where there is none, or little room in it."""
    much = SHARED.is_dir() and shutil.disk_usage(SHARED).free > FREE_BYTES
    return SHARED if much else None
