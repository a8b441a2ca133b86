"""Looks once in a while which orders are to begin, and which have told everybody."""

import logging
from collections.abc import Sequence
from functools import partial

from attrs import define, field

from hotline.clock import Clock
from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.informing.orders import InformingOrder, InformingOrders
from hotline.isolation import IsolatedItems, repeat, run_isolated
from storage.informing.preparing import InformingPreparing

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0


@define(eq=False, repr=False)
class Informing:
    """Carries orders through.

    Their progress is in the database: a round begins where the last one ended, or died.
    """

    _orders: InformingOrders
    _preparing: InformingPreparing
    _clock: Clock
    _sms: Sequence[str] = UKRAINIAN_MOBILES
    """Beginnings of the numbers to which the city sends short messages."""
    _isolated: IsolatedItems = field(factory=lambda: IsolatedItems("an order not looked after"), init=False)

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.once, every=EVERY_SECONDS, failure="orders not looked after")

    async def once(self) -> None:
        for order in await self._preparing.due(self._clock.now()):
            log.info("informing begins order=%d", order.id)
            prepare = partial(self._preparing.prepare, order, self._clock.now(), self._sms)
            await self._isolated.do(f"begin-{order.id}", prepare)
        await run_isolated(
            partial(self._preparing.hold_back, self._clock.now()), "what was stopped not held back"
        )
        for order in await self._preparing.ended(self._clock.now()):
            await self._isolated.do(f"end-{order.id}", partial(self._end, order))

    async def _end(self, order: InformingOrder) -> None:
        await self._preparing.done(order, self._clock.now())
        log.info("informing is over order=%d", order.id)
