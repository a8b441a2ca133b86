"""What the interface for programs reads and changes."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.api.feed import Feed
from cti_server.auth.bearer import Bearers
from hotline.addresses import Streets
from hotline.appeal_lists import AppealLists
from hotline.callers import Callers
from hotline.calls import CallLog
from hotline.citizens import CitizenCards, Citizens
from hotline.clock import Clock
from hotline.events import Events
from hotline.executors import Executors
from hotline.handling import ExecutorWork, Handling
from hotline.history import History
from hotline.line import Dispatchers
from hotline.outages import Outages
from hotline.registering import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSources:
    """The registers, and where events come from and go to. `timezone` is the city's: terms count there."""

    bearers: Bearers
    history: History
    calls: CallLog
    callers: Callers
    citizens: Citizens
    cards: CitizenCards
    registry: Registry
    appeal_lists: AppealLists
    handling: Handling
    work: ExecutorWork
    executors: Executors
    streets: Streets
    outages: Outages
    dispatchers: Dispatchers
    events: Events
    feed: Feed
    clock: Clock
    timezone: ZoneInfo


API: web.AppKey[ApiSources] = web.AppKey("api")
