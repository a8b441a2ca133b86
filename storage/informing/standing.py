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

Orders = Sequence[InformingOrder]

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

_STOPPED = (
    select(informing_orders)
    .where(
        informing_orders.c.state == OrderState.STOPPED.value,
        informing_orders.c.approver_id.is_not(None),
        informing_orders.c.until.is_not(None),
    )
    .order_by(informing_orders.c.stopped_at.desc(), informing_orders.c.id.desc())
    .limit(20)
)


class StoredStandingOrders:
    """`hotline.informing.standing_orders.StandingOrders` on a database; a change is in it a second later."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._standing: Fresh[tuple[Orders, Orders]] = Fresh(
            self._read, writes=database.writes, of=[informing_orders]
        )

    async def renew(self) -> None:
        """Refresh the orders that every caller asks for, apart from the callers' path."""
        await self._standing.renew()

    async def by(self, way: Way, at: datetime) -> Sequence[InformingOrder]:
        standing, _ = await self._standing.get()
        return [one for one in standing if one.stands(way, at)]

    async def stopped(self, way: Way, since: datetime) -> Sequence[InformingOrder]:
        _, stopped = await self._standing.get()
        return [
            one
            for one in stopped
            if one.told_until_stopped(way) and one.stopped_at is not None and one.stopped_at > since
        ]

    async def ahead(self) -> Sequence[InformingOrder]:
        standing, _ = await self._standing.get()
        return [one for one in standing if Way.IVR in one.ways]

    async def _read(self) -> tuple[Orders, Orders]:
        """Read the standing ones, and the latest that were stopped."""
        async with self._database.read_inline() as connection:
            standing = (await connection.execute(_STANDING)).mappings().all()
            stopped = (await connection.execute(_STOPPED)).mappings().all()
        return [read_order(row) for row in standing], [read_order(row) for row in stopped]
