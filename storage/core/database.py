"""Connections: the URL alone says which database; on SQLite one writer and a few readers."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from time import monotonic
from typing import Any

from sqlalchemy import URL, Connection, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.core.sqlite_driver import BEGIN, OneTripSqlite
from storage.core.writes import SqliteWrites, Writes

READERS = 3
CONNECTIONS = 10
BUSY_MS = 25_000
"""How long SQLite waits while another program writes: a caller hears music meanwhile, and loses nothing."""
HIDDEN = True
"""Parameters of a failed statement are citizens' numbers: they stay out of its message, and so of the log."""
ONE_BY_ONE = "AUTOCOMMIT"
HASTY = {"synchronous_commit": "off"}
"""Nobody waits for PostgreSQL's disk, as nobody does for SQLite's (`synchronous=NORMAL`)."""
PLANNED = {
    "plan_cache_mode": "force_custom_plan",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
"""For any word or any street PostgreSQL would go by averages, and keep that plan after five readings. Further
processes and compiled code take longer to begin than a page.
"""
OF_MONTHS = {**PLANNED, "work_mem": "32MB"}
"""What walks through months sorts and groups in memory: there is one such connection."""
STEPS_AT_ONCE = 100_000
"""Of SQLite's program, between two looks at the time: some milliseconds."""
_CANCELLED, _INTERRUPTED = "57014", "interrupted"
"""How PostgreSQL and SQLite name a statement that was stopped."""
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}
Into = Callable[[Table], "sqlite.Insert | postgresql.Insert"]
"""What is built with one is built once for all databases of its kind (`functools.cache`)."""


class Database:
    """Runs statements. `writing` commits at its end, or rolls back when an error leaves it."""

    def __init__(
        self,
        writer: AsyncEngine,
        reader: AsyncEngine,
        *,
        planner: AsyncEngine,
        inline_reader: AsyncEngine,
        inline_writer: AsyncEngine,
        long_reader: AsyncEngine,
        writes: Writes,
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._planner = planner
        self._inline_reader = inline_reader
        self._inline_writer = inline_writer
        self._long_reader = long_reader
        self._adder = inline_writer.execution_options(isolation_level=ONE_BY_ONE)
        self.shared = writer.dialect.name == "postgresql"
        """Whether other processes may write as well, so that rows must be locked."""
        self.insert: Into = _into_postgresql if self.shared else _into_sqlite
        """Begins an INSERT that understands ON CONFLICT in this database's way."""
        self.file = writer.url.database or ""
        """The path of an SQLite database; on PostgreSQL its name."""
        self.writes = writes

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._writer.begin()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._reader.connect()

    def reading_planned(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Read by words, addresses and other values of which some are rare and some stand everywhere.

        PostgreSQL plans each reading for what is asked, which takes it a tenth of a millisecond and more.
        """
        return self._planner.connect()

    @asynccontextmanager
    async def reading_long(self, seconds: float) -> AsyncIterator[AsyncConnection]:
        """Read by statements that walk through months, on the one connection that is kept for them.

        None of them takes a connection from the pages, or more than `seconds`: TimeoutError.
        """
        try:
            async with self._long_reader.connect() as connection:
                await _limit(connection, seconds, shared=self.shared)
                yield connection
        except DBAPIError as error:
            if _was_stopped(error):
                raise TimeoutError(f"a statement took more than {seconds:g} s") from error
            raise

    def read_inline(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Read a few rows of small tables. On SQLite the event loop itself reads, without a thread.

        Not for what may have to be fetched from a disk, or takes longer than a tenth of a millisecond.
        """
        return self._inline_reader.connect()

    def write_one(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Run one statement that writes, in a transaction of its own: the quickest write there is.

        On PostgreSQL it takes one round trip instead of three; on SQLite it is `write_inline`.
        """
        return self._adder.connect() if self.shared else self.write_inline()

    @asynccontextmanager
    async def write_inline(self) -> AsyncIterator[AsyncConnection]:
        """Write a few rows. On SQLite the event loop itself writes, unless another connection is writing.

        For writes that a citizen waits for. Await nothing but statements in the block. The commit does not
        wait for the disk: readers see it at once, and a power failure may lose the last second.
        """
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._inline_writer.begin())
            except OperationalError:  # locked: wait for the other writer
                connection = await stack.enter_async_context(self._writer.begin())
            yield connection


async def _limit(connection: AsyncConnection, seconds: float, *, shared: bool) -> None:
    """Have the database itself stop what takes longer."""
    if shared:
        await connection.execute(text(f"SET statement_timeout = {int(seconds * 1000)}"))
        return
    raw: Any = (await connection.get_raw_connection()).driver_connection
    until = monotonic() + seconds
    await raw.set_progress_handler(lambda: monotonic() > until, STEPS_AT_ONCE)


def _was_stopped(error: DBAPIError) -> bool:
    said: Any = error.orig
    return getattr(said, "sqlstate", "") == _CANCELLED or str(said) == _INTERRUPTED


# Made once for all statements that begin with it: its `excluded` has all columns once more.
@cache
def _into_sqlite(table: Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table)


@cache
def _into_postgresql(table: Table) -> "sqlite.Insert | postgresql.Insert":
    return postgresql.insert(table)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Connect lazily to `sqlite:///file` or `postgresql://…`; all connections are closed at the end."""
    address = _address(url)
    writes: Writes
    if address.get_backend_name() == "sqlite":
        writer, reader = _sqlite_writer(address), _sqlite_reader(address)
        planner, writes = reader, SqliteWrites(address.database or "")
        long_reader = _sqlite_reader(address, pool_size=1)
        inline_reader, inline_writer = (
            _sqlite_reader(address, at_once=True),
            _sqlite_writer(address, at_once=True),
        )
    else:
        writer, inline_writer = _postgresql(address), _postgresql(address, HASTY)
        reader = writer.execution_options(isolation_level=ONE_BY_ONE)  # no BEGIN and ROLLBACK around a read
        planner = _postgresql(address, PLANNED).execution_options(isolation_level=ONE_BY_ONE)
        inline_reader = reader
        listener = _postgresql(address, pool_size=1).execution_options(isolation_level=ONE_BY_ONE)
        writes = _postgres_writes(listener)
        long_reader = _postgresql(address, OF_MONTHS, pool_size=1).execution_options(
            isolation_level=ONE_BY_ONE
        )
    database = Database(
        writer,
        reader,
        planner=planner,
        inline_reader=inline_reader,
        inline_writer=inline_writer,
        long_reader=long_reader,
        writes=writes,
    )
    try:
        yield database
    finally:
        await database.writes.close()
        await inline_writer.dispose()
        await inline_reader.dispose()
        await planner.dispose()
        await long_reader.dispose()
        await reader.dispose()
        await writer.dispose()


def _postgres_writes(listener: AsyncEngine) -> Writes:
    from storage.core.postgres_writes import PostgresWrites  # noqa: PLC0415 - SQLite needs no asyncpg

    return PostgresWrites(listener)


def _address(url: str) -> URL:
    address = make_url(url)
    return address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))


def _postgresql(
    address: URL, settings: Mapping[str, str] | None = None, *, pool_size: int = CONNECTIONS
) -> AsyncEngine:
    engine = create_async_engine(
        address,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={"server_settings": {**(settings or {})}},
        hide_parameters=HIDDEN,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
        """Have a new connection made where the server has closed this one: the driver knows without asking.

        SQLAlchemy's own ping asks in three trips, each time a statement is to run.
        """
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    return engine


def _sqlite_writer(address: URL, *, at_once: bool = False) -> AsyncEngine:
    # `writing` has ended its transaction
    engine = _sqlite(address, at_once=at_once, pool_size=1, pool_reset_on_return=None)

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(BEGIN)

    return engine


def _sqlite_reader(address: URL, *, at_once: bool = False, pool_size: int = READERS) -> AsyncEngine:
    return _sqlite(
        address,
        at_once=at_once,
        pool_size=pool_size,
        isolation_level=ONE_BY_ONE,
        pool_reset_on_return=None,
        skip_autocommit_rollback=True,
    )


def _sqlite(address: URL, *, at_once: bool = False, **options: Any) -> AsyncEngine:
    connecting = {"isolation_level": None}
    engine = create_async_engine(
        address,
        module=OneTripSqlite(at_once=at_once),
        max_overflow=0,
        connect_args=connecting,
        hide_parameters=HIDDEN,
        **options,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        if at_once:  # the loop waits for no other's lock, and for no disk
            cursor.execute("PRAGMA busy_timeout=0")
            cursor.execute("PRAGMA wal_autocheckpoint=0")
        cursor.close()

    return engine
