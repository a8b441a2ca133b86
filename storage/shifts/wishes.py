"""Wishes for the roster on a database."""

from collections.abc import Sequence
from datetime import date, datetime

from attrs import define
from sqlalchemy import bindparam, delete, select

from hotline.shifts.wishes import DayWish, Wish
from storage.core.database import Database
from storage.tables import roster_wishes as table

_BETWEEN = (
    select(table)
    .where(table.c.day.between(bindparam("first"), bindparam("last")))
    .order_by(table.c.day, table.c.user_id)
)


@define(eq=False, repr=False)
class StoredWishes:
    """`hotline.shifts.wishes.Wishes` on a database."""

    _database: Database

    async def wish(self, user_id: int, days: Sequence[date], wish: Wish, reason: str, at: datetime) -> None:
        what = {"wish": wish.value, "reason": reason, "made_at": at}
        keep = self._database.insert(table).on_conflict_do_update(
            index_elements=[table.c.user_id, table.c.day], set_=what
        )
        async with self._database.writing() as connection:
            await connection.execute(keep, [{"user_id": user_id, "day": day, **what} for day in days])

    async def take_back(self, user_id: int, days: Sequence[date]) -> None:
        own = table.c.user_id == user_id
        async with self._database.writing() as connection:
            await connection.execute(delete(table).where(own, table.c.day.in_(days)))

    async def between(self, first: date, last: date) -> Sequence[DayWish]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_BETWEEN, {"first": first, "last": last})).mappings().all()
        return [
            DayWish(
                user_id=row["user_id"],
                day=row["day"],
                wish=Wish(row["wish"]),
                reason=row["reason"],
                made_at=row["made_at"],
            )
            for row in rows
        ]
