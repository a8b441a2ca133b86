"""Ports of the pages of an enterprise."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.handling import ExecutorWork, Handling
from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.delivery.outbox import Outbox
from hotline.outages.reports import OutageReports
from hotline.people.citizens import Citizens
from hotline.speech.transcripts import Transcripts


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkSources:
    """The enterprise's appeals and its notices. Terms go by the rules of `city`."""

    work: ExecutorWork
    handling: Handling
    reports: OutageReports
    outbox: Outbox
    citizens: Citizens
    transcripts: Transcripts
    clock: Clock
    city: CityRules

    @property
    def timezone(self) -> ZoneInfo:
        """The city's timezone, in which days are counted."""
        return self.city.timezone


WORK: web.AppKey[WorkSources] = web.AppKey("work")


def page_of(executor_id: int) -> str:
    """Name the enterprise's page as notices do."""
    return f"executor:{executor_id}"
