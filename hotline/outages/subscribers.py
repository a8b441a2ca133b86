"""Notifies subscribers of an address about each new outage there; as watchers they hear of its changes.

It keeps nothing in memory: a subscriber who does not watch an outage at their address yet is notified, so
that a round after a crash goes on where the last one ended.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from hotline.clock import Clock
from hotline.isolation import IsolatedItems
from hotline.outages.outage import Outage, Outages
from hotline.outages.subscriptions import OutageSubscriptions, Subscription

EVERY_SECONDS = 2.0
AT_ONCE = 100
"""Subscribers told in one transaction, so that no call waits for it long."""
OVERLAP = timedelta(minutes=1)
"""How much later than its own moment a confirmation may become visible."""

log = logging.getLogger(__name__)


class OutageSubscribers:
    """Notifies all subscribers of new and changed outages, and newly confirmed subscribers of the others."""

    def __init__(self, outages: Outages, subscriptions: OutageSubscriptions, clock: Clock) -> None:
        self._outages = outages
        self._subscriptions = subscriptions
        self._clock = clock
        self._isolated = IsolatedItems("subscribers of an outage not told")
        self._known: frozenset[tuple[int, int]] = frozenset()
        self._looked_at = clock.now()
        self._latest: frozenset[int] = frozenset()

    async def round(self) -> None:
        """Notify all subscribers who are due."""
        now = self._clock.now()
        outages = [*await self._outages.now(now), *await self._outages.coming(now)]
        changed = {(one.id, one.version) for one in outages} - self._known
        latest = await self._confirmed_lately() if outages else ()
        new = [one for one in latest if one.id not in self._latest]
        everybody = await self._subscriptions.living() if changed else ()
        known = set()
        for outage in outages:
            this = outage.id, outage.version
            tell = partial(self._tell_of, outage, everybody if this in changed else new)
            if await self._isolated.do(f"outage-{outage.id}", tell):
                known.add(this)
        self._known, self._latest = frozenset(known), frozenset(one.id for one in latest)
        self._looked_at = now

    async def _confirmed_lately(self) -> Sequence[Subscription]:
        return await self._subscriptions.living(self._looked_at - OVERLAP)

    async def _tell_of(self, outage: Outage, living: Sequence[Subscription]) -> None:
        concerned = [one for one in living if one.place and outage.concerns(one.place)]
        for first in range(0, len(concerned), AT_ONCE):
            some = concerned[first : first + AT_ONCE]
            if new := await self._subscriptions.announce(outage, some, self._clock.now()):
                log.info("subscribers watch an outage outage=%d new=%d", outage.id, new)
            await asyncio.sleep(0)
