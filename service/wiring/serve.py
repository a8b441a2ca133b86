"""The running service, from its lock and its database to the signal to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence

from aiohttp import web

from cti_server.connection_limits import OpenConnections
from cti_server.web_server import serving
from hotline.errors import AnotherService, SettingsError
from service.demo.accounts import require_no_demo_accounts, warn_of_service_extensions
from service.ending import LEAVE_SECONDS
from service.node import memory, watchdog
from service.settings.settings import Settings
from service.wiring.delivery import delivery
from service.wiring.parts import parts
from service.wiring.sounds import kept_sounds
from storage.core.locked_file import held
from storage.core.service_lock import ServiceLock, only_service
from storage.store import open_storage
from telephony.agi.server import agi_server

log = logging.getLogger(__name__)

GARBAGE_OBJECTS = 10_000
"""New objects after which Python looks for those that hold one another: its own 700 are two calls' work."""
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
        await storage.city_documents.take_delivered()
        await asyncio.to_thread(kept_sounds(settings, storage).clear)
        hotline = await parts(settings, storage)
        async with (
            agi_server(settings.asterisk.host, settings.asterisk.agi_port, hotline.cards.card),
            _pages(settings, hotline.app),
        ):
            # Begun when all ports are ours: before that it takes no calls.
            lasting = {"delivery": delivering.keep(), **hotline.lasting()}
            running = [tasks.create_task(one, name=name) for name, one in lasting.items()]
            log.info("service started http_port=%s", settings.http_port)
            gc.freeze()  # what lives as long as the service is not looked through again and again
            gc.set_threshold(GARBAGE_OBJECTS)
            another = await _stopped(stop, lock)
            watchdog.stopping()
        await delivering.end()
        hotline.connection.end()
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
async def _pages(settings: Settings, app: web.Application) -> AsyncIterator[None]:
    host, port = settings.http_host, settings.http_port
    async with contextlib.AsyncExitStack() as stack:
        try:
            pages = serving(app, host, port, connections=OpenConnections(), leave_seconds=LEAVE_SECONDS)
            await stack.enter_async_context(pages)
        except OSError as error:
            raise SettingsError(
                f"Port {port} on {host} cannot be used ({error.strerror}): stop the program that holds it, "
                "or set HOTLINE_HTTP_PORT and HOTLINE_HTTP_HOST."
            ) from error
        yield


async def _end(running: Sequence[asyncio.Task[None]]) -> None:
    """Cancel until all have ended: an error that comes in the same moment can hide a cancellation."""
    while running:
        for task in running:
            task.cancel()
        _ended, left = await asyncio.wait(running, timeout=LEAVE_SECONDS)
        running = list(left)
