"""Real storage on a temporary SQLite file; the schema is made once a session and copied from then on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

from hotline.clock import Clock
from storage.migrations import migrate
from storage.store import Storage, open_storage
from tests.fakes.kept_files import KeptFile
from tests.fakes.made_once import made_once

_FREE: list[KeptFile] = []
"""As they were before their last test, which has ended."""


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
    """Storage in which nothing is; what stands in it at the end of the block is gone."""
    file = _FREE.pop() if _FREE else KeptFile(await asyncio.to_thread(_migrated))
    try:
        async with open_storage(f"sqlite:///{file.path}", clock) as storage:
            yield storage
    finally:
        if file.put_back():
            _FREE.append(file)
        else:
            await file.close()


async def close_kept() -> None:
    """At the end of the session."""
    while _FREE:
        await _FREE.pop().close()
