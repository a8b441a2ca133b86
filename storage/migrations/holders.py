"""Processes that keep a table which a migration has to change, and advice on them to the administrator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.wraparound import AGE

_TO_BE_WAITED_FOR = (
    "PostgreSQL itself keeps {named}: it vacuums it to prevent wraparound of the numbers of transactions, and"
    " gives way to nobody meanwhile. Nothing is lost, calls go on. Wait until it is over (`SELECT * FROM"
    " pg_stat_progress_vacuum` tells how far it is), and run `hotline migrate` again. Ended, it would begin"
    " anew. Before another upgrade `hotline doctor` tells whether one is near: `VACUUM (FREEZE) {tables}` in"
    " a quiet hour comes before it."
)
_TO_BE_ENDED = (
    "Some program keeps {kept}. In PostgreSQL `SELECT pid, xact_start, query FROM pg_stat_activity ORDER BY"
    " xact_start` tells what it does. End it (`SELECT pg_terminate_backend(pid)`), and run `hotline migrate`"
    " again."
)
MOST = 3
"""Named at once: the others keep theirs for as long as a statement takes."""
_HELD = text(f"""
SELECT held.pid, who.xact_start AS since,
    array_agg(DISTINCT named.relname::text ORDER BY named.relname::text) AS tables,
    who.usesysid IS NULL AND bool_or(held.mode = 'ShareUpdateExclusiveLock') AS vacuums,
    coalesce(bool_or({AGE} > 1), false) AS aged
FROM pg_locks AS held
JOIN pg_class AS named ON named.oid = held.relation
JOIN pg_stat_activity AS who ON who.pid = held.pid
WHERE held.locktype = 'relation' AND held.granted AND held.pid <> pg_backend_pid()
AND held.database = (SELECT oid FROM pg_database WHERE datname = current_database())
AND named.relkind = 'r' AND named.relnamespace = current_schema()::regnamespace
GROUP BY held.pid, who.xact_start, who.usesysid
ORDER BY vacuums DESC, who.xact_start
LIMIT :most
""")  # noqa: S608 - our own names
"""Of a process of PostgreSQL's own we see neither what it does nor since when, only that it is nobody's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """A process that has locked tables of ours; `since` its transaction began, None: we are not told."""

    pid: int
    since: datetime | None
    tables: Sequence[str]
    vacuums: bool
    """It is an autovacuum, and nobody's transaction."""
    aged: bool
    """A table of these has to be vacuumed before transactions' numbers begin again."""

    @property
    def gives_way(self) -> bool:
        """Whether PostgreSQL itself ends this process when a migration waits for a table that it keeps."""
        return self.vacuums and not self.aged


async def holders(connection: AsyncConnection) -> Sequence[Holder]:
    """Find those who keep tables of ours, PostgreSQL's own vacuum first, then the oldest transaction."""
    rows = (await connection.execute(_HELD, {"most": MOST})).mappings()
    return [Holder(**row) for row in rows]


def advice(found: Sequence[Holder]) -> str:
    """Say who keeps which table and what to do: to wait for PostgreSQL, or to end somebody's transaction."""
    vacuum = next((one for one in found if one.vacuums and not one.gives_way), None)
    if vacuum is not None:
        named = _named(vacuum)
        return _TO_BE_WAITED_FOR.format(named=named, tables=", ".join(vacuum.tables))
    kept = "; ".join(_named(one) for one in found) or "a table"
    return _TO_BE_ENDED.format(kept=kept)


def _named(one: Holder) -> str:
    since = f" since {one.since:%Y-%m-%d %H:%M} UTC" if one.since else ""
    return f"{', '.join(one.tables)} (process {one.pid}{since})"
