"""A file that one process holds; the system lets go of it when that process ends, however it ends."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

from hotline.errors import AnotherService

WAIT_SECONDS = 2.0
"""A service that is stopping may need a moment to end."""
_LOOK_SECONDS = 0.05


@asynccontextmanager
async def held(path: Path) -> AsyncIterator[None]:
    """Hold the file for the time of the block; raises AnotherService when somebody else does."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        await _lock(file, path)
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


async def _lock(file: TextIO, path: Path) -> None:
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            while not _locked(file):  # noqa: ASYNC110 - another process lets go
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError:
        file.seek(0)
        raise AnotherService(f"{path}, pid {file.read().strip() or '?'}") from None


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
