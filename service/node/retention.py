"""Once an hour forgets what nobody needs any more."""

import logging
from datetime import timedelta

from attrs import define

from hotline.clock import Clock
from hotline.isolation import repeat
from hotline.outages.subscriptions import OutageSubscriptions
from hotline.retention import Retention
from storage.retention import StoredRetention

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


@define(eq=False, repr=False)
class Sweep:
    """Deletes old records. Doing it twice, or by several processes, does no harm."""

    _swept: StoredRetention
    _subscriptions: OutageSubscriptions
    _kept: Retention
    _clock: Clock

    async def keep(self) -> None:
        """Sweep until cancelled."""
        await repeat(self.round, every=EVERY.total_seconds(), failure="what is too old not forgotten")

    async def round(self) -> None:
        """Delete the records that are too old by now."""
        now = self._clock.now()
        await self._subscriptions.sweep(now)
        if number := await self._swept.sweep(self._kept, now):
            log.info("too old and forgotten rows=%d", number)
