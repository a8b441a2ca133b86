"""What the pages of appeals read and change."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.addresses import Streets
from hotline.calls import CallLog
from hotline.citizens import Citizens
from hotline.clock import Clock
from hotline.drafts import Drafts, Forms
from hotline.events import Events
from hotline.executors import Executors
from hotline.handling import Handling
from hotline.line import Line
from hotline.outage_reports import OutageReports
from hotline.outages import Outages
from hotline.registering import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealSources:
    """The registers, and what was typed so far. `timezone` is the city's: terms are counted there."""

    registry: Registry
    executors: Executors
    handling: Handling
    citizens: Citizens
    streets: Streets
    calls: CallLog
    line: Line
    drafts: Drafts
    forms: Forms
    outages: Outages
    reports: OutageReports
    events: Events
    clock: Clock
    timezone: ZoneInfo


APPEALS: web.AppKey[AppealSources] = web.AppKey("appeals")
