"""Ports of the pages of appeals."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
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


class Begun(Protocol):
    """A report that was begun in a chat: text, category's code and address, empty as far as not told."""

    @property
    def text(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def address(self) -> str: ...


BegunInChat = Callable[[str, str], Awaitable[Begun | None]]


async def nothing_begun(number: str, call_id: str) -> Begun | None:
    """Give none: nobody writes here."""
    del number, call_id
    return None


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
    begun_in_chat: BegunInChat = nothing_begun
    """Gives the report that this number has begun in a chat, with which this call goes on."""


APPEALS: web.AppKey[AppealSources] = web.AppKey("appeals")
