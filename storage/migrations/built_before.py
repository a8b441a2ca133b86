"""Indexes of great tables, built before the migration that needs them, while calls go on being written.

A migration is one transaction, and an index built in it would let nobody write to its table for minutes,
with millions of calls. PostgreSQL builds one beside the writers, but in no transaction.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.advisory_locks import AdvisoryLock
from storage.core.database import Database
from storage.core.schema import require_migratable

INDEXES: Mapping[str, Mapping[str, str]] = {
    "0139": {
        "ix_calls_with_number": "calls (ended_at) WHERE (number IS NOT NULL OR shown <> '')",
        "ix_journey_steps_at": "journey_steps (at)",
    },
    "0147": {
        "ix_appeals_assignee": (
            "appeals (assignee_id, registered_at, number) WHERE (assignee_id IS NOT NULL)"
        ),
    },
}
"""A migration → its indexes with what they are of, in PostgreSQL's words; it makes those that nobody did."""
AGAIN_SECONDS = 0.2
LEAST_SECONDS = 0.3
"""For a lock, though the time is over: a table that nobody keeps is free at once."""
TOLD_EVERY_SECONDS = 10.0
_TURN = text("SELECT pg_try_advisory_lock(:key)")
"""Tried again and again, since who waited for it would be waited for by the building."""
_OVER = text("SELECT pg_advisory_unlock(:key)")
_BOUNDED = text("SELECT set_config('lock_timeout', :ms, false)")
_UNBOUNDED = text("RESET lock_timeout")
_PROGRESS = text(
    "SELECT coalesce(named.relname::text, '') AS index, phase, blocks_done AS done, blocks_total AS total,"
    " current_locker_pid AS waits_for FROM pg_stat_progress_create_index AS told"
    " LEFT JOIN pg_class AS named ON named.oid = told.index_relid WHERE told.datname = current_database()"
)
_BROKEN_OFF = text(
    "SELECT named.relname FROM pg_index JOIN pg_class AS named ON named.oid = indexrelid"
    " WHERE NOT indisvalid AND named.relname = ANY(:names)"
)
"""Indexes whose building was broken off: PostgreSQL leaves half of one, which nothing uses."""

log = logging.getLogger(__name__)


async def build_before(database: Database, to: str, gives_up: float) -> None:
    """Build what the migrations up to `to` need and the database lacks; nothing on SQLite, of one writer.

    PostgreSQL waits for each transaction that began before the building, also one that only reads (a backup).
    Nobody waits behind it meanwhile, so it is waited for until `gives_up`, by the clock of the loop: then, or
    where a writer and the building wait for each other, it is DBAPIError. Half of an index that is left so
    is dropped by the next attempt. Raises OtherSchema, as the migration does: in a database that it refuses,
    nothing is built.
    """
    if not database.shared:
        return
    async with database.session() as connection:
        has = await connection.run_sync(require_migratable)
        wanted = {} if has is None else _wanted(has, to)
        if not wanted:
            return
        turn = {"key": AdvisoryLock.MIGRATION.value}
        while not (await connection.execute(_TURN, turn)).scalar_one():  # noqa: ASYNC110 - another process has it
            await asyncio.sleep(AGAIN_SECONDS)
        telling = asyncio.create_task(_tell(database), name="how far the building of indexes is")
        try:
            await _build(connection, wanted, gives_up)
        finally:
            telling.cancel()
            await connection.execute(_UNBOUNDED)
            await connection.execute(_OVER, turn)


def _wanted(has: str, to: str) -> Mapping[str, str]:
    of = [indexes for revision, indexes in INDEXES.items() if has < revision <= to]
    return {name: made for indexes in of for name, made in indexes.items()}


async def _build(connection: AsyncConnection, wanted: Mapping[str, str], gives_up: float) -> None:
    names: Sequence[str] = list(wanted)
    broken_off = (await connection.execute(_BROKEN_OFF, {"names": names})).scalars().all()
    drops = [f"DROP INDEX CONCURRENTLY {name}" for name in broken_off]
    builds = [f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {made}" for name, made in wanted.items()]
    for statement in [*drops, *builds]:
        waits = max(gives_up - asyncio.get_running_loop().time(), LEAST_SECONDS)
        await connection.execute(_BOUNDED, {"ms": f"{waits * 1000:.0f}"})
        await connection.execute(text(statement))


async def _tell(database: Database) -> None:
    """Tell the log every ten seconds how far the building is and for which process it waits."""
    while True:
        await asyncio.sleep(TOLD_EVERY_SECONDS)
        async with database.reading() as connection:
            for row in (await connection.execute(_PROGRESS)).mappings():
                log.info(
                    "an index is being built index=%(index)s phase=%(phase)r blocks=%(done)d of=%(total)d"
                    " waits_for_process=%(waits_for)d",
                    dict(row),
                )
