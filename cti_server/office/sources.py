"""Ports of the office's pages."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.clock import Clock
from hotline.office.acts import OfficeActs
from hotline.office.files import FilePlans
from hotline.office.journals import Journals

PATH = "/office"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeSources:
    """Ports of the office's pages; `timezone` is the city's."""

    plans: FilePlans
    acts: OfficeActs
    journals: Journals
    clock: Clock
    timezone: ZoneInfo

    def today(self) -> date:
        return self.clock.now().astimezone(self.timezone).date()


OFFICE: web.AppKey[OfficeSources] = web.AppKey("office")
