"""Has whoever subscribed to an address told of each new outage there; what comes after, watchers are told.

Nothing in memory matters: whoever does not watch an outage at their address yet is told of it, so a round
after a crash goes on where the last one ended.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta

from hotline.clock import Clock
from hotline.outage_subscriptions import OutageSubscriptions, Subscription
from hotline.outages import Outage, Outages
from service.background import repeat

EVERY_SECONDS = 2.0
AT_ONCE = 100
"""Subscribers told in one transaction, so that no call waits for it long."""
SWEPT_EVERY = timedelta(hours=1)

log = logging.getLogger(__name__)


class OutageSubscribers:
    """Compares what holds or comes with who subscribed, whenever either is another than before."""

    def __init__(self, outages: Outages, subscriptions: OutageSubscriptions, clock: Clock) -> None:
        self._outages = outages
        self._subscriptions = subscriptions
        self._clock = clock
        self._known: frozenset[tuple[int, int]] = frozenset()
        self._living: tuple[int, ...] = ()
        self._swept_at = clock.now() - SWEPT_EVERY

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.round, every=EVERY_SECONDS, failure="subscribers of outages not told")

    async def round(self) -> None:
        """Tell whoever is to be told by now."""
        now = self._clock.now()
        if now - self._swept_at >= SWEPT_EVERY:
            await self._subscriptions.sweep(now)
            self._swept_at = now
        outages = [*await self._outages.now(now), *await self._outages.coming(now)]
        living = await self._subscriptions.living()
        known, ids = frozenset((one.id, one.version) for one in outages), tuple(one.id for one in living)
        somebody_new = ids != self._living
        for outage in outages:
            if somebody_new or (outage.id, outage.version) not in self._known:
                await self._tell_of(outage, living)
        self._known, self._living = known, ids

    async def _tell_of(self, outage: Outage, living: Sequence[Subscription]) -> None:
        concerned = [one for one in living if one.place and outage.concerns(one.place)]
        for first in range(0, len(concerned), AT_ONCE):
            some = concerned[first : first + AT_ONCE]
            if new := await self._subscriptions.announce(outage, some, self._clock.now()):
                log.info("subscribers watch an outage outage=%d new=%d", outage.id, new)
            await asyncio.sleep(0)
