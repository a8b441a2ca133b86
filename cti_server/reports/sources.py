"""Ports of the pages of reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.handling import Handling
from hotline.appeals.lists import AppealLists
from hotline.appeals.registering import Registry
from hotline.city.addresses import Streets
from hotline.clock import Clock
from hotline.enterprises.executors import Executors
from hotline.line.line import Dispatchers
from hotline.outages.outage import Outages
from hotline.reports.figures import Figures
from hotline.reports.making import PaperMaker, Registers
from hotline.reports.papers import Papers
from hotline.reports.schedules import Schedules


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSources:
    """The stores from which reports are read, and those of the names in them."""

    figures: Figures
    papers: Papers
    maker: PaperMaker
    registers: Registers
    schedules: Schedules
    executors: Executors
    dispatchers: Dispatchers
    lists: AppealLists
    registry: Registry
    handling: Handling
    outages: Outages
    streets: Streets
    clock: Clock
    timezone: ZoneInfo


REPORTS: web.AppKey[ReportSources] = web.AppKey("reports")


def today_of(request: web.Request) -> date:
    sources = request.app[REPORTS]
    return sources.clock.now().astimezone(sources.timezone).date()


async def names_of(request: web.Request) -> Mapping[str, str]:
    """Give the enterprises' short names by their ids as text."""
    return {str(one.id): one.short for one in await request.app[REPORTS].executors.all()}


async def dispatchers_of(request: web.Request) -> Mapping[str, str]:
    return {str(one.id): one.name for one in await request.app[REPORTS].dispatchers.all()}
