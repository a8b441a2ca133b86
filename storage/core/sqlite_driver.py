"""An SQLite driver with one trip a statement: to the connection's thread once, and back with the rows.

SQLAlchemy's own cursor makes four (a cursor, execute, fetch, close), and each waits for the interpreter's
lock and for the loop: that is most of what a small statement costs under load. The assumptions and the way
back: docs/decisions/0010-sqlite-in-one-trip.md.
"""

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util.concurrency import await_

Done = tuple[Any, int, int, list[Any]]
"""Description, row count, last row id, rows."""
_NOTHING: Done = (None, -1, 0, [])
Run = Callable[[sqlite3.Connection, Sequence[str], str, Any], Done]
_WRITES = ("INSERT", "UPDATE", "DELETE")
BEGIN = "BEGIN IMMEDIATE"
"""A plain BEGIN takes the write lock only at the first write and then fails at once as "locked"."""


class OneTripCursor(AsyncAdapt_aiosqlite_cursor):
    """Has no cursor in the thread: one is made and closed there by each statement."""

    __slots__ = ("_done",)
    _adapt_connection: "OneTripConnection"

    def __init__(self, adapt_connection: "OneTripConnection") -> None:
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._rows = deque()
        self._done = _NOTHING

    @property
    def description(self) -> Any:
        return self._done[0]

    @property
    def rowcount(self) -> int:
        return self._done[1]

    @property
    def lastrowid(self) -> int:
        return self._done[2]

    async def _execute_async(self, operation: Any, parameters: Any) -> None:
        if operation == BEGIN and not self._adapt_connection.at_once:
            self._adapt_connection.begun = False
        elif self._adapt_connection.later is not None and operation.startswith(_WRITES):
            self._adapt_connection.later.append((operation, [parameters]))
        else:
            await self._adapt_connection.run_later()
            await self._trip(_execute, operation, parameters or ())

    async def _executemany_async(self, operation: Any, seq_of_parameters: Any) -> None:
        if self._adapt_connection.later is not None:
            self._adapt_connection.later.append((operation, seq_of_parameters))
        else:
            await self._trip(_execute_many, operation, seq_of_parameters)

    async def _trip(self, run: Run, operation: str, parameters: Sequence[Any]) -> None:
        connection = self._adapt_connection
        async with connection._execute_mutex:
            self._done = await connection.run(run, connection.owed(), operation, parameters)
            self._rows = deque(self._done[3])

    async def _async_soft_close(self) -> None:
        """Is closed already."""

    def close(self) -> None:
        self._rows.clear()


class OneTripConnection(AsyncAdapt_aiosqlite_connection):
    """Gives out such cursors. A transaction begins on the trip of its first statement."""

    __slots__ = ("at_once", "begun", "later")
    _cursor_cls = OneTripCursor  # type: ignore[assignment]

    def __init__(self, dbapi: Any, connection: Any, *, at_once: bool) -> None:
        super().__init__(dbapi, connection)
        self.at_once = at_once
        self.begun = True
        """False while a transaction was asked for that has no statement yet."""
        self.later: list[tuple[str, Any]] | None = None
        """Of a transaction whose writes nobody needs results of: those that go along with its COMMIT."""

    def owed(self) -> Sequence[str]:
        """Take the statements to be sent before the next one (BEGIN, COMMIT)."""
        return () if self._has_begun() else (BEGIN,)

    async def run(self, run: Run, first: Sequence[str], operation: str, parameters: Any) -> Done:
        connection: Any = self._connection
        if self.at_once:
            return run(connection._conn, first, operation, parameters)
        done: Done = await connection._execute(run, connection._conn, first, operation, parameters)
        return done

    async def run_later(self, *, commits: bool = False) -> None:
        """Run what was put off, in one trip; with the COMMIT where that is the end of it."""
        if not self.later:
            return
        later, self.later = self.later, []
        connection: Any = self._connection
        await connection._execute(_together, connection._conn, self.owed(), later, commits)

    def commit(self) -> None:
        try:
            if self.later:
                await_(self.run_later(commits=True))
            elif self._has_begun():
                self._end("commit")
        except sqlite3.Error:  # SQLAlchemy takes nothing back of it, and the next transaction could not begin
            self._end("rollback")
            raise
        finally:
            self.later = None

    def rollback(self) -> None:
        self.later = None
        if self._has_begun():
            self._end("rollback")

    def _end(self, how: str) -> None:
        connection: Any = self._connection
        if not self.at_once:
            getattr(super(), how)()
        elif connection._connection:
            getattr(connection._conn, how)()

    def _has_begun(self) -> bool:
        begun, self.begun = self.begun, True
        return begun


class OneTripSqlite(AsyncAdapt_aiosqlite_dbapi):
    """The DBAPI module that `create_async_engine` is given.

    With `at_once` statements run on the loop itself, without any trip: for what takes less than it.
    """

    def __init__(self, *, at_once: bool = False) -> None:
        super().__init__(aiosqlite, sqlite3)
        self._at_once = at_once

    def connect(self, *given: Any, **options: Any) -> OneTripConnection:
        connection: Any = aiosqlite.connect(*given, **(options | {"check_same_thread": False}))
        connection._thread.daemon = True  # as SQLAlchemy does: an open connection keeps no program alive
        return OneTripConnection(self, await_(connection), at_once=self._at_once)


def _execute(connection: sqlite3.Connection, first: Sequence[str], operation: str, parameters: Any) -> Done:
    for one in first:
        connection.execute(one)
    return _finish(connection.execute(operation, parameters))


def _execute_many(
    connection: sqlite3.Connection, first: Sequence[str], operation: str, parameters: Any
) -> Done:
    for one in first:
        connection.execute(one)
    return _finish(connection.executemany(operation, parameters))


def _together(
    connection: sqlite3.Connection,
    first: Sequence[str],
    later: Sequence[tuple[str, Any]],
    commits: bool,  # noqa: FBT001 - given by place
) -> None:
    """Leave nothing of it where it fails, whatever it fails by."""
    kept = False
    try:
        for one in first:
            connection.execute(one)
        for operation, rows in later:
            connection.executemany(operation, rows).close()
        if commits:
            connection.commit()
        kept = True
    finally:
        if not kept:
            connection.rollback()


def _finish(cursor: sqlite3.Cursor) -> Done:
    try:
        rows = cursor.fetchall() if cursor.description else []
        return cursor.description, cursor.rowcount, cursor.lastrowid or 0, rows
    finally:
        cursor.close()
