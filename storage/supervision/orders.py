"""Orders by which dispatchers do not see who listens to them."""

from datetime import date, datetime

from attrs import define, field
from sqlalchemy import bindparam, insert, select, update

from hotline.supervision.orders import ListeningOrder, OrderStands
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.writes import Remembered
from storage.tables import listening_orders as table

_STANDING = select(table).where(table.c.ended_at.is_(None)).order_by(table.c.id)
_END = (
    update(table)
    .where(table.c.id == bindparam("order"), table.c.ended_at.is_(None))
    .values(ended_by=bindparam("by"), ended_at=bindparam("at"))
)


@define(eq=False, repr=False)
class StoredListeningOrders:
    """`hotline.supervision.orders.ListeningOrders` on a database."""

    _database: Database
    _last: Remembered[ListeningOrder | None] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._last = Remembered(self._database.writes, self._read, [table])

    async def standing(self) -> ListeningOrder | None:
        return await self._last.get()

    async def _read(self) -> ListeningOrder | None:
        async with self._database.reading() as connection:
            row = (await connection.execute(_STANDING)).mappings().first()
        return None if row is None else row_to(ListeningOrder, row)

    async def place(self, number: str, dated: date, *, by: int, at: datetime) -> ListeningOrder:
        new = {"number": number, "dated": dated, "placed_by": by, "placed_at": at}
        async with self._database.writing() as connection:
            if (await connection.execute(_STANDING)).first() is not None:
                raise OrderStands("Another order stands: end it first.")
            made = await connection.execute(insert(table).values(new).returning(*table.c))
            return row_to(ListeningOrder, made.mappings().one())

    async def end(self, order_id: int, *, by: int, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_END, {"order": order_id, "by": by, "at": at})
