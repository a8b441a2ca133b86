"""Real storage on a temporary SQLite file; the schema is made once a session and copied from then on."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path

from hotline.clock import Clock
from storage.migrations import migrate
from storage.store import Storage, open_storage
from tests.fakes.kept_files import KeptFile
from tests.fakes.made_once import made_once

_FREE: dict[bytes, list[KeptFile]] = defaultdict(list)
"""By what stands in them: as they were before their last test, which has ended."""
_SPOILT: list[KeptFile] = []
"""Somebody still has them."""


@cache
def _migrated() -> bytes:
    return made_once("hotline.db", _migrate).read_bytes()


def _migrate(file: Path) -> None:
    with ThreadPoolExecutor(1) as beside:  # whoever wants it first may have a loop that runs
        beside.submit(asyncio.run, migrate(f"sqlite:///{file}")).result()


def empty_database(folder: Path) -> str:
    """The URL of a database of the newest schema in this folder."""
    file = folder / "hotline.db"
    file.write_bytes(_migrated())
    return f"sqlite:///{file}"


@contextmanager
def lent_database() -> Iterator[str]:
    """The URL of an empty one whose connections stay open."""
    with lent(_migrated()) as file:
        yield f"sqlite:///{file}"


@contextmanager
def lent(content: bytes) -> Iterator[Path]:
    """The file of one in which this stands; what stands in it at the end of the block is gone."""
    free = _FREE[content]
    file = free.pop() if free else KeptFile(content)
    try:
        yield Path(file.path)
    finally:
        (free if file.put_back() else _SPOILT).append(file)


@asynccontextmanager
async def fresh_storage(clock: Clock) -> AsyncIterator[Storage]:
    """Storage in which nothing is, in a lent database."""
    with lent_database() as url:
        async with open_storage(url, clock) as storage:
            yield storage


async def close_kept() -> None:
    """At the end of the session."""
    for files in (*_FREE.values(), _SPOILT):
        while files:
            await files.pop().close()
