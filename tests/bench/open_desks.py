"""Fifty dispatchers with their desks open: what their sockets get, and when; some read nothing."""

import asyncio
import re
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import datetime
from typing import NoReturn

import aiohttp

from hotline.access.permissions import Role
from hotline.clock import SystemClock
from hotline.errors import Engaged
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from telephony.phone.phone import Phone, RegistrationRefused
from tests.bench.judged import Judged
from tests.bench.sessions import open_session

CALL_ID = re.compile(r'id="pop"[^>]*data-call="([^"]+)"')
READY_SECONDS = 60
"""How long the service may take to know that a call is over."""
KNOWN_SECONDS = 10
DEAD_SECONDS = 15
"""A socket that reads nothing is given up by the service after these seconds; then it comes again."""


class Desk:
    """One dispatcher: signed in, with a telephone on the table."""

    def __init__(self, hotline: Judged, dispatcher: Dispatcher, token: str) -> None:
        self._hotline = hotline
        self.dispatcher = dispatcher
        self.token = token
        self.origin = hotline.origin

    async def connect(
        self, session: aiohttp.ClientSession, *, heartbeat: float | None = None
    ) -> aiohttp.ClientWebSocketResponse:
        headers = {"Cookie": f"hotline={self.token}", "Origin": self.origin}
        return await session.ws_connect(f"{self.origin}/desk/events", headers=headers, heartbeat=heartbeat)

    async def become(self, presence: Presence) -> None:
        dispatchers = self._hotline.storage.dispatchers
        await dispatchers.set_presence(self.dispatcher.id, presence, SystemClock().now())

    async def become_ready(self) -> None:
        """Be ready as soon as the service knows that the call before is over. Raises TimeoutError."""
        async with asyncio.timeout(READY_SECONDS):
            while True:
                with suppress(Engaged):
                    return await self.become(Presence.READY)
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def telephone(self) -> AsyncIterator[Phone]:
        registrar = ("127.0.0.1", self._hotline.settings.sip_port)
        name = f"desk-{self.dispatcher.extension}"
        async with Phone(user=name, secret=self.dispatcher.secret, registrar=registrar) as phone:
            await _register(phone)
            yield phone


class FirstShown:
    """The moment at which each call was first shown."""

    def __init__(self) -> None:
        self.shown_at: dict[str, datetime] = {}
        self._news = asyncio.Condition()

    async def until_shown(self, call_id: str) -> None:
        async with self._news:
            await self._news.wait_for(lambda: call_id in self.shown_at)

    async def shown(self, call_id: str, at: datetime) -> None:
        """Keep this moment, if the call was not shown before."""
        async with self._news:
            self.shown_at.setdefault(call_id, at)
            self._news.notify_all()


class Screens(FirstShown):
    """The sockets of all desks, to one of which each call came first."""

    async def watch(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Read one socket for ever and answer as a browser does; the moment is taken first of all."""
        async for message in socket:
            now = SystemClock().now()
            if found := CALL_ID.search(message.data):
                await self.shown(found[1], now)
                await socket.send_str(found[1])


async def sign_in(hotline: Judged, number: int) -> Desk:
    """Employ a dispatcher and sign them in."""
    storage = hotline.storage
    one = await storage.dispatchers.add(
        str(200 + number), f"Диспетчер {number}", secrets.token_hex(8), frozenset()
    )
    user = await storage.users.add(
        login=f"bench{one.id}",
        name=one.name,
        role=Role.DISPATCHER,
        password_hash=secrets.token_hex(8),
        dispatcher_id=one.id,
    )
    return Desk(hotline, one, await open_session(storage, user))


@asynccontextmanager
async def open_screens(desks: Sequence[Desk]) -> AsyncIterator[Screens]:
    """Have a socket of every desk open and read."""
    screens = Screens()
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        for desk in desks:
            watching = asyncio.create_task(screens.watch(await desk.connect(session)))
            stack.callback(watching.cancel)
        yield screens


@asynccontextmanager
async def dead_screens(desks: Sequence[Desk]) -> AsyncIterator[None]:
    """Have a second socket of each of these desks open, from which nobody ever reads."""
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        for desk in desks:
            dying = asyncio.create_task(_die_again(desk, session))
            stack.callback(dying.cancel)
        yield


async def _die_again(desk: Desk, session: aiohttp.ClientSession) -> NoReturn:
    while True:
        await desk.connect(session)
        await asyncio.sleep(DEAD_SECONDS)


async def _register(phone: Phone) -> None:
    """Register as soon as the service has told Asterisk of this desk, which takes it a second."""
    async with asyncio.timeout(KNOWN_SECONDS):
        while True:
            try:
                return await phone.register()
            except RegistrationRefused:
                await asyncio.sleep(0.2)
