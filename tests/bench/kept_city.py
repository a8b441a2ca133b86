"""The full-size city, generated once for each kind of database and kept; every run gets a copy.

Kept in `var/bench` by its version, so that a city that is generated otherwise is made anew. A copy is brought
to the present schema before it is used.
"""

import asyncio
import fcntl
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

from storage.core.database import open_database
from storage.migrations import migrate
from tests.bench import city, postgres
from tests.bench.progress import tell

SQLITE, POSTGRESQL = "sqlite", "postgresql"
KINDS = (SQLITE, POSTGRESQL)
PREFIX = "hotline-bench-"
LOOK_AGAIN_SECONDS = 1.0


class Kind(Protocol):
    """One kind of database, all of it in a folder."""

    async def prepare(self, folder: Path) -> None:
        """Make an empty database in the folder."""
        ...

    def open(self, folder: Path) -> AbstractAsyncContextManager[str]:
        """Give the URL of the database in this folder, for as long as the block lasts."""
        ...

    async def settle(self, folder: Path) -> None:
        """Bring it to the state of a database that was filled long ago."""
        ...


class _Sqlite:
    async def prepare(self, folder: Path) -> None:
        """SQLite makes its file when it is first opened."""

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[str]:
        yield f"sqlite:///{folder}/hotline.db"

    async def settle(self, folder: Path) -> None:
        """Nothing: nobody gathers statistics for a hotline on SQLite either."""


class _PostgreSql:
    async def prepare(self, folder: Path) -> None:
        if not (folder / postgres.DATA).is_dir():
            await postgres.prepare_cluster(folder)

    @asynccontextmanager
    async def open(self, folder: Path) -> AsyncIterator[str]:
        await asyncio.to_thread(postgres.give_to_postgres, folder)
        async with postgres.serving(folder) as url:
            yield url

    async def settle(self, folder: Path) -> None:
        await postgres.gather_statistics(folder)


_KINDS: dict[str, Kind] = {SQLITE: _Sqlite(), POSTGRESQL: _PostgreSql()}


@asynccontextmanager
async def database(kind: str, kept_in: Path, size: city.Size) -> AsyncIterator[str]:
    """Give the URL of a database for one run: with a city of this size in it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        if size != city.EMPTY:
            kept = await _kept(kind, kept_in, size)
            tell("copying the city")
            await asyncio.to_thread(shutil.copytree, kept, folder, dirs_exist_ok=True)
        await _KINDS[kind].prepare(folder)
        async with _KINDS[kind].open(folder) as url:
            await migrate(url)
            yield url


async def _kept(kind: str, kept_in: Path, size: city.Size) -> Path:
    kept = kept_in / f"{kind}-{size.name}-{city.VERSION}"
    async with _alone(kept.with_suffix(".lock")):
        if not await asyncio.to_thread(kept.is_dir):
            await _generate(_KINDS[kind], kept, size)
    return kept


async def _generate(kind: Kind, kept: Path, size: city.Size) -> None:
    """Fill one in a folder of its own; it becomes the kept one only when it is whole."""
    tell(f"generating a city once, kept in {kept}; Ctrl-C stops it")
    half = kept.with_suffix(".half")
    shutil.rmtree(half, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        await kind.prepare(folder)
        async with kind.open(folder) as url:
            await migrate(url)
            async with open_database(url) as filled:
                await city.fill(filled, size)
            await kind.settle(folder)
        await asyncio.to_thread(shutil.copytree, folder, half, ignore=shutil.ignore_patterns(".s.*", "log"))
    half.rename(kept)


@asynccontextmanager
async def _alone(lock: Path) -> AsyncIterator[None]:
    """Wait while another run generates the same."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        while not _locked(file.fileno()):  # noqa: ASYNC110 - another process lets go of it
            await asyncio.sleep(LOOK_AGAIN_SECONDS)
        yield


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
