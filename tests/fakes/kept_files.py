"""Database files that tests use one after the other: put back as they were, with connections that stay open.

To open one SQLite reads the whole schema, 2.6 ms for each of the four or five connections of a storage, which
is more than what most tests do with them.
"""

import os
import shutil
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from storage.core.sqlite_driver import OneTripConnection, OneTripSqlite

Key = tuple[str, bool]
"""A file, and whether the loop itself runs what is asked on the connection."""
_IDLE: dict[Key, list[Any]] = defaultdict(list)
"""aiosqlite's connections that no engine has."""
_LENT: set[str] = set()
_ANY = "SELECT 1 FROM alembic_version"


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


def keep_connections() -> None:
    """Have all engines take and leave their connections to files that are lent here."""
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
        self._own.execute(_ANY).fetchone()
        self._files = self._found()
        _LENT.add(self.path)

    def _found(self) -> Sequence[int]:
        """The files at the paths of the database and its log: others, when a test has put others there."""
        return [Path(self.path + kind).stat().st_ino for kind in ("", "-wal", "-shm")]

    def put_back(self) -> bool:
        """Make it what it was; False when that cannot be, as somebody still reads or writes it.

        Whoever has a connection sees by the log, which begins anew, that none of the pages in memory holds.
        """
        try:
            busy, _, _ = self._own.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy or self._found() != self._files:
                return False
            os.pwrite(self._written, self._content, 0)
            os.ftruncate(self._written, len(self._content))
            self._own.execute(_ANY).fetchone()
        except (sqlite3.Error, OSError):
            return False
        return True

    async def close(self) -> None:
        _LENT.discard(self.path)
        for key in [key for key in _IDLE if key[0] == self.path]:
            for connection in _IDLE.pop(key):
                with suppress(sqlite3.Error):
                    await connection.close()
        self._own.close()
        os.close(self._written)
        shutil.rmtree(self._folder)
