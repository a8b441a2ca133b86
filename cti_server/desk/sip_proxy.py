"""`/sip`: joins a dispatcher's browser to Asterisk's own WebSocket, which listens on loopback only.

Who may come in is decided before (`cti_server.auth.gate`: the session's cookie and the page's origin).
A dispatcher has one phone in the browser: opening a second puts the first one out.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import aiohttp
from aiohttp import WSMsgType, web

from cti_server.auth.access import allowed
from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits
from cti_server.auth.revocation import lasting
from cti_server.desk.open_phones import OPEN_PHONES, close_socket
from cti_server.desk.softphone import SOFTPHONES, dispatcher_of
from cti_server.keys import USER
from hotline.access.permissions import Permission

log = logging.getLogger(__name__)

SUBPROTOCOL = "sip"
LONGEST_MESSAGE = 64 * 1024
HEARTBEAT_SECONDS = 5.0
"""A browser that answers no ping for this long is gone, and so is its registration."""
EXCHANGE_HEARTBEAT_SECONDS = 10.0
"""An exchange, Asterisk or the edge, that answers no ping for half as long is gone, also without a word."""
CONNECT_SECONDS = 3.0
EXCHANGE_AWAY = 4002
"""Close code: Asterisk cannot be reached, or has closed its side."""
TOO_MANY_TRIES = 4003
"""Close code: a telephone that registers again and again tries passwords."""
REGISTERS = TokenLimits(per_second=0.5, at_once=20)
"""Registrations that one user's pages may ask for together: a page that is opened takes two."""
RATES: web.AppKey[Rates] = web.AppKey("registrations")
_REGISTER = re.compile(rb"REGISTER[ \t]", re.IGNORECASE)


class Socket(Protocol):
    """The common interface of both kinds of WebSocket."""

    async def send_str(self, data: str) -> None: ...

    async def send_bytes(self, data: bytes) -> None: ...


@allowed(Permission.ANSWER_CALLS)
async def sip(request: web.Request) -> web.WebSocketResponse:
    """Carry SIP both ways until one side closes; then the other is closed too."""
    dispatcher = await dispatcher_of(request)
    browser = web.WebSocketResponse(
        protocols=(SUBPROTOCOL,), heartbeat=HEARTBEAT_SECONDS, max_msg_size=LONGEST_MESSAGE
    )
    await browser.prepare(request)
    async with request.app[OPEN_PHONES].opened(dispatcher.id, browser):
        with lasting(request) as ended:
            addresses = request.app[SOFTPHONES].addresses(dispatcher.extension)
            stays = await _join(request, browser, addresses, ended)
    if not (stays or request.app[OPEN_PHONES].ending):
        await request.app[SOFTPHONES].phones.browser_left(dispatcher.extension)
    return browser


async def _join(
    request: web.Request, browser: web.WebSocketResponse, addresses: Sequence[str], ended: asyncio.Event
) -> bool:
    """Carry what both say; True when the exchange went: the browser goes on with its call, and comes back."""
    left = False
    try:
        async with exchange_socket(*addresses) as asterisk:
            tasks = [
                asyncio.create_task(pump(_without_guessing(request, browser), asterisk)),
                asyncio.create_task(pump(asterisk, browser)),
                asyncio.create_task(ended.wait()),
            ]
            try:
                done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
                left = tasks[0] in done
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
    except (aiohttp.ClientError, TimeoutError) as error:
        log.warning("browser phone has no exchange reason=%s", error)
    left = left or browser.closed or ended.is_set()
    if ended.is_set():
        await close_socket(browser, aiohttp.WSCloseCode.POLICY_VIOLATION, "signed out")
    else:
        await close_socket(browser, EXCHANGE_AWAY, "exchange away")
    return not left


@asynccontextmanager
async def exchange_socket(*addresses: str) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    """Connect with the first of these that can be reached."""
    async with aiohttp.ClientSession() as session, await _reached(session, addresses) as socket:
        yield socket


async def _reached(
    session: aiohttp.ClientSession, addresses: Sequence[str]
) -> aiohttp.ClientWebSocketResponse:
    for number, address in enumerate(addresses, start=1):
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                return await session.ws_connect(
                    address,
                    protocols=(SUBPROTOCOL,),
                    heartbeat=EXCHANGE_HEARTBEAT_SECONDS,
                    max_msg_size=LONGEST_MESSAGE,
                )
        except (aiohttp.ClientError, TimeoutError):
            if number == len(addresses):
                raise
    raise TimeoutError


async def _without_guessing(
    request: web.Request, browser: web.WebSocketResponse
) -> AsyncIterator[aiohttp.WSMessage]:
    """Give what the browser says, until it tries to register too often."""
    async for message in browser:
        try:
            for _ in range(_registrations(message)):
                request.app[RATES].take(request[USER].id)
        except TooManyRequests:
            log.warning("browser phone registers too often user=%d", request[USER].id)
            await close_socket(browser, TOO_MANY_TRIES, "too many tries")
            return
        yield message


def _registrations(message: aiohttp.WSMessage) -> int:
    """Count the registrations in one message: Asterisk reads several, behind blank lines and octets too."""
    match message.data:
        case str() as text:
            return len(_REGISTER.findall(text.encode()))
        case bytes() as octets:
            return len(_REGISTER.findall(octets))
        case _:
            return 0


async def pump(source: AsyncIterable[aiohttp.WSMessage], target: Socket) -> None:
    """Carry messages one by one: a slow side slows only its own call down."""
    try:
        async for message in source:
            if message.type is WSMsgType.TEXT:
                await target.send_str(message.data)
            elif message.type is WSMsgType.BINARY:
                await target.send_bytes(message.data)
            else:
                return
    except ConnectionError:
        return  # the other side went away while we were writing
