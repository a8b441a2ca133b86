"""Database files that tests use one after the other: put back as they were, with connections that stay open.

To open one SQLite reads the whole schema, 2.6 ms for each of the four or five connections of a storage, which
is more than what most tests do with them; to make SQLAlchemy's five engines takes as long as a small test.
"""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from storage.core import database as core
from storage.core.database import Database
from storage.core.sqlite_driver import OneTripConnection, OneTripSqlite
from storage.core.writes import SqliteWrites

Key = tuple[str, bool]
"""A file, and whether the loop itself runs what is asked on the connection."""
_IDLE: dict[Key, list[Any]] = defaultdict(list)
"""aiosqlite's connections that no engine has."""
_ENGINES: dict[str, list["KeptEngines"]] = defaultdict(list)
"""By file: those that no storage has."""
MOST_ENGINES = 2
"""So many sets of a file wait for the next test: most open one storage."""
_LENT: set[str] = set()
_ANY = "SELECT 1 FROM alembic_version"
_SCHEMA = "PRAGMA schema_version"


class KeptConnection(OneTripConnection):
    """Is given back where others are closed. Its engine, and what that sets, are the test's own."""

    __slots__ = ("_key",)

    def __init__(self, dbapi: Any, connection: Any, key: Key) -> None:
        super().__init__(dbapi, connection, at_once=key[1])
        self._key = key

    def close(self) -> None:
        connection: Any = self._connection
        if self._key[0] not in _LENT or not connection._connection or connection._conn.in_transaction:
            super().close()
            return
        connection._conn.set_progress_handler(None, 0)
        _IDLE[self._key].append(connection)


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
        database.writes = SqliteWrites(file)  # what a test changes of it, and what it has read, is its own
        return database, [known]

    core._on_sqlite = made  # type: ignore[assignment]
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
        self._own.close()
        os.close(self._written)
        shutil.rmtree(self._folder)
