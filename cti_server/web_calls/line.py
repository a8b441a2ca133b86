"""`/call/line`: joins a guest's browser to Asterisk's own WebSocket for one call, and no more than that.

Where there are several nodes it is joined to the edge's, which takes the call to the one with the fewest.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterable, AsyncIterator
from contextlib import suppress
from http import HTTPStatus

import aiohttp
from aiohttp import WSMsgType, web
from attrs import define, field

from cti_server.auth.access import public
from cti_server.auth.errors import TooManyAttempts, TooManyRequests
from cti_server.auth.revocation import lasting
from cti_server.clients import counted_as
from cti_server.desk.open_phones import close_socket
from cti_server.desk.sip_proxy import (
    EXCHANGE_AWAY,
    SUBPROTOCOL,
    exchange_socket,
    pump,
)
from cti_server.desk.softphone import DOMAIN
from cti_server.web_calls.edge_road import EdgeRoad
from cti_server.web_calls.guests import Invited, NobodyCalls, TooManyCalls
from cti_server.web_calls.page import COOKIE
from cti_server.web_calls.sip_filter import LONGEST_MESSAGE, GuestFilter, Refused
from cti_server.web_calls.sources import WEB_CALLS, WebCallSources
from hotline.errors import TelephonyError

log = logging.getLogger(__name__)

HEARTBEAT_SECONDS = 15.0
"""A page that answers no ping for half as long is gone: mobile networks stand still for some seconds."""
REFUSED = 4005
"""Close code: something was said that no page of ours says."""
TOO_LONG = 4006
"""Close code: the call was as long as one may be."""
CLOSED = 4007
"""Close code: the city has closed calls by the browser."""
FAREWELL_SECONDS = 0.5
"""How long the end of a call may take whose page is gone; Asterisk is beside us."""
BEGINS_SECONDS = 20.0
"""How long a page may have its socket without a call."""
_RESPONSE = re.compile(r"SIP/2\.0 (\d{3}) .*?\r\nCSeq: ?\d+ ([A-Z]+)\r\n", re.DOTALL)
_ASKED_FOR_PASSWORD = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED})
BYE_SECONDS = 3.0
"""How long a page has to leave after Asterisk has said that the call is over."""


@public
async def line(request: web.Request) -> web.StreamResponse:
    """Carry one call; 404 for a browser that was not invited, or was already, 429 where there is no room."""
    sources = request.app[WEB_CALLS]
    guest = sources.guests.come(request.cookies.get(COOKIE, ""), sources.clock.now())
    if guest is None:
        raise web.HTTPNotFound
    try:
        with sources.guests.on_line(guest) as end, lasting(request):
            return await _carry(request, guest, end)
    except NobodyCalls as error:
        raise web.HTTPNotFound from error
    except TooManyCalls as error:
        raise TooManyRequests(60) from error


async def _carry(request: web.Request, guest: Invited, end: asyncio.Event) -> web.WebSocketResponse:
    sources = request.app[WEB_CALLS]
    browser = web.WebSocketResponse(
        protocols=(SUBPROTOCOL,), heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE
    )
    await browser.prepare(request)
    code, word = EXCHANGE_AWAY, "exchange away"
    try:
        await sources.phones.open_guest(guest.name, guest.password, guest.origin)
        code, word = await _join(request, browser, guest, end)
    except (TelephonyError, aiohttp.ClientError, TimeoutError) as error:
        log.warning("browser's call has no exchange reason=%s", error)
    finally:
        await asyncio.shield(
            sources.phones.close_guest(guest.name)
        )  # where Asterisk's socket was not reached
        await close_socket(browser, code, word)
    return browser


async def _join(
    request: web.Request, browser: web.WebSocketResponse, guest: Invited, end: asyncio.Event
) -> tuple[int, str]:
    """Carry messages both ways; give the code with which the browser's socket is closed, and its word."""
    sources, call = request.app[WEB_CALLS], _Heard()
    road = EdgeRoad(_target(sources)) if sources.edges else None
    async with exchange_socket(*sources.addresses(guest.name)) as asterisk:
        said = asyncio.create_task(pump(_admitted(request, browser, guest, road), asterisk))
        tasks = [
            said,
            asyncio.create_task(pump(call.listens(asterisk, road), browser)),
            asyncio.create_task(end.wait()),
            asyncio.create_task(call.ended()),
        ]
        try:
            longest = sources.guests.rules.longest.total_seconds()
            done, _ = await asyncio.wait(tasks, timeout=longest, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
            await call.says_farewell(asterisk)
            await asyncio.shield(sources.phones.close_guest(guest.name))
            await call.says_farewell(asterisk)
    if isinstance(results[0], Refused):
        _count(request, results[0])
        return REFUSED, "refused"
    if end.is_set():
        return CLOSED, "closed"
    return (TOO_LONG, "too long") if not done else (aiohttp.WSCloseCode.OK, "over")


async def _admitted(
    request: web.Request, browser: web.WebSocketResponse, guest: Invited, road: EdgeRoad | None
) -> AsyncIterator[aiohttp.WSMessage]:
    """Give what the browser says, as long as it is what a page of ours says; raises Refused."""
    sources = request.app[WEB_CALLS]
    dialog = GuestFilter(f"sip:{guest.name}@{DOMAIN}", _target(sources))
    async for message in browser:
        if message.type is not WSMsgType.TEXT:
            raise Refused("no text")
        try:
            sources.said.take(guest.name)
        except TooManyRequests as error:
            raise Refused("too much at once") from error
        if message.data.strip("\r\n"):  # line breaks alone say that the page is still there (RFC 5626)
            dialog.admit(message.data)
            yield message if road is None else message._replace(data=road.goes(message.data))


def _target(sources: WebCallSources) -> str:
    return f"sip:{sources.number}@{DOMAIN}"


@define(eq=False, repr=False)
class _Heard:
    """How the call stands by what Asterisk says: a socket without a call takes nobody's room."""

    _begun: asyncio.Event = field(factory=asyncio.Event, init=False)
    _answered: bool = field(default=False, init=False)
    _over: asyncio.Event = field(factory=asyncio.Event, init=False)

    async def listens(
        self, asterisk: AsyncIterable[aiohttp.WSMessage], road: EdgeRoad | None
    ) -> AsyncIterator[aiohttp.WSMessage]:
        """Give what it says."""
        async for message in asterisk:
            text = message.type is WSMsgType.TEXT
            yield message._replace(data=road.comes(message.data)) if text and road is not None else message
            if message.type is WSMsgType.TEXT:
                self._take(message.data)

    async def says_farewell(self, asterisk: aiohttp.ClientWebSocketResponse) -> None:
        """Hear Asterisk out though the page is gone: it keeps a call for ever whose end it cannot send."""
        with suppress(TimeoutError):
            async with asyncio.timeout(FAREWELL_SECONDS):
                while (
                    not self._over.is_set() and (message := await asterisk.receive()).type is WSMsgType.TEXT
                ):
                    self._take(message.data)
                    if message.data.startswith("BYE "):
                        await asterisk.send_str(_agreed(message.data))

    async def ended(self) -> None:
        """Return when the call is over, or has not begun in time."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._begun.wait(), BEGINS_SECONDS)
            await self._over.wait()
            await asyncio.sleep(BYE_SECONDS)

    def _take(self, said: str) -> None:
        response = _RESPONSE.match(said)
        if said.startswith("BYE ") or (response and response[2] == "BYE"):
            self._over.set()
        elif response and response[2] == "INVITE" and not self._answered:
            status = int(response[1])
            self._answered = status // 100 == 2  # noqa: PLR2004 - a success, RFC 3261
            if status >= HTTPStatus.MULTIPLE_CHOICES and status not in _ASKED_FOR_PASSWORD:
                self._over.set()
            if status > HTTPStatus.CONTINUE and status not in _ASKED_FOR_PASSWORD:
                self._begun.set()


def _agreed(bye: str) -> str:
    """Answer for a page that is gone, so that Asterisk forgets the call."""
    copied = ("via:", "from:", "to:", "call-id:", "cseq:")
    lines = [line for line in bye.split("\r\n") if line.lower().startswith(copied)]
    return "\r\n".join(["SIP/2.0 200 OK", *lines, "Content-Length: 0"]) + "\r\n\r\n"


def _count(request: web.Request, refused: Refused) -> None:
    network = counted_as(request)
    log.warning("browser's call refused network=%s reason=%s", network, refused)
    with suppress(TooManyAttempts):  # it has to wait already
        request.app[WEB_CALLS].wrong.count(network, request.app[WEB_CALLS].clock.now())
