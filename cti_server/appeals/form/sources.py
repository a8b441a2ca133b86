"""Ports of the pages of appeals."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from hotline.appeals.handling import Handling
from hotline.appeals.proposing import Proposals
from hotline.appeals.registering import Registry
from hotline.calls.call import CallLog
from hotline.city.addresses import Streets
from hotline.city.category_search import CategorySearch
from hotline.clock import Clock
from hotline.desk.drafts import Drafts, FormDrafts
from hotline.enterprises.executors import Executors
from hotline.events import Events
from hotline.line.line import Line
from hotline.outages.outage import Outages
from hotline.outages.reports import OutageReports
from hotline.people.citizens import Citizens
from hotline.quality.trial_calls import TrialCalls
from hotline.speech.live import LiveTalks


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealSources:
    """The registers, and what was typed so far. `timezone` is the city's: terms are counted there."""

    registry: Registry
    executors: Executors
    handling: Handling
    citizens: Citizens
    streets: Streets
    categories: CategorySearch
    proposals: Proposals
    live: LiveTalks
    """Talks that go on now, with the words that the machine has heard in them so far."""
    calls: CallLog
    line: Line
    drafts: Drafts
    forms: FormDrafts
    outages: Outages
    reports: OutageReports
    trials: TrialCalls
    events: Events
    clock: Clock
    timezone: ZoneInfo


APPEALS: web.AppKey[AppealSources] = web.AppKey("appeals")
