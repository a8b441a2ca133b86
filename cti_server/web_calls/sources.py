"""Ports of calls by the browser."""

from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from cti_server.web_calls.guests import Guests
from hotline.calls.web_calls import WebCallClosings, WebOrigin
from hotline.clock import Clock

FREE_BEGUN = 10
"""Calls begun from one network within an hour, before it has to wait."""
FREE_WRONG = 2
"""Sockets on which something else was said than a page of ours says, before their network has to wait."""
SAID = TokenLimits(per_second=2.0, at_once=40)
"""Messages of one call: a whole one has about ten."""


class GuestPhones(Protocol):
    """Lets a browser call once by a name, and ends that call."""

    async def open_guest(self, name: str, password: str, origin: WebOrigin) -> None:
        """Raises TelephonyError while Asterisk is away."""
        ...

    async def close_guest(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WebCallSources:
    """`number` is the hotline's own, `websocket` Asterisk's, such as `ws://127.0.0.1:8088/ws`."""

    phones: GuestPhones
    websocket: str
    number: str
    clock: Clock
    guests: Guests
    closings: WebCallClosings
    begun: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_BEGUN))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))
    said: Rates = field(default_factory=lambda: Rates(SAID))


WEB_CALLS: web.AppKey[WebCallSources] = web.AppKey("web-calls")
