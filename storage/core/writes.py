"""Tells whether anybody has written to the database since a moment ago, without reading it."""

import contextlib
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

Read = TypeVar("Read")


class Writes:
    """Counts what others commit to an SQLite file: all of it, as this connection itself writes nothing.

    PostgreSQL has no such count that costs less than reading.
    """

    def __init__(self, file: str | None) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None

    def latest(self) -> int | None:
        """Give a number that differs from the last one when anybody has written meanwhile; None: unknown."""
        if self._file is None:
            return None
        try:
            if self._connection is None:
                self._connection = sqlite3.connect(self._file, isolation_level=None, timeout=0)
            (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:  # locked, or away: the reading itself will say so
            return None
        return int(version)

    def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


class Remembered(Generic[Read]):
    """A value of `read` that is read again only when anybody has written to the database since.

    For what is looked at again and again while nothing happens; `read` must depend on nothing else.
    """

    def __init__(self, writes: Writes, read: Callable[[], Awaitable[Read]]) -> None:
        self._writes = writes
        self._read = read
        self._last: tuple[int, Read] | None = None

    async def get(self) -> Read:
        latest = self._writes.latest()  # before the reading: what is written meanwhile may be missing
        if self._last is not None and self._last[0] == latest:
            return self._last[1]
        read = await self._read()
        self._last = None if latest is None else (latest, read)
        return read
