"""Tells which tables of a PostgreSQL anybody has written to, by what their triggers notify."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

import asyncpg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from storage.tables import WRITTEN

ANSWER_SECONDS = 2.0
"""A server that answers later is given up: what is wanted is read."""
_LOST = (
    *(SQLAlchemyError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError),
    asyncpg.InternalClientError,  # a question meets the server's last word
)
_NOTIFYING = """
SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
WHERE tgname = $1 AND tgenabled = 'O' AND relnamespace = current_schema()::regnamespace
"""


class PostgresWrites:
    """Listens on a connection of its own: a trip on it brings all that was committed before the trip.

    PostgreSQL sends a connection what it is notified of before it answers. A connection that is lost is made
    anew, and everything counts as written then.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._connection: AsyncConnection | None = None
        self._raw: Any = None
        self._connections = 0
        self._written: Counter[str] = Counter()
        self._notifying: frozenset[str] = frozenset()
        self._alone = asyncio.Lock()
        self._begun = self._answered = 0
        """Trips so far. One that was begun after several questions answers all of them."""

    async def latest(self, of: Sequence[str] = ()) -> Hashable | None:
        if not of or (self._connection is not None and not self._notifying.issuperset(of)):
            return None
        begun = self._begun
        async with self._alone:
            if self._answered <= begun and not await self._is_answered():
                return None
        if not self._notifying.issuperset(of):
            return None
        return self._connections, *(self._written[name] for name in of)

    async def _is_answered(self) -> bool:
        self._begun += 1
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._ask()
        except _LOST:
            await self._give_up()
            return False
        except asyncio.CancelledError:  # the connection may be in the middle of an answer
            await self._give_up()
            raise
        self._answered = self._begun
        return True

    async def _ask(self) -> None:
        if self._connection is None:
            self._connection = await self._engine.connect()
            self._raw = (await self._connection.get_raw_connection()).driver_connection
            await self._raw.add_listener(WRITTEN, self._note)
            self._connections += 1
            self._notifying = frozenset(row[0] for row in await self._raw.fetch(_NOTIFYING, WRITTEN))
        await self._raw.fetchval("SELECT 1")

    def _note(self, _connection: object, _pid: int, _channel: str, name: Any) -> None:
        self._written[name] += 1

    async def _give_up(self) -> None:
        connection, self._connection, self._raw = self._connection, None, None
        if connection is not None:
            with contextlib.suppress(*_LOST):
                await connection.invalidate()
                await connection.close()

    async def close(self) -> None:
        async with self._alone:
            await self._give_up()
        await self._engine.dispose()
