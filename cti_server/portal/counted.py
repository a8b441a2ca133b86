"""Open matters of each street, counted at most once a minute however many people look."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta

from attrs import define, field

from hotline.city.addresses import Gazetteer
from hotline.clock import Clock
from hotline.portal.matters import PublicMatters

LASTS = timedelta(minutes=1)


@define(eq=False, repr=False)
class OpenByStreet:
    """Counts by the register's names; a place that it does not know is counted under none."""

    _matters: PublicMatters
    _clock: Clock
    _at: datetime | None = field(default=None, init=False)
    _places: Mapping[str, int] = field(factory=dict, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def counted(self, gazetteer: Gazetteer) -> Mapping[str, int]:
        """Give the counts as they were within the last minute."""
        async with self._turn:
            now = self._clock.now()
            if self._at is None or not self._at <= now < self._at + LASTS:
                self._places, self._at = await self._matters.open_by_place(), now
        found: Counter[str] = Counter()
        for place, many in self._places.items():
            found[gazetteer.street(place) or ""] += many
        del found[""]
        return found
