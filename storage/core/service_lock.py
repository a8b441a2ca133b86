"""The lock of the one service of a database: of two, each would take the other's callers for gone.

On PostgreSQL it is an advisory lock of a session that lasts as long as the service; on SQLite a file beside
the database. Processes by role share it, and each role of which there is one has a lock of its own.
"""

import asyncio
import logging
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from sqlalchemy import TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import AnotherService
from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import Database
from storage.core.locked_file import held

LOOK_SECONDS = 3.0
"""How soon the service learns that its session, and the lock with it, is gone."""
ANSWER_SECONDS = 3.0
"""A database that has not said by then who has the lock is away."""
_NAMED = text("SELECT set_config('application_name', :name, false)")
_MISSED_SOON = text(
    "SELECT set_config('tcp_keepalives_idle', '1', false), set_config('tcp_keepalives_interval', '1', false),"
    " set_config('tcp_keepalives_count', '1', false), set_config('tcp_user_timeout', '1900', false)"
)
"""A machine that is gone says no good-bye: within two seconds PostgreSQL ends its session by itself.

The last is for an answer on its way: while the kernel sends it again it asks for no sign of life. The kernel
looks at it once a second, so that two seconds to the millisecond would often be three.
"""
_TAKEN = text("SELECT pg_try_advisory_lock(:key)")
_SHARED = text("SELECT pg_try_advisory_lock_shared(:key)")
_NONE_TAKEN = text("SELECT pg_advisory_unlock_all()")
_ALIVE = text("SELECT 1")
_HOLDER = text(
    "SELECT activity.pid, activity.application_name, coalesce(activity.client_addr::text, 'local')"
    " FROM pg_locks AS held JOIN pg_stat_activity AS activity ON activity.pid = held.pid"
    " WHERE held.locktype = 'advisory' AND held.granted AND activity.datname = current_database()"
    " AND (held.classid::bigint << 32) + held.objid::bigint = :key"
)
_END_SESSION = text("SELECT pg_terminate_backend(:pid)")

log = logging.getLogger(__name__)


class ServiceLock:
    """The lock as one service holds it. `lost` has to be watched as long as the service runs."""

    async def lost(self) -> AnotherService:
        """Wait until another service has the lock, which happens on PostgreSQL alone."""
        never: asyncio.Future[AnotherService] = asyncio.get_running_loop().create_future()
        return await never

    async def renewed(self) -> None:
        """Wait until it was lost with its session and is held again, which happens on PostgreSQL alone."""
        never: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        await never


class InTurn(ServiceLock):
    """A lock that this process waits for, and has once the other has let go of it."""

    async def wait(self, behind: Callable[[AnotherService], None]) -> None:
        """Wait until it is ours; `behind` is told, look after look, who has it."""
        raise NotImplementedError


class _SessionLock(InTurn):
    """A lock that is lost with its session: the service takes it again, unless another was quicker.

    While the database is away nobody can take it, and calls go on.
    """

    def __init__(
        self, database: Database, *, roles: Sequence[int] | None = None, look_seconds: float = LOOK_SECONDS
    ) -> None:
        """`roles`: the locks of this process's own roles; None: it is the whole service, and alone."""
        self._look_seconds = look_seconds
        self._database = database
        self._roles = roles
        self._name = f"hotline service {uuid.uuid4().hex[:12]}"
        self._session = AsyncExitStack()
        self._connection: AsyncConnection | None = None
        self._renewed = asyncio.Event()

    async def take(self) -> None:
        """Take the lock in a session of its own; raises AnotherService."""
        connection = await self._begun()
        await self._take_all(connection)
        self._connection = connection

    async def wait(self, behind: Callable[[AnotherService], None]) -> None:
        """Ask for it by one session, look after look. Raises where the database is away at the first.

        A statement that waited for it in PostgreSQL would keep rows there that nobody sees any more.
        """
        connection: AsyncConnection | None = await self._begun()
        while True:
            try:
                await self._database.leave_replaced()
                async with asyncio.timeout(ANSWER_SECONDS):
                    connection = connection or await self._begun()
                    another = await self._refused(connection)
            except (SQLAlchemyError, OSError) as error:
                log.warning("service lock cannot be asked for, the database is away reason=%s", error)
                await self.let_go()
                connection = None
            else:
                if another is None:
                    self._connection = connection
                    return
                behind(another)
            await asyncio.sleep(self._look_seconds)

    async def _begun(self) -> AsyncConnection:
        connection = await self._session.enter_async_context(self._database.session())
        self._session.push_async_callback(connection.invalidate)  # back in the pool it would hold the lock
        await connection.execute(_NAMED, {"name": self._name})
        await connection.execute(_MISSED_SOON)
        return connection

    async def _refused(self, connection: AsyncConnection) -> AnotherService | None:
        """Take all or none of it; who has what was not to be had."""
        try:
            await self._take_all(connection)
        except AnotherService as another:
            await connection.execute(_NONE_TAKEN)
            return another
        return None

    async def _take_all(self, connection: AsyncConnection) -> None:
        await self._take_one(connection, _TAKEN if self._roles is None else _SHARED, AdvisoryLock.SERVICE)
        for one in self._roles or ():
            await self._take_one(connection, _TAKEN, one)

    async def _take_one(self, connection: AsyncConnection, way: TextClause, lock: int) -> None:
        while not (await connection.execute(way, {"key": int(lock)})).scalar():
            await self._make_room(connection, lock)

    async def _make_room(self, connection: AsyncConnection, lock: int) -> None:
        """End a session of our own that the server has not missed yet; raises AnotherService for others."""
        holders = await connection.execute(_HOLDER, {"key": int(lock)})
        for pid, name, address in holders.all():
            if name != self._name:
                raise AnotherService(f"PostgreSQL, {address}, session {pid}")
            await connection.execute(_END_SESSION, {"pid": pid})
        await asyncio.sleep(0)

    async def let_go(self) -> None:
        self._connection = None
        await self._session.aclose()

    async def lost(self) -> AnotherService:
        while True:
            await asyncio.sleep(self._look_seconds)
            try:
                await self._look()
            except AnotherService as another:
                return another
            except (SQLAlchemyError, OSError) as error:
                log.warning("service lock cannot be looked at, the database is away reason=%s", error)

    async def renewed(self) -> None:
        await self._renewed.wait()
        self._renewed.clear()

    async def _look(self) -> None:
        """Check the session, and make a dead one anew, or one at a server that its standby has replaced."""
        await self._database.leave_replaced()
        try:
            if self._connection is not None:
                async with asyncio.timeout(LOOK_SECONDS):
                    await self._connection.execute(_ALIVE)
                return
        except (SQLAlchemyError, OSError):
            log.warning("service lock lost with its session, taken anew")
        await self.let_go()
        await self.take()
        self._renewed.set()


@asynccontextmanager
async def only_service(database: Database) -> AsyncIterator[ServiceLock]:
    """Be the one service of this database for the time of the block; raises AnotherService."""
    if not database.shared:
        async with held(Path(f"{database.file}.service")):
            yield ServiceLock()
        return
    async with _taken(_SessionLock(database)) as lock:
        yield lock


@asynccontextmanager
async def only_of_roles(
    database: Database, roles: Sequence[int], *, look_seconds: float = LOOK_SECONDS
) -> AsyncIterator[ServiceLock]:
    """Be one process by role, and the one that holds these locks; raises AnotherService.

    Only on PostgreSQL. There is no whole service beside it. How soon it is learned that they are gone: by
    `look_seconds`.
    """
    async with _taken(_SessionLock(database, roles=roles, look_seconds=look_seconds)) as lock:
        yield lock


@asynccontextmanager
async def in_turn(
    database: Database, roles: Sequence[int], *, look_seconds: float = LOOK_SECONDS
) -> AsyncIterator[InTurn]:
    """Have a lock of these for the block that is ours once its `wait` has ended. Only on PostgreSQL."""
    lock = _SessionLock(database, roles=roles, look_seconds=look_seconds)
    try:
        yield lock
    finally:
        await lock.let_go()


@asynccontextmanager
async def _taken(lock: _SessionLock) -> AsyncIterator[_SessionLock]:
    try:
        await lock.take()
        yield lock
    finally:
        await lock.let_go()
