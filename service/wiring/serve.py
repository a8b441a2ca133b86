"""The running service, wired: read it from top to bottom as the graph of its parts."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

from aiohttp import web

from cti_server.api.routes import add_api
from cti_server.desk.live import LiveDesks
from cti_server.desk.sources import Desk
from cti_server.frame.pages import Pages
from cti_server.screens import Screens
from hotline.appeals.escalations import Escalations
from hotline.clock import SystemClock
from hotline.desk.caller_card import CallerCards
from hotline.errors import AnotherService, SettingsError
from hotline.isolation import repeat
from service.delivery.wiring import delivery
from service.demo.accounts import require_no_demo_accounts, warn_of_service_extensions
from service.informing.announcements import Announcements
from service.intake.imports import Imports, stored_imports
from service.node import memory, watchdog
from service.node.bus import Bus
from service.node.ending import LEAVE_SECONDS
from service.node.settings import Settings
from service.wiring.api import api_sources, feed
from service.wiring.board import HotlineBoard
from service.wiring.desks import (
    desk_sources,
)
from service.wiring.pages import all_pages
from service.wiring.public_outages import public_outages
from service.wiring.rounds import rounds
from service.wiring.telephony import exchange
from service.wiring.voices import keep_fallback, voices
from storage.core.locked_file import held
from storage.core.service_lock import ServiceLock, only_service
from storage.store import open_storage
from telephony.agi.server import agi_server

log = logging.getLogger(__name__)

STREAM_SECONDS = 0.1
SWITCH_SECONDS = 0.001
"""How long a thread that looks up words may keep the interpreter from calls; Python's own 5 ms add up."""


async def serve(settings: Settings) -> None:
    """Answer calls until SIGINT or SIGTERM; callers and talks stay in Asterisk and are taken up again."""
    sys.setswitchinterval(SWITCH_SECONDS)
    memory.few_arenas()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with (
        held(settings.folders.service_lock),
        open_storage(settings.database_url, city=settings.city, spill=settings.folders.spill) as storage,
        only_service(storage.database) as lock,
        delivery(settings, storage) as delivering,
        asyncio.TaskGroup() as tasks,
    ):
        await require_no_demo_accounts(settings, storage)
        await warn_of_service_extensions(storage)
        speaking = voices(settings, storage)
        screens = Screens(shown_within=settings.line.screen_wait_ms / 1000)
        pages = Pages(settings.timezone)
        dials_after = timedelta(seconds=settings.line.progressive_seconds)
        sources = desk_sources(storage, screens, dials_after=dials_after)
        desks = LiveDesks(sources, pages, storage.audit)
        stream = feed(storage)
        bus = Bus(desks.tell, stream.tell)
        storage = replace(  # noqa: PLW2901
            storage, handling=storage.handling.told_on(bus), outages=storage.outages.told_on(bus)
        )
        storage = replace(  # noqa: PLW2901
            storage, outage_alerts=storage.outage_alerts.entering_in(storage.outages)
        )
        connection = exchange(settings, storage, speaking, bus, screens)
        desk = Desk(
            sources=sources,
            events=bus,
            ring=connection.ring,
            can_ring=connection.can_ring,
            more_time=timedelta(seconds=settings.line.more_time_seconds),
        )
        escalations = Escalations(storage.watch, storage.handling, SystemClock(), settings.timezone)
        announcements = Announcements(
            synthesis=speaking.synthesis,
            voice=speaking.voice,
            outages=storage.outages,
            messages=storage.city_messages,
            orders=storage.standing_orders,
            fallback=partial(keep_fallback, storage, speaking.fallback, SystemClock()),
            clock=SystemClock(),
            timezone=settings.timezone,
        )
        imports = Imports(stored_imports(storage, settings.folders.imports, SystemClock()))
        cards = CallerCards(storage.citizens, storage.appeals)
        board = HotlineBoard(storage, connection, escalations, state=settings.folders.var)
        public = public_outages(settings, storage)
        bus.add(public.published.tell)
        app = await all_pages(
            settings,
            storage,
            connection,
            pages=pages,
            desk=desk,
            board=board,
            imports=imports,
            public=public,
            speaking=speaking,
        )
        add_api(app, api_sources(settings, storage, bus, stream, connection.can_ring))
        async with (
            agi_server(settings.asterisk.host, settings.asterisk.agi_port, cards.card),
            _web(settings, app),
        ):
            lasting = {  # begun when all ports are ours: before that it takes no calls
                "watchdog": watchdog.beat(),
                "memory": memory.keep(),
                "asterisk": connection.keep(),
                "announcements": announcements.keep(),
                "desks": desks.run(),
                "stream": repeat(
                    stream.refresh, every=STREAM_SECONDS, failure="line not told to other systems"
                ),
                "escalation": escalations.keep(),
                "delivery": delivering.keep(),
                "imports": imports.keep(),
                **rounds(settings, storage, connection),
            }
            running = [tasks.create_task(one, name=name) for name, one in lasting.items()]
            log.info("service started http_port=%s", settings.http_port)
            gc.freeze()  # what lives as long as the service is not looked through again and again
            another = await _stopped(stop, lock)
            watchdog.stopping()
        await delivering.end()
        connection.end()
        await _end(running)
    if another is not None:
        raise another


async def _stopped(stop: asyncio.Event, lock: ServiceLock) -> AnotherService | None:
    """Wait for the signal to stop, or until another service has our database."""
    lost = asyncio.create_task(lock.lost(), name="lock")
    told = asyncio.create_task(stop.wait(), name="stop")
    try:
        await asyncio.wait({lost, told}, return_when=asyncio.FIRST_COMPLETED)
        return lost.result() if lost.done() else None
    finally:
        lost.cancel()
        told.cancel()


@contextlib.asynccontextmanager
async def _web(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=LEAVE_SECONDS)
    await runner.setup()
    try:
        await _listen(runner, settings)
        yield
    finally:
        await runner.cleanup()


async def _end(running: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: an error that comes in the same moment can hide a cancellation."""
    while running:
        for task in running:
            task.cancel()
        _ended, left = await asyncio.wait(running, timeout=LEAVE_SECONDS)
        running = list(left)


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    host, port = settings.http_host, settings.http_port
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise SettingsError(
            f"Port {port} on {host} cannot be used ({error.strerror}): stop the program that holds it, "
            "or set HOTLINE_HTTP_PORT and HOTLINE_HTTP_HOST."
        ) from error
