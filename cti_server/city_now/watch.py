"""Watches the city for the pages that are open: says which of their parts has changed, and nothing more.

Nobody looks while no page is open. All are told alike; what they show is read by their own requests.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum

from cti_server.city_now.line import LineShown, read_line
from cti_server.city_now.sources import CityNowSources
from cti_server.city_now.told import read_told
from cti_server.frame.on_now import Told
from cti_server.frame.onlookers import LOOK_SECONDS, News, Onlooker, Onlookers
from hotline.events import AppealChanged, AppealRegistered, Event, OutageChanged
from hotline.outages.alerts import Alert
from hotline.outages.outage import Outage

REST_SECONDS = 2.0
"""Outages and appeals are told at most so often: in a blackout there are many."""
AGAIN_SECONDS = 60.0
"""How often they are told without any change: terms end by themselves."""


class Part(StrEnum):
    """A part of the page that is renewed."""

    LINE = "line"
    REST = "rest"
    TOLD = "told"


class CityWatch:
    """Compares how things stand with how they stood; `tell` is a listener of the bus."""

    def __init__(self, sources: CityNowSources) -> None:
        self._sources = sources
        self._onlookers = Onlookers()
        self._news = News()
        self._line: LineShown | None = None
        self._told: Sequence[Told] | None = None
        self._off: tuple[Sequence[Outage], Sequence[Alert]] = ((), ())
        self._rest_due = False
        self._rest_at = self._looked_at = 0.0

    def tell(self, event: Event) -> None:
        """Take an event; returns at once."""
        if isinstance(event, AppealRegistered | AppealChanged | OutageChanged):
            self._rest_due = True
        self._news.tell()

    def look_soon(self) -> None:
        """Look at once: something changed that is no event."""
        self._news.tell()

    @contextmanager
    def looking(self) -> Iterator[Onlooker]:
        """Count a page in for as long as the block lasts; what changed since it was made is told."""
        self._line = self._told = None
        self._news.tell()
        with self._onlookers.looking() as one:
            yield one

    def end(self) -> None:
        self._onlookers.end()

    async def look(self) -> None:
        """Wait for news, a while at most, and tell the pages what changed; to be repeated for ever."""
        await self._news.wait()
        if not self._onlookers:
            return
        await self._compare_line()
        await self._compare_rest()

    async def _compare_line(self) -> None:
        line = (await read_line(self._sources)).shown
        if line != self._line:
            self._line = line
            self._publish(Part.LINE)
        told = await read_told(self._sources)
        if told != self._told:
            self._told = told
            self._publish(Part.TOLD)

    async def _compare_rest(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= LOOK_SECONDS:  # in a crowd of calls there is news ten times a second
            self._looked_at = now
            await self._look_what_is_off()
        passed = now - self._rest_at
        if (self._rest_due and passed >= REST_SECONDS) or passed >= AGAIN_SECONDS:
            self._rest_due, self._rest_at = False, now
            self._publish(Part.REST)

    async def _look_what_is_off(self) -> None:
        off = await self._sources.outages.now(self._sources.clock.now()), await self._sources.alerts.open()
        if off != self._off:
            self._off, self._rest_due = off, True

    def _publish(self, part: Part) -> None:
        self._onlookers.tell(part)
