"""All appeals' histories as one sequence, by the ids of their lines."""

from collections.abc import Sequence
from datetime import datetime

from attrs import define, field
from sqlalchemy import bindparam, func, select, text

from hotline.appeals.change_log import Changes
from hotline.appeals.handling import Entry
from storage.appeals.history_rows import read_entry
from storage.core.database import Database
from storage.core.settled import SettledLines
from storage.tables import appeal_history
from storage.tables.handling import MOVED

_AFTER = (
    select(appeal_history.c.id, appeal_history.c.number)
    .where(appeal_history.c.id > bindparam("place"), appeal_history.c.id <= bindparam("last"))
    .order_by(appeal_history.c.id)
    .limit(bindparam("most"))
)
_LATELY = select(appeal_history).order_by(appeal_history.c.id.desc()).limit(bindparam("most"))
_LINES = (
    select(appeal_history)
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
    _settled: SettledLines = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._settled = SettledLines(self._database, appeal_history)

    async def after(self, place: int, limit: int) -> Changes:
        async with self._database.reading() as connection:
            last = await self._settled.last(connection)
            asked = {"place": place, "last": last, "most": limit + 1}
            lines = (await connection.execute(_AFTER, asked)).all()
        given = lines[:limit]
        in_order = list(dict.fromkeys(number for _id, number in reversed(given)))
        return Changes(
            numbers=in_order[::-1],
            place=given[-1][0] if given else place,
            more=len(lines) > limit,
        )

    async def lines(self, place: int, limit: int) -> Sequence[Entry]:
        async with self._database.reading() as connection:
            asked = {"place": place, "last": await self._settled.last(connection), "most": limit}
            return [read_entry(row) for row in (await connection.execute(_LINES, asked)).mappings()]

    async def lately(self, limit: int) -> Sequence[Entry]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_LATELY, {"most": limit})).mappings().all()
        return [read_entry(row) for row in reversed(rows)]

    async def place_of(self, since: datetime) -> int:
        async with self._database.reading() as connection:
            first: int | None = (await connection.execute(_FIRST_SINCE, {"since": since})).scalar()
            if first is not None:
                return first - 1
            return await self._settled.newest(connection)

    async def moved(self, since: datetime, until: datetime, limit: int) -> Sequence[Entry]:
        asked = {"since": since, "until": until, "most": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_MOVED, asked)).mappings()
            return [read_entry(row) for row in rows]
