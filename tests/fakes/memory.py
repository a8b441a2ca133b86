"""Files in memory, where the machine has a folder for them with much room."""

import shutil
from pathlib import Path

SHARED = Path("/dev/shm")  # noqa: S108 - what is put there has names of its own, and goes with its test
SHARED_BYTES = 2 * 2**30
"""What has to be free there, so that no test fills the machine's memory."""


def shared_memory() -> Path | None:
    """Give the folder whose files are memory; None where there is none, or little room in it."""
    much = SHARED.is_dir() and shutil.disk_usage(SHARED).free > SHARED_BYTES
    return SHARED if much else None
