"""Up to where a table that is appended to can be read, and no line that is still being written is missed.

On PostgreSQL acts that are written at once may be kept in another order than their lines are numbered: a line
counts only when every transaction that was open as it appeared has ended. SQLite has one writer at a time.
"""

from attrs import define, field
from sqlalchemy import Table, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.core.database import Database

_OPEN = (
    "SELECT coalesce((SELECT max(id) FROM {name}), 0),"
    " pg_snapshot_xmin(pg_current_snapshot())::text::bigint,"
    " pg_current_xact_id()::text::bigint"
)
"""The newest line, the oldest transaction under way, and the number of this one.

All that may have a line before the newest have lower numbers. A snapshot's own upper end would not do: it
leaves out those that began last.
"""


@define(eq=False, repr=False)
class SettledLines:
    """Knows the last line of one table before which none can appear any more."""

    _database: Database
    _table: Table
    _settled: int = field(default=0, init=False)
    _awaited: tuple[int, int] | None = field(default=None, init=False)
    """A later line, and a transaction that began after it appeared."""

    async def newest(self, connection: AsyncConnection) -> int:
        """Give the last line that there is, settled or not; 0 for none."""
        last: int = (
            await connection.execute(select(func.coalesce(func.max(self._table.c.id), 0)))
        ).scalar_one()
        return last

    async def last(self, connection: AsyncConnection) -> int:
        """Give the last line that is settled."""
        if not self._database.shared:
            return await self.newest(connection)
        asked = text(_OPEN.format(name=self._table.name))
        newest, oldest_open, ours = (await connection.execute(asked)).one()
        if oldest_open >= ours:  # nobody else is writing
            self._settled, self._awaited = newest, None
        elif self._awaited is None:
            self._awaited = (newest, ours)
        elif oldest_open >= self._awaited[1]:
            self._settled, self._awaited = self._awaited[0], (newest, ours)
        return self._settled
