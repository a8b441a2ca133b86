"""The databases of one run, with a year of calls in them, and what each step's statements did there."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import asyncpg

from hotline.calls.call import Outcome
from hotline.calls.history import MISSED
from storage.migrations import migrate
from tests.bench import postgres
from tests.bench.growth.rows import GrownYear
from tests.bench.kept_city import PREFIX, SQLITE
from tests.bench.progress import tell

FILLING = (
    "fsync=off",
    "full_page_writes=off",
    "max_wal_size=4GB",
    "maintenance_work_mem=512MB",
    "autovacuum=off",
)
"""Settings while the rows are written; measured is with those that PostgreSQL is installed with."""
MEASURING = ("shared_preload_libraries=pg_stat_statements", "autovacuum_naptime=1d")
"""And without anybody tidying up beside it."""
_FILL = "SET session_replication_role = replica; SET max_parallel_maintenance_workers = 0"
"""The server itself checks no foreign keys of rows that it made by one rule, and tells nobody of them."""
_INDEXES = """
SELECT indexname AS name, indexdef AS made FROM pg_indexes
WHERE schemaname = 'public' AND tablename = $1
AND indexname NOT IN (SELECT conname FROM pg_constraint)
"""
_UNSETTLED = """
INSERT INTO unsettled_calls (call_id, arrived_at)
SELECT id, arrived_at FROM calls WHERE outcome = ANY($1)
"""
"""As the migration did; the filling calls no triggers."""
_OWED = sorted({*MISSED, Outcome.CALLBACK_PROMISED})
_NUMBERED = ("executors", "dispatchers", "users", "citizens", "call_jobs")
_COUNT_ON = "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT max(id) FROM {0}) + 1)"
_SPENT = """
SELECT coalesce(sum(total_exec_time), 0) AS ms, coalesce(sum(shared_blks_hit + shared_blks_read), 0) AS blocks
FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%'
"""
_DEAREST = """
SELECT query, calls, shared_blks_hit + shared_blks_read AS blocks, total_exec_time AS ms
FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' ORDER BY 3 DESC LIMIT $1
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What statements took: milliseconds, and blocks of the database that were looked at (0: not known)."""

    ms: float
    blocks: int = 0


class Meter(Protocol):
    """Tells what all statements took from `begin` on."""

    async def begin(self) -> None: ...

    async def spent(self) -> Spent: ...

    async def dearest(self, most: int) -> list[str]:
        """Name the statements that looked at most blocks."""
        ...


@asynccontextmanager
async def grown(kind: str, year: GrownYear) -> AsyncIterator[tuple[str, Meter]]:
    """Give the URL of a database with this year of calls, and its meter; nothing is kept of it."""
    with tempfile.TemporaryDirectory(prefix=PREFIX) as name:
        folder = Path(name)
        if kind == SQLITE:
            url = f"sqlite:///{folder}/hotline.db"
            await migrate(url)
            await asyncio.to_thread(fill_sqlite, folder / "hotline.db", year)
            yield url, _Processor()
            return
        await postgres.prepare_cluster(folder)
        async with postgres.serving(folder, *FILLING) as url:
            await migrate(url)
            await _fill_postgresql(url, year)
            await postgres.gather_statistics(folder)
        async with postgres.serving(folder, *MEASURING) as url, _statements(url) as meter:
            yield url, meter


async def _fill_postgresql(url: str, year: GrownYear) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(_FILL)
        for rows in year.all():
            indexes = await connection.fetch(_INDEXES, rows.table)
            for one in indexes:
                await connection.execute(f'DROP INDEX "{one["name"]}"')
            for done, statement in rows.statements(year.dialect):
                await connection.execute(statement)
                tell(f"{rows.table}: {done} of {rows.many}")
            for one in indexes:
                await connection.execute(one["made"])
        await connection.execute(_UNSETTLED, _OWED)
        for table in _NUMBERED:
            await connection.execute(_COUNT_ON.format(table))
        await connection.execute("CHECKPOINT")
    finally:
        await connection.close()


def fill_sqlite(file: Path, year: GrownYear) -> None:
    """Write the year into an SQLite database of the newest schema."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.executescript("PRAGMA foreign_keys=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000")
        for rows in year.all():
            with _without_indexes(connection, rows.table):
                for done, statement in rows.statements(year.dialect):
                    connection.execute(statement)
                    tell(f"{rows.table}: {done} of {rows.many}")


@contextmanager
def _without_indexes(connection: sqlite3.Connection, table: str) -> Iterator[None]:
    made = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = ?",
        (table,),
    ).fetchall()
    for name, _ in made:
        connection.execute(f'DROP INDEX "{name}"')
    yield
    for _, sql in made:
        connection.execute(sql)


class _Processor:
    """For SQLite, which works in this process: its processor's time."""

    _began = 0.0

    async def begin(self) -> None:
        self._began = time.process_time()

    async def spent(self) -> Spent:
        return Spent((time.process_time() - self._began) * 1000)

    async def dearest(self, most: int) -> list[str]:
        del most
        return []


class _Statements:
    """PostgreSQL's own account of its statements."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    async def begin(self) -> None:
        await self._connection.execute("SELECT pg_stat_statements_reset()")

    async def spent(self) -> Spent:
        row = await self._connection.fetchrow(_SPENT)
        return Spent(float(row["ms"]), int(row["blocks"]))

    async def dearest(self, most: int) -> list[str]:
        return [
            f"{one['calls']} times, {one['blocks']} blocks, {one['ms']:.1f} ms: {one['query']}"
            for one in await self._connection.fetch(_DEAREST, most)
        ]


@asynccontextmanager
async def _statements(url: str) -> AsyncIterator[Meter]:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        yield _Statements(connection)
    finally:
        await connection.close()
