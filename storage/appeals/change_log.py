"""All appeals' histories as one sequence, by the ids of their lines.

On PostgreSQL acts that are written at once may be kept in another order than their lines are numbered: a line
counts only when every transaction that was open as it appeared has ended.
"""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.appeals.change_log import Changes
from hotline.appeals.handling import Entry
from storage.appeals.history_rows import read_entry
from storage.core.database import Database
from storage.tables import appeal_history
from storage.tables.handling import MOVED

_LAST = select(func.coalesce(func.max(appeal_history.c.id), 0))
_OPEN = text(
    "SELECT coalesce((SELECT max(id) FROM appeal_history), 0),"
    " pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
    " pg_current_xact_id()::text::bigint"
)
"""The newest line, the oldest transaction under way, and the number of this one.

All that may have a line before the newest have lower numbers. A snapshot's own upper end would not do: it
leaves out those that began last.
"""
_AFTER = (
    select(appeal_history.c.id, appeal_history.c.number)
    .where(appeal_history.c.id > bindparam("place"), appeal_history.c.id <= bindparam("last"))
    .order_by(appeal_history.c.id)
    .limit(bindparam("most"))
)
_FIRST_SINCE = select(func.min(appeal_history.c.id)).where(appeal_history.c.at >= bindparam("since"))
_MOVED = (
    select(appeal_history)
    .where(
        text(MOVED),
        appeal_history.c.at >= bindparam("since"),
        appeal_history.c.at < bindparam("until"),
    )
    .order_by(appeal_history.c.at.desc(), appeal_history.c.id.desc())
    .limit(bindparam("most"))
)


@define(eq=False, repr=False)
class StoredChangeLog:
    """`hotline.appeals.change_log.ChangeLog` on a database."""

    _database: Database
    _settled: int = field(default=0, init=False)
    """Up to this line none can appear any more."""
    _awaited: tuple[int, int] | None = field(default=None, init=False)
    """A later line, and a transaction that began after it appeared."""

    async def after(self, place: int, limit: int) -> Changes:
        async with self._database.reading() as connection:
            last = await self._last(connection)
            asked = {"place": place, "last": last, "most": limit + 1}
            lines = (await connection.execute(_AFTER, asked)).all()
        given = lines[:limit]
        in_order = list(dict.fromkeys(number for _id, number in reversed(given)))
        return Changes(
            numbers=in_order[::-1],
            place=given[-1][0] if given else place,
            more=len(lines) > limit,
        )

    async def _last(self, connection: AsyncConnection) -> int:
        """Give the last line before which none can appear any more; SQLite has one writer at a time."""
        if not self._database.shared:
            last: int = (await connection.execute(_LAST)).scalar_one()
            return last
        newest, oldest_open, ours = (await connection.execute(_OPEN)).one()
        if oldest_open >= ours:  # nobody else is writing
            self._settled, self._awaited = newest, None
        elif self._awaited is None:
            self._awaited = (newest, ours)
        elif oldest_open >= self._awaited[1]:
            self._settled, self._awaited = self._awaited[0], (newest, ours)
        return self._settled

    async def place_of(self, since: datetime) -> int:
        async with self._database.reading() as connection:
            first: int | None = (await connection.execute(_FIRST_SINCE, {"since": since})).scalar()
            if first is not None:
                return first - 1
            last: int = (await connection.execute(_LAST)).scalar_one()
            return last

    async def moved(self, since: datetime, until: datetime, limit: int) -> Sequence[Entry]:
        asked = {"since": since, "until": until, "most": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_MOVED, asked)).mappings()
            return [read_entry(row) for row in rows]
