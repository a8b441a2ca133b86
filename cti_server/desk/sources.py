"""What the desk reads and changes."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from cti_server.screens import Screens
from hotline.callers import Callers
from hotline.calls import CallLog
from hotline.clock import Clock
from hotline.drafts import Drafts
from hotline.events import Events
from hotline.line import Dispatchers, Line, Offer
from hotline.outages import Outages

Ring = Callable[[Offer], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What is shown, and where."""

    callers: Callers
    calls: CallLog
    drafts: Drafts
    line: Line
    dispatchers: Dispatchers
    outages: Outages
    clock: Clock
    screens: Screens


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The desk with all that its buttons do. `ring` calls the dispatcher who took a caller on the page."""

    sources: Sources
    events: Events
    ring: Ring


DESK: web.AppKey[Desk] = web.AppKey("desk")
