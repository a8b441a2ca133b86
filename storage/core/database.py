"""Connections: the URL alone says which database; on SQLite one writer and a few readers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, ExceptionContext, Table, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from storage.core.sqlite_driver import BEGIN, OneTripSqlite
from storage.core.sqlite_log import SqliteLog
from storage.core.writes import SqliteWrites, Writes

if TYPE_CHECKING:
    from storage.core.primary import Primary

READERS = 3
CONNECTIONS = 10
POSTGRES_WRITERS = POSTGRES_READERS = 6
"""Apart from one another: who reads would wait for the server's disk behind those that write."""
SESSIONS = 10
"""Connections that are kept for as long as the process runs: its locks, and what others tell it."""
BUSY_MS = 25_000
"""How long SQLite waits while another program writes: a caller hears music meanwhile, and loses nothing."""
HIDDEN = True
"""Parameters of a failed statement are citizens' numbers: they stay out of its message, and so of the log."""
ONE_BY_ONE = "AUTOCOMMIT"
PLAIN = {"jit": "off", "max_parallel_workers_per_gather": "0"}
"""PostgreSQL compiles, and begins further processes for, what it takes for dear: with millions of calls that
is any list, and both take longer than the list, compiling seconds.
"""
HASTY = {**PLAIN, "synchronous_commit": "off"}
"""Nobody waits for PostgreSQL's disk, as nobody does for SQLite's (`synchronous=NORMAL`)."""
PLANNED = {**PLAIN, "plan_cache_mode": "force_custom_plan"}
"""For any word or any street PostgreSQL would go by averages, and keep that plan after five readings."""
OF_MONTHS = {**PLANNED, "work_mem": "32MB"}
"""What walks through months sorts and groups in memory: there is one such connection."""
STEPS_AT_ONCE = 100_000
"""Of SQLite's program, between two looks at the time: some milliseconds."""
_CANCELLED, _INTERRUPTED = "57014", "interrupted"
"""How PostgreSQL and SQLite name a statement that was stopped."""
_REPLACED = {"25006", "57P01", "57P02", "57P03"}
"""PostgreSQL takes no writes: it has become a standby, is shutting down, has crashed, or is starting up."""
_DEADLOCKED = "40P01"
"""PostgreSQL has ended one of two transactions that waited for each other, and nothing of it was done."""
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
        sessions: AsyncEngine,
        writes: Writes,
        log: SqliteLog | None = None,
        several: "Sequence[Primary]" = (),
    ) -> None:
        self._writer = writer
        self._reader = reader
        self._planner = planner
        self._inline_reader = inline_reader
        self._inline_writer = inline_writer
        self._long_reader = long_reader
        self._sessions = sessions
        self._adder = inline_writer.execution_options(isolation_level=ONE_BY_ONE)
        self.shared = writer.dialect.name == "postgresql"
        """Whether other processes may write as well, so that rows must be locked."""
        self.insert: Into = _into_postgresql if self.shared else _into_sqlite
        """Begins an INSERT that understands ON CONFLICT in this database's way."""
        self.file = writer.url.database or ""
        """The path of an SQLite database; on PostgreSQL its name."""
        self.writes = writes
        self._log = log
        self._several = several

    async def close(self) -> None:
        """End what is not the engines'."""
        await self.writes.close()
        if self._log is not None:
            await self._log.close()

    def grown_log(self) -> int:
        """Give the bytes of SQLite's log where it is not worked off in time; else 0, as on PostgreSQL."""
        return 0 if self._log is None else self._log.grown()

    async def leave_replaced(self) -> bool:
        """End the connections to a PostgreSQL that its standby has replaced; whether there were any."""
        return any(await asyncio.gather(*(one.leave_replaced() for one in self._several)))

    def writing(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._writer.begin()

    @asynccontextmanager
    async def writing_together(self) -> AsyncIterator[AsyncConnection]:
        """Write lists of rows of which no statement needs another's result; it is the end that may fail.

        On SQLite all of it is one trip to the writer's thread.
        """
        async with self._writer.begin() as connection:
            if not self.shared:
                raw: Any = (await connection.get_raw_connection()).dbapi_connection
                raw.later = []
            yield connection

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self._reader.connect()

    def session(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Have a session that is the same from one statement to the next, also where pgbouncer lends others.

        For what PostgreSQL keeps with its session: locks that outlast a transaction, and listening.
        """
        return self._sessions.connect()

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

    async def count_anew(self, *tables: Table) -> None:
        """Have PostgreSQL count tables that have just grown by many rows, by which it plans.

        It does so by itself within a minute or some. A table that it has last counted while it was empty has
        one row by its plans until then, and what joins two of them walks through all for each.
        """
        if self.shared:
            names = ", ".join(one.name for one in tables)
            async with self.writing() as connection:
                await connection.execute(text(f"ANALYZE (SKIP_LOCKED) {names}"))

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


def is_lost(error: Exception) -> bool:
    """Tell whether a server is away, went away in the middle of something, or ended it for another's sake.

    It can be done again.
    """
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or sql_state(error) == _DEADLOCKED
    return isinstance(error, ConnectionError | NoConnection)


def sql_state(error: DBAPIError) -> str:
    """Give PostgreSQL's code of an error; "" where there is none, as of SQLite's."""
    return getattr(error.orig, "sqlstate", None) or ""


def _was_stopped(error: DBAPIError) -> bool:
    return sql_state(error) == _CANCELLED or str(error.orig) == _INTERRUPTED


# Made once for all statements that begin with it: its `excluded` has all columns once more.
@cache
def _into_sqlite(table: Table) -> "sqlite.Insert | postgresql.Insert":
    return sqlite.insert(table)


@cache
def _into_postgresql(table: Table) -> "sqlite.Insert | postgresql.Insert":
    return postgresql.insert(table)


@asynccontextmanager
async def open_database(url: str, pool_url: str = "") -> AsyncIterator[Database]:
    """Connect lazily to `sqlite:///file` or `postgresql://…`; all connections are closed at the end.

    `pool_url`: the same PostgreSQL by pgbouncer, for all that needs no session of its own.
    """
    address = _address(url)
    if address.get_backend_name() == "sqlite":
        database, engines = _on_sqlite(address)
    else:
        database, engines = _on_postgresql(address, _address(pool_url) if pool_url else address)
    try:
        yield database
    finally:
        await database.close()
        for engine in engines:
            await engine.dispose()


def _on_sqlite(address: URL) -> tuple[Database, Sequence[AsyncEngine]]:
    writer, reader = _sqlite_writer(address), _sqlite_reader(address)
    long_reader = _sqlite_reader(address, pool_size=1)
    inline_reader, inline_writer = (
        _sqlite_reader(address, at_once=True),
        _sqlite_writer(address, at_once=True),
    )
    log = SqliteLog(address.database or "")
    for one in (writer, inline_writer):
        event.listen(one.sync_engine, "commit", lambda _connection: log.look())
    database = Database(
        writer,
        reader,
        planner=reader,
        inline_reader=inline_reader,
        inline_writer=inline_writer,
        long_reader=long_reader,
        sessions=reader,
        writes=SqliteWrites(address.database or ""),
        log=log,
    )
    return database, (inline_writer, inline_reader, long_reader, reader, writer)


def _on_postgresql(address: URL, pool: URL) -> tuple[Database, Sequence[AsyncEngine]]:
    primary, pooled = _primary(address), _primary(pool)
    plain = PLAIN if pool is address else None  # pgbouncer takes no settings
    writer = _postgresql(pool, pooled, plain, pool_size=POSTGRES_WRITERS)
    readers = _postgresql(pool, pooled, plain, pool_size=POSTGRES_READERS)
    reader = readers.execution_options(isolation_level=ONE_BY_ONE)  # no BEGIN and ROLLBACK around a read
    # What a failover would lose is as good as not written: where there is a standby, it has it as well.
    inline_writer = writer if primary else _postgresql(address, primary, HASTY)
    planner, listener, long_reader, sessions = (
        _postgresql(address, primary, settings, pool_size=size).execution_options(isolation_level=ONE_BY_ONE)
        for settings, size in ((PLANNED, CONNECTIONS), (PLAIN, 1), (OF_MONTHS, 1), (PLAIN, SESSIONS))
    )
    database = Database(
        writer,
        reader,
        planner=planner,
        inline_reader=reader,
        inline_writer=inline_writer,
        long_reader=long_reader,
        sessions=sessions,
        writes=_postgres_writes(listener),
        several=[one for one in (primary, pooled) if one is not None],
    )
    return database, (inline_writer, planner, long_reader, sessions, readers, writer)


def _postgres_writes(listener: AsyncEngine) -> Writes:
    from storage.core.postgres_writes import PostgresWrites  # noqa: PLC0415 - SQLite needs no asyncpg

    return PostgresWrites(listener)


def _address(url: str) -> URL:
    address = make_url(url)
    return address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))


def _primary(address: URL) -> "Primary | None":
    """Give what finds the primary, where the URL names several servers."""
    if len(servers(address)) == 1:
        return None
    from storage.core.primary import Primary  # noqa: PLC0415 - SQLite needs no asyncpg

    return Primary()


def servers(address: URL) -> Sequence[tuple[str, str]]:
    """Give the servers that a URL names, each as host and port: `…/hotline?host=a:5432&host=b:5432`."""
    named = address.query.get("host")
    port = str(address.port or "")
    if not named:
        return [(address.host or "", port)]
    hosts = named.split(",") if isinstance(named, str) else named
    found = [(host, own) for host, _, own in (one.partition(":") for one in hosts)]
    return [(host, own or port) for host, own in found]


def _postgresql(
    address: URL,
    primary: "Primary | None",
    settings: Mapping[str, str] | None = None,
    *,
    pool_size: int = CONNECTIONS,
) -> AsyncEngine:
    connecting = {} if primary is None else {"async_creator_fn": primary.connect}
    engine = create_async_engine(
        address,
        pool_size=pool_size,
        max_overflow=0,
        connect_args={**connecting, "server_settings": {**(settings or {})}},
        hide_parameters=HIDDEN,
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def refuse_closed(connection: Any, _record: Any, _proxy: Any) -> None:
        """Have a new connection made where the server has closed this one: the driver knows without asking.

        SQLAlchemy's own ping asks in three trips, each time a statement is to run.
        """
        if connection.driver_connection.is_closed():
            raise DisconnectionError

    @event.listens_for(engine.sync_engine, "handle_error")
    def leave_replaced(context: ExceptionContext) -> None:
        """Forget all connections made so far when the server takes no writes any more."""
        if getattr(context.original_exception, "sqlstate", "") in _REPLACED:
            context.is_disconnect = True

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
        cursor.execute("PRAGMA wal_autocheckpoint=0")  # `SqliteLog` does it, for which nobody waits
        if at_once:  # the loop waits for no other's lock
            cursor.execute("PRAGMA busy_timeout=0")
        cursor.close()

    return engine
