"""Ports of the interface for programs."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.api.feed import Feed
from cti_server.api.missed import Missed
from cti_server.auth.bearer import Bearers
from cti_server.auth.rates import WrongTokens
from hotline.access.keyed_requests import KeyedRequests
from hotline.appeals.change_log import ChangeLog
from hotline.appeals.handling import ExecutorWork, Handling
from hotline.appeals.lists import AppealLists
from hotline.appeals.registering import Registry
from hotline.calls.call import CallLog
from hotline.calls.history import History
from hotline.city.addresses import Streets
from hotline.city.city_rules import CityRules
from hotline.city.house_places import HousePlaces
from hotline.clock import Clock
from hotline.desk.callers import Callers
from hotline.documents.document import Documents
from hotline.enterprises.executors import Executors
from hotline.events import Events
from hotline.informing.city_messages import CityMessages
from hotline.line.line import Dispatchers
from hotline.line.phones import CanRing, taken_for_granted
from hotline.neighbours.agreement import Agreements
from hotline.outages.outage import Outages
from hotline.people.citizens import CitizenCards, Citizens
from hotline.portal.follow_codes import FollowCodes
from hotline.power.schedule import PowerSchedules

FREE_WRONG_WORDS = 10
"""Wrong codes and contacts of applicants by one token within an hour, before it has to wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiSources:
    """The registers, and where events come from and go to. Terms go by the rules of `city`."""

    bearers: Bearers
    requests: KeyedRequests
    history: History
    calls: CallLog
    callers: Callers
    citizens: Citizens
    cards: CitizenCards
    registry: Registry
    appeal_lists: AppealLists
    change_log: ChangeLog
    handling: Handling
    work: ExecutorWork
    executors: Executors
    streets: Streets
    places: HousePlaces
    outages: Outages
    power: PowerSchedules
    documents: Documents
    dispatchers: Dispatchers
    events: Events
    feed: Feed
    missed: Missed
    clock: Clock
    city: CityRules
    codes: FollowCodes
    agreements: Agreements
    messages: CityMessages
    wrong_words: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG_WORDS))
    can_ring: CanRing = taken_for_granted

    @property
    def timezone(self) -> ZoneInfo:
        """The city's timezone, in which days are counted."""
        return self.city.timezone


API: web.AppKey[ApiSources] = web.AppKey("api")
