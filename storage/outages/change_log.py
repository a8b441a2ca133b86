"""All outages' histories as one sequence, by the ids of their lines."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, func, select

from hotline.outages.outage import OutageEntry
from storage.core.database import Database
from storage.core.settled import SettledLines
from storage.outages.rows import read_outage_entry
from storage.tables import outage_history

_LATELY = select(outage_history).order_by(outage_history.c.id.desc()).limit(bindparam("most"))
_LINES = (
    select(outage_history)
    .where(outage_history.c.id > bindparam("place"), outage_history.c.id <= bindparam("last"))
    .order_by(outage_history.c.id)
    .limit(bindparam("most"))
)
_FIRST_SINCE = select(func.min(outage_history.c.id)).where(outage_history.c.at >= bindparam("since"))


@define(eq=False, repr=False)
class StoredOutageLog:
    """`hotline.outages.change_log.OutageLog` on a database."""

    _database: Database
    _settled: SettledLines = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._settled = SettledLines(self._database, outage_history)

    async def lines(self, place: int, limit: int) -> Sequence[OutageEntry]:
        async with self._database.reading() as connection:
            asked = {"place": place, "last": await self._settled.last(connection), "most": limit}
            return [read_outage_entry(row) for row in (await connection.execute(_LINES, asked)).mappings()]

    async def lately(self, limit: int) -> Sequence[OutageEntry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATELY, {"most": limit})).mappings().all()
        return [read_outage_entry(row) for row in reversed(rows)]

    async def place_of(self, since: datetime) -> int:
        async with self._database.reading() as connection:
            first: int | None = (await connection.execute(_FIRST_SINCE, {"since": since})).scalar()
            return first - 1 if first is not None else await self._settled.newest(connection)
