"""Ports of calls by the browser."""

from collections.abc import Callable, Sequence
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
    """`number` is the hotline's own, `websocket` Asterisk's, such as `ws://127.0.0.1:8088/ws`.

    `edges` are Kamailio's, where there are several nodes: such as `ws://192.0.2.1:5066`.
    """

    phones: GuestPhones
    websocket: str
    number: str
    clock: Clock
    guests: Guests
    closings: WebCallClosings
    edges: Sequence[str] = ()
    tells: Callable[[int], None] = lambda _open: None
    """Tells other processes of pages that such calls were closed (0), or are open again (1)."""
    begun: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_BEGUN))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))
    said: Rates = field(default_factory=lambda: Rates(SAID))

    def addresses(self, guest: str) -> Sequence[str]:
        """Name where this guest's browser is joined, the first that is there; Kamailio is told who it is."""
        return [f"{one}/{guest}" for one in self.edges] or [self.websocket]

    def told(self, is_open: int) -> None:
        """Hear from another process that such calls were closed, or are open again."""
        if is_open:
            self.guests.reopen()
        else:
            self.guests.close()


WEB_CALLS: web.AppKey[WebCallSources] = web.AppKey("web-calls")
