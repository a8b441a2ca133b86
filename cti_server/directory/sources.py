"""Ports of the directory's pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.directory.bodies import bodies_in_force
from hotline.directory.entries import Entry, entries
from hotline.enterprises.executors import Executors


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorySources:
    """Ports of the directory's pages; `timezone` is the city's."""

    executors: Executors
    lemmas: Lemmas
    clock: Clock
    timezone: ZoneInfo

    async def entries(self, *, contacts: bool = True) -> Sequence[Entry]:
        """List all bodies in force and all open enterprises; without `contacts` nobody is found by them."""
        known = await self.executors.all()
        return entries(bodies_in_force(), known if contacts else [replace(one, contacts=()) for one in known])

    def local(self) -> datetime:
        """Give the present moment in the city's time."""
        return self.clock.now().astimezone(self.timezone)


DIRECTORY: web.AppKey[DirectorySources] = web.AppKey("directory")
