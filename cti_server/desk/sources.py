"""Ports of the desk."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.screens import Screens
from hotline.calls.call import CallLog
from hotline.calls.recordings import PausableRecordings
from hotline.chats.chats import Chat
from hotline.city.known_places import KnownPlaces
from hotline.city.search_terms import Lemmas
from hotline.clock import Clock
from hotline.desk.callers import Callers
from hotline.desk.drafts import Drafts, FormDrafts
from hotline.enterprises.executors import Executors
from hotline.events import Events
from hotline.line.callbacks import Callbacks
from hotline.line.line import Dispatchers, Line, Offer
from hotline.line.phones import CanRing, taken_for_granted
from hotline.line.progressive import SHOWN_FOR, ProgressiveDesks
from hotline.line.scheduled_callbacks import CallClaims, EitherClaims, ScheduledCallbacks
from hotline.line.today import LineToday
from hotline.outages.alerts import OutageAlerts
from hotline.outages.outage import Outages
from hotline.speech.live import LiveTalks
from hotline.supervision.help import HelpRequests
from hotline.supervision.listening import Listened
from hotline.supervision.orders import ListeningOrders
from hotline.supervision.threats import Threats
from hotline.voice.speech import Language

Ring = Callable[[Offer], Awaitable[None]]


def no_chat(number: str) -> Chat | None:
    """Find none: nobody writes here."""
    del number
    return None


class SendsLinks(Protocol):
    """Sends the link by which a talk goes on in a chat (`service.chats.links.Links`)."""

    def goes_to(self, number: str | None) -> bool: ...

    async def send_for(self, user_id: int, call_id: str, number: str, language: Language) -> Chat | None:
        """Send one, once a call; None where today's limit is reached."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Ports of the desk's pages."""

    callers: Callers
    calls: CallLog
    callbacks: Callbacks
    scheduled: ScheduledCallbacks
    progressive: ProgressiveDesks
    drafts: Drafts
    forms: FormDrafts
    line: Line
    line_today: LineToday
    dispatchers: Dispatchers
    outages: Outages
    alerts: OutageAlerts
    known_places: KnownPlaces
    executors: Executors
    lemmas: Lemmas
    clock: Clock
    screens: Screens
    listening: Listened
    listening_orders: ListeningOrders
    help: HelpRequests
    threats: Threats
    live: LiveTalks
    """Talks that go on now, with the words that the machine has heard in them so far."""
    timezone: ZoneInfo
    chat_of: Callable[[str], Chat | None] = no_chat
    """Finds the chat that a number had not long ago."""
    chats_waiting: Callable[[], Sequence[Chat]] = tuple
    """Gives the chats that wait for a dispatcher, emergencies first."""
    links: SendsLinks | None = None
    """None: no talk goes on in writing."""
    dials_after: timedelta = SHOWN_FOR
    """How long a desk shows the next call before it dials by itself."""

    @property
    def claims(self) -> CallClaims:
        return EitherClaims(self.callbacks, self.scheduled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk with all that its buttons do. `ring` calls the dispatcher who took a caller on the page."""

    sources: Sources
    events: Events
    ring: Ring
    recording: PausableRecordings
    can_ring: CanRing = taken_for_granted
    more_time: timedelta = timedelta(minutes=1)
    """By how much one key lengthens the work after a call."""


DESK: web.AppKey[Desk] = web.AppKey("desk")
