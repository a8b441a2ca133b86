"""Real storage on a temporary SQLite file; the schema is made once a session and copied from then on."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

from hotline.clock import Clock
from storage.migrations import migrate
from storage.store import Storage, open_storage
from tests.fakes.kept_files import KeptFile
from tests.fakes.made_once import made_once

_FREE: list[KeptFile] = []
"""As they were before their last test, which has ended."""
_SPOILT: list[KeptFile] = []
"""Somebody still has them."""


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


@contextmanager
def lent_database() -> Iterator[str]:
    """The URL of one whose connections stay open; what stands in it at the end of the block is gone."""
    file = _FREE.pop() if _FREE else KeptFile(_migrated())
    try:
        yield f"sqlite:///{file.path}"
    finally:
        (_FREE if file.put_back() else _SPOILT).append(file)


@asynccontextmanager
async def fresh_storage(clock: Clock) -> AsyncIterator[Storage]:
    """Storage in which nothing is, in a lent database."""
    if not _FREE:
        await asyncio.to_thread(_migrated)
    with lent_database() as url:
        async with open_storage(url, clock) as storage:
            yield storage


async def close_kept() -> None:
    """At the end of the session."""
    for files in (_FREE, _SPOILT):
        while files:
            await files.pop().close()
