"""What the desk reads and changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from cti_server.screens import Screens
from hotline.callbacks import Callbacks
from hotline.callers import Callers
from hotline.calls import CallLog
from hotline.clock import Clock
from hotline.drafts import Drafts, Forms
from hotline.events import Events
from hotline.known_places import KnownPlaces
from hotline.line import Dispatchers, Line, Offer
from hotline.outage_alerts import OutageAlerts
from hotline.outages import Outages
from hotline.progressive import SHOWN_FOR, ProgressiveDesks
from hotline.scheduled_callbacks import Claims, EitherClaims, ScheduledCallbacks

Ring = Callable[[Offer], Awaitable[None]]
CanRing = Callable[[str], Awaitable[bool]]
"""Tell whether a phone of this extension is registered in Asterisk."""


async def _taken_for_granted(_extension: str) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is shown, and where."""

    callers: Callers
    calls: CallLog
    callbacks: Callbacks
    scheduled: ScheduledCallbacks
    progressive: ProgressiveDesks
    drafts: Drafts
    forms: Forms
    line: Line
    dispatchers: Dispatchers
    outages: Outages
    alerts: OutageAlerts
    known_places: KnownPlaces
    clock: Clock
    screens: Screens
    dials_after: timedelta = SHOWN_FOR
    """How long a dispatcher sees whom their desk dials by itself."""

    @property
    def claims(self) -> Claims:
        return EitherClaims(self.callbacks, self.scheduled)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk with all that its buttons do. `ring` calls the dispatcher who took a caller on the page."""

    sources: Sources
    events: Events
    ring: Ring
    can_ring: CanRing = _taken_for_granted
    more_time: timedelta = timedelta(minutes=1)
    """By how much one key lengthens the work after a call."""


DESK: web.AppKey[Desk] = web.AppKey("desk")
