"""Slower places of abusive callers."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import define
from sqlalchemy import bindparam, insert, select, update

from hotline.supervision.slower_places import NewSlowerPlace, SlowerPlace
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import slower_places as table

_STANDS = (table.c.ended_at.is_(None)) & (table.c.until >= bindparam("today"))
_OF = select(table).where(table.c.number == bindparam("caller"), _STANDS).order_by(table.c.id.desc())
_STANDING = select(table).where(_STANDS).order_by(table.c.review_on, table.c.id)
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


@define(eq=False, repr=False)
class StoredSlowerPlaces:
    """`hotline.supervision.slower_places.SlowerPlaces` on a database."""

    _database: Database

    async def of(self, number: str, today: date) -> SlowerPlace | None:
        async with self._database.read_inline() as connection:
            found = await connection.execute(_OF, {"caller": number, "today": today})
            row = found.mappings().first()
        return None if row is None else row_to(SlowerPlace, row)

    async def standing(self, today: date) -> Sequence[SlowerPlace]:
        async with self._database.reading() as connection:
            found = await connection.execute(_STANDING, {"today": today})
            return [row_to(SlowerPlace, row) for row in found.mappings()]

    async def place(self, new: NewSlowerPlace, *, by: int, at: datetime) -> SlowerPlace:
        values = {
            "number": new.number,
            "reason": new.reason,
            "placed_by": by,
            "placed_at": at,
            "until": new.until,
            "review_on": new.review_on,
        }
        async with self._database.writing() as connection:
            await connection.execute(_REPLACED, {"caller": new.number, "by": by, "at": at})
            made = await connection.execute(insert(table).values(values).returning(*table.c))
            return row_to(SlowerPlace, made.mappings().one())

    async def end(self, place_id: int, *, by: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_END, {"place": place_id, "by": by, "at": at})

    async def review(self, place_id: int, next_on: date) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_REVIEW, {"place": place_id, "next_on": next_on})
