"""Dispatchers at work while a hotline is hit: each with a telephone on the table and a page that is open."""

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import NoReturn

import aiohttp
from sqlalchemy.exc import SQLAlchemyError

from hotline.clock import SystemClock
from hotline.errors import ForbiddenTransition
from hotline.line.presence_states import UNREACHABLE, Presence
from telephony.phone.pacer import Pacer
from tests.bench.faults.people import Desk
from tests.bench.judged import Judged
from tests.bench.open_desks import CALL_ID, sign_in
from tests.bench.open_desks import Desk as Screen

DESKS = 20
CLOSED_SECONDS = 10.0
SHIFT_SECONDS = 2.0
"""Between two looks of a dispatcher, who ends by hand each pause that the hotline made."""
HEARTBEAT_SECONDS = 4.0
"""A page that hears nothing from its server comes again, to another one where there is one."""


class Shift:
    """Dispatchers at desks: a telephone on the table and a page that is open."""

    def __init__(self, hotline: Judged, screens: Sequence[Screen], desks: Sequence[Desk]) -> None:
        self.desks = desks
        self._hotline = hotline
        self._screens = screens
        self._open = asyncio.Event()

    async def work(self) -> None:
        """Answer, look and be ready, until cancelled."""
        registrar, pacer = self._hotline.registrar, Pacer()
        self._open.set()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            for desk in self.desks:
                tasks.create_task(desk.keep(registrar, pacer, self._hotline.desks_from))
            for screen in self._screens:
                tasks.create_task(self._look(screen, session))
            tasks.create_task(self._be_ready())

    async def close_screens(self) -> None:
        """Close all pages, and open them again ten seconds later."""
        self._open.clear()
        await asyncio.sleep(CLOSED_SECONDS)
        self._open.set()

    async def _look(self, screen: Screen, session: aiohttp.ClientSession) -> NoReturn:
        """Keep the socket of a desk open and answer with the call that is shown, as its page does."""
        origins = itertools.cycle(self._hotline.origins)
        while True:
            await self._open.wait()
            screen.origin = next(origins)
            with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                socket = await screen.connect(session, heartbeat=HEARTBEAT_SECONDS)
                while self._open.is_set() and not socket.closed:
                    with contextlib.suppress(TimeoutError):
                        message = await socket.receive(timeout=1)
                        if message.type is aiohttp.WSMsgType.TEXT and (found := CALL_ID.search(message.data)):
                            await socket.send_str(found[1])
                await socket.close()
            await asyncio.sleep(1)

    async def _be_ready(self) -> NoReturn:
        """End by hand each pause that the hotline made."""
        dispatchers = self._hotline.storage.dispatchers
        while True:
            with contextlib.suppress(SQLAlchemyError, OSError, ForbiddenTransition):
                for one in await dispatchers.all():
                    if one.presence is Presence.AWAY or (
                        one.presence is Presence.PAUSED and one.reason != UNREACHABLE
                    ):
                        await dispatchers.set_presence(one.id, Presence.READY, SystemClock().now())
            await asyncio.sleep(SHIFT_SECONDS)


@asynccontextmanager
async def shift(hotline: Judged, killed_at: Callable[[], float]) -> AsyncIterator[Shift]:
    """Have all desks at work for the time of the block."""
    screens = [await sign_in(hotline, place) for place in range(DESKS)]
    passed_on: set[str] = set()
    desks = [Desk(screen.dispatcher, place, passed_on, killed_at) for place, screen in enumerate(screens)]
    for desk, next_one in zip(desks, [*desks[1:], desks[0]], strict=True):
        desk.colleague = next_one.extension
    made = Shift(hotline, screens, desks)
    working = asyncio.create_task(made.work())
    try:
        yield made
    finally:
        working.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await working
