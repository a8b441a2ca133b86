"""Ports of the supervisors' board."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.screens import Screens
from hotline.access.acting_heads import ActingHeads
from hotline.access.users import AuditLog, Users
from hotline.clock import Clock
from hotline.line.line import Dispatchers
from hotline.supervision.help import HelpRequests
from hotline.supervision.listening import ListeningIn
from hotline.supervision.live_calls import LiveCalls
from hotline.supervision.orders import ListeningOrders
from hotline.supervision.slower_places import SlowerPlaces
from hotline.supervision.threats import Threats


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionSources:
    """The parts of storage and of the exchange that the board uses."""

    calls: LiveCalls
    dispatchers: Dispatchers
    listening: ListeningIn
    screens: Screens
    help: HelpRequests
    threats: Threats
    slower: SlowerPlaces
    orders: ListeningOrders
    users: Users
    acting_heads: ActingHeads
    audit: AuditLog
    clock: Clock
    timezone: ZoneInfo

    def today(self) -> date:
        return self.clock.now().astimezone(self.timezone).date()


SUPERVISION: web.AppKey[SupervisionSources] = web.AppKey("supervision")
