"""Open matters of streets, counted once a minute, and ends of appeals, each digest read once."""

import asyncio
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from attrs import define, field

from hotline.city.addresses import Gazetteer
from hotline.clock import Clock
from hotline.errors import NotFound
from hotline.portal.closings import ClosingDigests
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


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """A day's ends of appeals, by how they were said, with the SHA-256 of its digest."""

    day: date
    sha256: str
    counts: Mapping[str, int]


@define(eq=False, repr=False)
class EndsByDay:
    """Reads each digest once: none ever changes, and a city's is some fifty kilobytes."""

    _digests: ClosingDigests
    _known: Mapping[str, CountedDay] = field(factory=dict, init=False)

    async def newest(self, most: int) -> Sequence[CountedDay]:
        """Give the last days, the newest first."""
        index = list((await self._digests.index()).items())[-most:]
        self._known = {sha: self._known.get(sha) or await self._counted(day) for day, sha in index}
        return [self._known[sha] for _, sha in reversed(index)]

    async def _counted(self, day: date) -> CountedDay:
        found = await self._digests.of_day(day)
        if found is None:
            raise NotFound("This day has no digest.")
        return CountedDay(day=day, sha256=found.sha256, counts=json.loads(found.text)["counts"])
