"""Database files that tests use one after the other: put back as they were, with connections that stay open.

To open one SQLite reads the whole schema, 2.6 ms for each of the four or five connections of a storage, which
is more than what most tests do with them; to make SQLAlchemy's five engines takes as long as a small test.

Their statements are run by the loop, where the hotline sends them to a thread: the way there and back is more
work than most of them. Others go on between a transaction and the next one. Who has to wait, because somebody
else writes, waits in the thread, and so does what walks through months.
"""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakSet

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from storage import store
from storage.core import database as core
from storage.core.database import Database
from storage.core.sqlite_driver import BEGIN, Done, OneTripConnection, OneTripSqlite, Run
from storage.core.writes import SqliteWrites

Key = tuple[str, bool]
"""A file, and whether the loop itself runs what is asked on the connection."""
_IDLE: dict[Key, list[Any]] = defaultdict(list)
"""aiosqlite's connections that no engine has."""
_LOOKING: dict[str, list[sqlite3.Connection]] = defaultdict(list)
"""By file: those that only look whether others have written, and that nobody has."""
_ENGINES: dict[str, list["KeptEngines"]] = defaultdict(list)
"""By file: those that no storage has."""
MOST_ENGINES = 2
"""So many sets of a file wait for the next test: most open one storage."""
_LENT: set[str] = set()
_TAKE_LONG: WeakSet[OneTripSqlite] = WeakSet()
"""Drivers of connections whose statements walk through months."""
_ANY = "SELECT 1 FROM alembic_version"
_SCHEMA = "PRAGMA schema_version"


class KeptConnection(OneTripConnection):
    """Is given back where others are closed. Its engine, and what that sets, are the test's own."""

    __slots__ = ("_by_thread", "_key")

    def __init__(self, dbapi: Any, connection: Any, key: Key) -> None:
        super().__init__(dbapi, connection, at_once=key[1])
        self._key = key
        self._by_thread = dbapi in _TAKE_LONG

    async def run(self, run: Run, first: Sequence[str], operation: str, parameters: Any) -> Done:
        if self.at_once:
            return await super().run(run, first, operation, parameters)
        if not self._by_thread:
            connection: Any = self._connection
            if not connection._conn.in_transaction:
                await asyncio.sleep(0)
            if not first or self._begins():
                return run(connection._conn, (), operation, parameters)
        with self._left_to_it():
            return await super().run(run, first, operation, parameters)

    async def run_later(self, *, commits: bool = False) -> None:
        with self._left_to_it():
            await super().run_later(commits=commits)

    @contextmanager
    def _left_to_it(self) -> Iterator[None]:
        """Whoever waits no longer for what the thread does leaves it to it, and all that comes behind."""
        try:
            yield
        except asyncio.CancelledError:
            self._by_thread = True
            raise

    def _begins(self) -> bool:
        """Begin a transaction, unless somebody else writes."""
        connection: Any = self._connection
        connection._conn.execute("PRAGMA busy_timeout=0")
        try:
            connection._conn.execute(BEGIN)
        except sqlite3.OperationalError:
            return False
        finally:
            connection._conn.execute(f"PRAGMA busy_timeout={core.BUSY_MS}")
        return True

    def _end(self, how: str) -> None:
        connection: Any = self._connection
        if self._by_thread or not connection._connection:
            super()._end(how)
        else:
            getattr(connection._conn, how)()

    def close(self) -> None:
        connection: Any = self._connection
        if self._key[0] not in _LENT or not connection._connection or connection._conn.in_transaction:
            super().close()
            return
        connection._conn.set_progress_handler(None, 0)
        _IDLE[self._key].append(connection)


class KeptWrites(SqliteWrites):
    """Looks by a connection that others have looked by before, and knows nothing of what they saw."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        if _LOOKING[file]:
            self._connection = _LOOKING[file].pop()

    async def close(self) -> None:
        if self._connection is None or self._file not in _LENT:
            await super().close()
        else:
            _LOOKING[self._file].append(self._connection)
            self._connection = None


@dataclass(frozen=True, eq=False)
class KeptEngines:
    """Stand among a database's engines for all of them: are given back where others are disposed of."""

    file: str
    made: Database
    engines: Sequence[AsyncEngine]
    loop: asyncio.AbstractEventLoop

    async def dispose(self) -> None:
        idle = all(one.pool.checkedout() == 0 for one in self.engines)  # type: ignore[attr-defined]
        if idle and self.file in _LENT and len(_ENGINES[self.file]) < MOST_ENGINES:
            _ENGINES[self.file].append(self)
        else:
            await self.end()

    async def end(self) -> None:
        for one in self.engines:
            await one.dispose()


def keep_connections() -> None:
    """Have all databases take and leave their engines and connections to files that are lent here."""
    make = core._on_sqlite

    def made(address: URL) -> tuple[Database, Sequence[Any]]:
        file, loop = address.database or "", asyncio.get_running_loop()
        if file not in _LENT:
            return make(address)
        known = next((one for one in _ENGINES[file] if one.loop is loop), None)
        if known is None:
            known = KeptEngines(file, *make(address), loop)
        else:
            _ENGINES[file].remove(known)
        database = copy(known.made)
        database.writes = KeptWrites(file)  # what a test changes of it, and what it has read, is its own
        return database, [known]

    core._on_sqlite = made  # type: ignore[assignment]
    make_reader = core._sqlite_reader

    def reader(address: URL, **options: Any) -> AsyncEngine:
        made = make_reader(address, **options)
        if options.get("pool_size") == 1:
            _TAKE_LONG.add(made.sync_engine.dialect.dbapi)  # type: ignore[arg-type]
        return made

    core._sqlite_reader = reader  # type: ignore[assignment]
    require = store.require_present_schema

    async def required(database: Database) -> None:
        if database.file not in _LENT:  # else it is put back with the tables that it was made with
            await require(database)

    store.require_present_schema = required
    connect = OneTripSqlite.connect

    def kept(self: OneTripSqlite, file: str, **options: Any) -> OneTripConnection:
        if file not in _LENT:
            return connect(self, file, **options)
        key = file, self._at_once
        connection = _IDLE[key].pop() if _IDLE[key] else connect(self, file, **options)._connection
        return KeptConnection(self, connection, key)

    OneTripSqlite.connect = kept  # type: ignore[method-assign]


class KeptFile:
    """A file with these bytes, lent to one test at a time."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._folder = Path(tempfile.mkdtemp(prefix="hotline-storage-"))
        self.path = str(self._folder / "hotline.db")
        # To close it would end all locks that this process has on the file.
        self._written = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        os.pwrite(self._written, content, 0)
        self._own = sqlite3.connect(self.path, isolation_level=None, timeout=0)
        self._own.execute(
            "PRAGMA synchronous=OFF"
        )  # it puts the file back for tests, which waits for no disk
        self._schema = self._own.execute(_SCHEMA).fetchone()
        self._files = self._found()
        _LENT.add(self.path)

    def _found(self) -> Sequence[int]:
        """The files at the paths of the database and its log: others, when a test has put others there."""
        return [Path(self.path + kind).stat().st_ino for kind in ("", "-wal", "-shm")]

    def put_back(self) -> bool:
        """Make it what it was; False when that cannot be, as somebody still reads or writes it.

        Nor is it lent again when it has other tables now: a connection would take the next ones for those.

        Whoever has a connection sees by the log, which begins anew, that none of the pages in memory holds.
        """
        try:
            busy, _, _ = self._own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            changed = self._own.execute(_SCHEMA).fetchone() != self._schema
            if busy or changed or self._found() != self._files:
                return False
            os.pwrite(self._written, self._content, 0)
            os.ftruncate(self._written, len(self._content))
            self._own.execute(_ANY).fetchone()
        except (sqlite3.Error, OSError):
            return False
        return True

    async def close(self) -> None:
        _LENT.discard(self.path)
        for engines in _ENGINES.pop(self.path, []):
            await engines.end()
        for key in [key for key in _IDLE if key[0] == self.path]:
            for connection in _IDLE.pop(key):
                with suppress(sqlite3.Error):
                    await connection.close()
        for one in _LOOKING.pop(self.path, []):
            one.close()
        self._own.close()
        os.close(self._written)
        shutil.rmtree(self._folder)
