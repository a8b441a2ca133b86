"""The presence of all dispatchers as one sequence, by the ids of its lines."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, func, select

from hotline.line.presence_changes import PresenceLine
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.settled import SettledLines
from storage.tables import presence_history

_LATELY = select(presence_history).order_by(presence_history.c.id.desc()).limit(bindparam("most"))
_LINES = (
    select(presence_history)
    .where(presence_history.c.id > bindparam("place"), presence_history.c.id <= bindparam("last"))
    .order_by(presence_history.c.id)
    .limit(bindparam("most"))
)
_LAST_BEFORE = select(func.coalesce(func.max(presence_history.c.id), 0)).where(
    presence_history.c.at < bindparam("since")
)


@define(eq=False, repr=False)
class StoredPresenceChanges:
    """`hotline.line.presence_changes.PresenceChanges` on a database."""

    _database: Database
    _settled: SettledLines = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._settled = SettledLines(self._database, presence_history)

    async def lines(self, place: int, limit: int) -> Sequence[PresenceLine]:
        async with self._database.reading() as connection:
            asked = {"place": place, "last": await self._settled.last(connection), "most": limit}
            return [row_to(PresenceLine, row) for row in (await connection.execute(_LINES, asked)).mappings()]

    async def lately(self, limit: int) -> Sequence[PresenceLine]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATELY, {"most": limit})).mappings().all()
        return [row_to(PresenceLine, row) for row in reversed(rows)]

    async def place_of(self, since: datetime) -> int:
        async with self._database.reading() as connection:
            place: int = (await connection.execute(_LAST_BEFORE, {"since": since})).scalar_one()
        return place
