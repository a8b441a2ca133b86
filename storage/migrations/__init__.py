"""The schema's history, carried out by the product itself: `await migrate(url)`."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import ClassVar

from sqlalchemy import Connection, func, literal, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import HotlineError
from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import Database, open_database, sql_state
from storage.core.schema import between, newest, require_migratable
from storage.migrations.built_before import build_before
from storage.migrations.holders import advice, holders

GIVES_UP_AFTER = timedelta(minutes=15)
"""No attempt begins later, however long each takes: systemd ends a start after twenty minutes."""
PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0
"""Between two attempts."""
_BRIEFLY = text("""
SELECT set_config('lock_timeout', CASE WHEN EXISTS (
    SELECT FROM pg_locks WHERE mode = 'ShareUpdateExclusiveLock' AND granted AND locktype = 'relation'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
) THEN '1500ms' ELSE '300ms' END, true)
""")
"""For a lock. While a migration waits for one, all who want the table wait behind it; and where a writer and
it wait for each other, it gives way before PostgreSQL looks for whom to end (`deadlock_timeout`: a second).
An autovacuum, which keeps its table for hours, gives way itself, but only once PostgreSQL has looked; one to
prevent wraparound does not (`storage.migrations.holders`).
"""
_GAVE_WAY = {"55P03", "40P01"}
"""PostgreSQL's codes: a lock was not free in time; of two that waited for each other this one was ended."""

log = logging.getLogger(__name__)


class TablesInUse(HotlineError):  # noqa: N818 - reads as what is the case
    """Somebody has held a table for as long as the migration tried; the message says what to do."""

    code: ClassVar[str] = "tables-in-use"


async def migrate(url: str, to: str = "") -> None:
    """Migrate the database to the newest schema, or `to` a certain one. Two at once take turns.

    On PostgreSQL calls may go on meanwhile: no lock outlasts its own migration, which gives way to who writes
    and begins anew. Raises OtherSchema for a database older than the first migration, or of a newer program;
    TablesInUse.
    """
    to = to or newest()
    gives_up = asyncio.get_running_loop().time() + GIVES_UP_AFTER.total_seconds()
    async with open_database(url) as database:
        build = partial(build_before, database, to, gives_up)
        await _surely(database, "The building of indexes", build, gives_up)
        for step in await _steps(database, to):
            await _surely(database, f"Migration {step}", partial(_migrate, database, step), gives_up)


async def _steps(database: Database, to: str) -> Sequence[str]:
    """Give the migrations that are carried out in a transaction of their own each."""
    if not database.shared:
        return [to]
    async with database.reading() as connection:
        has = await connection.run_sync(require_migratable)
    return [to] if has is None else between(has, to)


async def wait_briefly(connection: AsyncConnection) -> None:
    """Bound how long this transaction of a migration waits for a lock, on PostgreSQL."""
    await connection.execute(_BRIEFLY)


async def _surely(
    database: Database, what: str, attempt: Callable[[], Awaitable[None]], gives_up: float
) -> None:
    pause = PAUSE_SECONDS
    while not await _had_its_locks(attempt):
        if asyncio.get_running_loop().time() + pause > gives_up:
            async with database.reading() as connection:
                why = advice(await holders(connection))
            raise TablesInUse(f"{what} was not done in a quarter of an hour. {why}")
        log.warning("a table is in use, what needs it begins anew: %s in_seconds=%.1f", what, pause)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE_SECONDS)


async def _had_its_locks(attempt: Callable[[], Awaitable[None]]) -> bool:
    """Carry an attempt out; False: a lock was not free in time, and the attempt changed nothing."""
    try:
        await attempt()
    except DBAPIError as error:
        if sql_state(error) in _GAVE_WAY:
            return False
        raise
    return True


async def _migrate(database: Database, to: str) -> None:
    """Migrate, all in one transaction."""
    async with database.writing() as connection:
        # On SQLite any statement waits for its turn: the transaction begins with its first one.
        turn = func.pg_advisory_xact_lock(AdvisoryLock.MIGRATION.value) if database.shared else literal(1)
        await connection.execute(select(turn))
        if database.shared:
            await wait_briefly(connection)
        await connection.run_sync(_upgrade, to)


def _upgrade(connection: Connection, to: str) -> None:
    has = require_migratable(connection)
    if has is not None and has >= to:  # another process was quicker
        return
    # Not above: each start of the service and each other command would pay for it.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
