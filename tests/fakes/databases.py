"""Real storage on a temporary SQLite file; the schema is made once a session and copied from then on."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from hotline.clock import Clock
from storage.migrations import migrate
from storage.store import Storage, open_storage
from tests.fakes.made_once import made_once


@cache
def _migrated() -> bytes:
    return made_once("hotline.db", _migrate).read_bytes()


def _migrate(file: Path) -> None:
    asyncio.run(migrate(f"sqlite:///{file}"))


def empty_database(folder: Path) -> str:
    """The URL of a database of the newest schema in this folder."""
    file = folder / "hotline.db"
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@asynccontextmanager
async def fresh_storage(clock: Clock) -> AsyncIterator[Storage]:
    """Storage that nobody has used, gone with the block."""
    folder = Path(tempfile.mkdtemp(prefix="hotline-storage-"))
    try:
        url = await asyncio.to_thread(empty_database, folder)
        async with open_storage(url, clock) as storage:
            yield storage
    finally:
        shutil.rmtree(folder)
