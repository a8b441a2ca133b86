"""Indexes of great tables, built before the migration that needs them, while calls go on being written.

A migration is one transaction, and an index built in it would let nobody write to its table for minutes,
with millions of calls. PostgreSQL builds one beside the writers, but in no transaction.
"""

import asyncio
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
_TURN = text("SELECT pg_try_advisory_lock(:key)")
"""Tried again and again, since who waited for it would be waited for by the building."""
_OVER = text("SELECT pg_advisory_unlock(:key)")
_BROKEN_OFF = text(
    "SELECT named.relname FROM pg_index JOIN pg_class AS named ON named.oid = indexrelid"
    " WHERE NOT indisvalid AND named.relname = ANY(:names)"
)
"""Indexes whose building was broken off: PostgreSQL leaves half of one, which nothing uses."""


async def build_before(database: Database, to: str) -> None:
    """Build what the migrations up to `to` need and the database lacks; nothing on SQLite, of one writer.

    Raises OtherSchema, as the migration does: in a database that it refuses, nothing is built.
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
        try:
            await _build(connection, wanted)
        finally:
            await connection.execute(_OVER, turn)


def _wanted(has: str, to: str) -> Mapping[str, str]:
    of = [indexes for revision, indexes in INDEXES.items() if has < revision <= to]
    return {name: made for indexes in of for name, made in indexes.items()}


async def _build(connection: AsyncConnection, wanted: Mapping[str, str]) -> None:
    names: Sequence[str] = list(wanted)
    for name in (await connection.execute(_BROKEN_OFF, {"names": names})).scalars().all():
        await connection.execute(text(f"DROP INDEX CONCURRENTLY {name}"))
    for name, made in wanted.items():
        table, _, of = made.partition(" ")
        await connection.execute(text(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {table} {of}"))
