"""All couriers at work: each on its own, so that a slow or dead gateway holds back its own channel alone."""

import asyncio
from collections.abc import Sequence

from attrs import define, field

from hotline.isolation import repeat
from service.delivery.courier import Courier
from service.ending import DELIVERING_SECONDS

EVERY_SECONDS = 1.0


@define(eq=False, repr=False)
class Delivery:
    """Delivers all channels.

    `alone`: no other process delivers from this database, so that all old claims are dead.
    """

    _couriers: Sequence[Courier]
    _alone: bool = field(kw_only=True)
    _every: float = field(default=EVERY_SECONDS, kw_only=True)
    _stop: asyncio.Event = field(factory=asyncio.Event, init=False)
    _ended: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def keep(self) -> None:
        """Deliver until `end`."""
        try:
            async with asyncio.TaskGroup() as tasks:
                for courier in self._couriers:
                    tasks.create_task(self._keep(courier), name=f"courier-{courier.channel}")
        finally:
            self._ended.set()

    async def end(self) -> None:
        """Claim nothing more, and let hand-overs under way finish, for a while."""
        self._stop.set()
        try:
            await asyncio.wait_for(self._ended.wait(), DELIVERING_SECONDS)
        except TimeoutError:
            return

    async def _keep(self, courier: Courier) -> None:
        if self._alone:
            await courier.all_died()
        failure = f"notices by {courier.channel} not delivered"
        try:
            await repeat(lambda: self._rounds(courier), every=self._every, failure=failure, until=self._stop)
            await courier.finish()
        finally:
            courier.drop()

    async def _rounds(self, courier: Courier) -> None:
        while not self._stop.is_set() and await courier.round():
            pass
