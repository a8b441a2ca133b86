"""Tells which tables anybody has written to since a moment ago, without reading them.

Triggers say it (migration 0101), so that it holds of every program's writes: in SQLite they count in a small
table, in PostgreSQL they notify who listens. A table without its triggers is read, and so is everything in a
database that cannot be asked.
"""

import contextlib
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Sequence
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Table

from storage.tables import WRITTEN

Read = TypeVar("Read")

_TRIGGERED = f"SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name LIKE '{WRITTEN}%'"  # noqa: S608
_COUNTS = f"SELECT name, written FROM {WRITTEN}"  # noqa: S608
_ROW_TRIGGERS = 3
"""SQLite has one for each kind of write."""


class Writes(Protocol):
    """The writes to one database, by whichever program."""

    async def latest(self, of: Sequence[str] = ()) -> Hashable | None:
        """Give what differs from the last one when anybody has written to these tables meanwhile.

        Without tables: to any. None: unknown. What was committed before the question is in the answer.
        """
        ...

    async def close(self) -> None: ...


class UnknownWrites:
    """Knows of no writes, so that its callers read each time."""

    async def latest(self, of: Sequence[str] = ()) -> Hashable | None:
        del of
        return None

    async def close(self) -> None:
        pass


class SqliteWrites:
    """Looks at what others commit to an SQLite file: all of it, as this connection itself writes nothing."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._version = self._schema = 0
        self._triggered: frozenset[str] = frozenset()
        self._counted: dict[str, int] = {}
        """Of the tables that have their triggers."""

    async def latest(self, of: Sequence[str] = ()) -> Hashable | None:
        try:
            version = self._look()
        except sqlite3.Error:  # locked, or away: the reading itself will say so
            self._version = 0
            return None
        if not of or not self._counted.keys() >= set(of):
            return version
        return self._schema, *(self._counted[name] for name in of)

    def _look(self) -> int:
        if self._connection is None:
            self._connection = sqlite3.connect(self._file, isolation_level=None, timeout=0)
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        if version != self._version:
            # Read after the version: what is committed between the two is another version next time.
            self._read_counts(self._connection)
        self._version = int(version)
        return self._version

    def _read_counts(self, connection: sqlite3.Connection) -> None:
        """Read them; and which tables have their triggers, when a migration has run meanwhile."""
        (schema,) = connection.execute("PRAGMA schema_version").fetchone()
        if schema != self._schema:
            there = Counter(name for (name,) in connection.execute(_TRIGGERED))
            self._triggered = frozenset(name for name, count in there.items() if count == _ROW_TRIGGERS)
            self._schema = schema
        counts = connection.execute(_COUNTS).fetchall() if self._triggered else ()
        self._counted = {name: written for name, written in counts if name in self._triggered}

    async def close(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


class Nothing:
    """Spares looks at some tables that found nothing: nothing is there until somebody has written to them.

    For looks that by themselves find less with time, as what is wanted begins ever later. Without tables, to
    any.
    """

    def __init__(self, writes: Writes, of: Sequence[Table] = ()) -> None:
        self._writes = writes
        self._of = [one.name for one in of]
        self._none: tuple[Hashable, datetime] | None = None

    async def unless(
        self, since: datetime, look: Callable[[], Awaitable[Sequence[Read]]], *, asked: Hashable = None
    ) -> Sequence[Read]:
        """Look for what is wanted `since` a moment, unless there was nothing and nobody has written.

        `asked` is what else the look depends on.
        """
        now = await self._writes.latest(self._of), asked
        if self._none is not None and self._none[0] == now and self._none[1] <= since:
            return ()
        found = await look()
        self._none = None if found or now[0] is None else (now, since)
        return found


class Remembered(Generic[Read]):
    """A value of `read` that is read again only when anybody has written since to the tables that it is `of`.

    For what is looked at again and again while nothing happens; `read` must depend on nothing else.
    """

    def __init__(self, writes: Writes, read: Callable[[], Awaitable[Read]], of: Sequence[Table] = ()) -> None:
        self._writes = writes
        self._read = read
        self._of = [one.name for one in of]
        self._last: tuple[Hashable, Read] | None = None

    async def get(self) -> Read:
        latest = await self._writes.latest(self._of)  # before the reading: a write meanwhile may be missing
        if self._last is not None and self._last[0] == latest:
            return self._last[1]
        read = await self._read()
        self._last = None if latest is None else (latest, read)
        return read
