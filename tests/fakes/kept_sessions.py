"""Connections to the tests' PostgreSQL that outlive a test: a new one is a process, and reads the catalogue.

They are reset as they are given back: what they lock, set and listen to. The server's own restart ends them.
"""

import asyncio
import socket
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from weakref import WeakSet

import asyncpg
from sqlalchemy.dialects.postgresql.asyncpg import (
    AsyncAdapt_asyncpg_connection,
    AsyncAdapt_asyncpg_dbapi,
    PGDialect_asyncpg,
)
from sqlalchemy.util.concurrency import await_

Key = tuple[str, str]
"""The server's folder, and all that the connection was made with."""
_LOOPS: list[asyncio.AbstractEventLoop] = []
"""The one whose connections are kept."""
_LENT: list[str] = []
"""Folders of servers, as URLs name them."""
_IDLE: dict[Key, list[Any]] = defaultdict(list)
_LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


class KeptSession(AsyncAdapt_asyncpg_connection):
    """Is given back where others are closed."""

    __slots__ = ("key",)
    key: Key

    def close(self) -> None:
        self.rollback()
        await_(_give_back(self.key, self._connection))


async def _give_back(key: Key, connection: Any) -> None:
    if key[0] in _LENT and _LOOPS and not connection.is_closed():
        with suppress(*_LOST):
            await connection.reset()
            _IDLE[key].append(connection)
            return
    await connection.close()


async def _taken(key: Key, **options: Any) -> Any:
    """Give one that was given back and still answers, or a new one."""
    while _IDLE[key]:
        connection = _IDLE[key].pop()
        with suppress(*_LOST):
            await connection.fetchval("SELECT 2")
            return connection
        connection.terminate()
    return await asyncpg.connect(**options)


def keep_sessions() -> None:
    """Have all engines take and leave their connections to servers that are lent here, and ask each once."""
    connect, ask = AsyncAdapt_asyncpg_dbapi.connect, PGDialect_asyncpg.on_connect
    asked = WeakSet[Any]()

    def kept(self: AsyncAdapt_asyncpg_dbapi, **options: Any) -> Any:
        host = options.get("host")
        if host not in _LENT or asyncio.get_running_loop() not in _LOOPS:
            return connect(self, **options)
        key = host, repr(sorted(options.items()))
        session = await_(KeptSession.create(self, _taken(key, **options)))
        session.key = key
        return session

    def once(self: PGDialect_asyncpg) -> Any:
        ask_all = ask(self)

        def on_connect(session: Any) -> None:
            if session._connection not in asked:
                ask_all(session)
                asked.add(session._connection)

        return on_connect

    AsyncAdapt_asyncpg_dbapi.connect = kept  # type: ignore[method-assign]
    PGDialect_asyncpg.on_connect = once  # type: ignore[method-assign]


@asynccontextmanager
async def sessions_kept() -> AsyncIterator[None]:
    """Keep connections of this loop."""
    _LOOPS.append(asyncio.get_running_loop())
    yield
    _LOOPS.clear()
    for connections in _IDLE.values():
        while connections:
            await connections.pop().close()


@contextmanager
def lent_sessions(folder: str) -> Iterator[None]:
    """Keep connections to the server of this folder."""
    _LENT.append(folder)
    try:
        yield
    finally:
        _LENT.remove(folder)
        leave_sessions(folder)


def leave_sessions(folder: str) -> None:
    """End those that nobody has: some things can be done to a database only when nobody is there.

    The server hears of it at once; it may be a thread that asks, or a test in which the loop stands still.
    """
    for key in [key for key in list(_IDLE) if key[0] == folder]:
        for connection in _IDLE.pop(key):
            if connection.is_closed():
                continue
            with suppress(OSError):
                connection._transport.get_extra_info("socket").shutdown(socket.SHUT_RDWR)
            for loop in _LOOPS:
                loop.call_soon_threadsafe(connection.terminate)
