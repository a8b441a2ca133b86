"""Standing orders, as every call and every reader asks for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from hotline.informing.order_states import OrderState
from hotline.informing.orders import InformingOrder, Way
from storage.core.database import Database
from storage.core.fresh import Fresh
from storage.informing.orders import read_order
from storage.tables import informing_orders

_STANDING = (
    select(informing_orders)
    .where(
        informing_orders.c.state.in_(
            [OrderState.APPROVED.value, OrderState.PREPARING.value, OrderState.RUNNING.value]
        ),
        informing_orders.c.until.is_not(None),
    )
    .order_by(informing_orders.c.starts_at, informing_orders.c.id)
)


class StoredStandingOrders:
    """`hotline.informing.standing_orders.StandingOrders` on a database; a change is in it a second later."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standing: Fresh[Sequence[InformingOrder]] = Fresh(
            self._read, writes=database.writes, of=[informing_orders]
        )

    async def renew(self) -> None:
        """Refresh the orders that every caller asks for, apart from the callers' path."""
        await self._standing.renew()

    async def by(self, way: Way, at: datetime) -> Sequence[InformingOrder]:
        return [one for one in await self._standing.get() if one.stands(way, at)]

    async def ahead(self) -> Sequence[InformingOrder]:
        return [one for one in await self._standing.get() if Way.IVR in one.ways]

    async def _read(self) -> Sequence[InformingOrder]:
        async with self._database.read_inline() as connection:
            return [read_order(row) for row in (await connection.execute(_STANDING)).mappings()]
