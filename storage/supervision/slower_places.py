"""Slower places of abusive callers."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import bindparam, insert, select, update

from hotline.supervision.slower_places import NewSlowerPlace, SlowerPlace
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.core.rows import row_to
from storage.tables import slower_places as table

_NOT_ENDED = select(table).where(table.c.ended_at.is_(None)).order_by(table.c.review_on, table.c.id)
_END = (
    update(table)
    .where(table.c.id == bindparam("place"), table.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)
_REPLACED = (
    update(table)
    .where(table.c.number == bindparam("caller"), table.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)
_REVIEW = (
    update(table)
    .where(table.c.id == bindparam("place"), table.c.ended_at.is_(None))
    .values(review_on=bindparam("next_on"))
)


class StoredSlowerPlaces:
    """`hotline.supervision.slower_places.SlowerPlaces` on a database; each who enters the line asks."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._not_ended: Fresh[Sequence[SlowerPlace]] = Fresh(self._read, writes=database.writes, of=[table])

    async def of(self, number: str, today: date) -> SlowerPlace | None:
        theirs = [one for one in await self.standing(today) if one.number == number]
        return max(theirs, key=lambda one: one.id, default=None)

    async def standing(self, today: date) -> Sequence[SlowerPlace]:
        return [one for one in await self._not_ended.get() if one.until >= today]

    async def _read(self) -> Sequence[SlowerPlace]:
        async with self._database.reading() as connection:
            return [row_to(SlowerPlace, row) for row in (await connection.execute(_NOT_ENDED)).mappings()]

    async def place(self, new: NewSlowerPlace, *, by: int, at: datetime) -> SlowerPlace:
        values = {
            "number": new.number,
            "reason": new.reason,
            "placed_by": by,
            "placed_at": at,
            "until": new.until,
            "review_on": new.review_on,
        }
        async with self._not_ended.changing(), self._database.writing() as connection:
            await connection.execute(_REPLACED, {"caller": new.number, "by": by, "at": at})
            made = await connection.execute(insert(table).values(values).returning(*table.c))
            return row_to(SlowerPlace, made.mappings().one())

    async def end(self, place_id: int, *, by: int, at: datetime) -> None:
        async with self._not_ended.changing(), self._database.writing() as connection:
            await connection.execute(_END, {"place": place_id, "by": by, "at": at})

    async def review(self, place_id: int, next_on: date) -> None:
        async with self._not_ended.changing(), self._database.writing() as connection:
            await connection.execute(_REVIEW, {"place": place_id, "next_on": next_on})
