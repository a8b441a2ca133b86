"""Looks whether outages were entered late or are overdue, and has the head and the managers told."""

import logging

from attrs import define, field

from hotline.clock import Clock
from hotline.delivery.outbox import Outbox
from hotline.enterprises.executors import Executors
from hotline.isolation import repeat
from hotline.outages.entries import TOLD_FOR, owed_for
from hotline.outages.outage import Outages

log = logging.getLogger(__name__)

EVERY_SECONDS = 60.0
MOST = 1000


@define(eq=False, repr=False)
class OutageEntries:
    """Each notice is owed once for its matter; what this process has owed it does not try again."""

    _outages: Outages
    _executors: Executors
    _outbox: Outbox
    _clock: Clock
    _owed: set[str] = field(factory=set, init=False)

    async def keep(self) -> None:
        """Look until cancelled."""
        await repeat(self.once, every=EVERY_SECONDS, failure="entries of outages not looked at")

    async def once(self) -> None:
        now = self._clock.now()
        lately = await self._outages.find(limit=MOST, since=now - TOLD_FOR)
        looked_at = {one.id: one for one in [*lately, *await self._outages.now(now)]}
        enterprises = {one.id: one for one in await self._executors.all()}
        owed = [
            notice
            for one in looked_at.values()
            for notice in owed_for(one, enterprises.get(one.executor_id or 0), now)
        ]
        new = [one for one in owed if one.matter not in self._owed]
        if new:
            await self._outbox.owe(new, now)
            log.info("entries of outages told notices=%d", len(new))
        self._owed = {one.matter for one in owed}
