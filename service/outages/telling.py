"""Looks whether an outage has changed and settled, and has those told who asked."""

import logging
from datetime import timedelta

from attrs import define

from hotline.clock import Clock
from hotline.isolation import repeat
from storage.outages.telling import StoredOutageTelling

log = logging.getLogger(__name__)

EVERY_SECONDS = 2.0


@define(eq=False, repr=False)
class OutageTelling:
    """Owes notices to watchers. It reads changes from the register, so that none is missed after a crash."""

    _telling: StoredOutageTelling
    _clock: Clock
    _settling: timedelta
    _called_percent: int

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self._round, every=EVERY_SECONDS, failure="watchers of outages not told")

    async def _round(self) -> None:
        while told := await self._tell():
            log.info("watchers of outages told watchers=%d", told)

    async def _tell(self) -> int:
        now, percent = self._clock.now(), self._called_percent
        return await self._telling.tell(now, self._settling, called_percent=percent)
