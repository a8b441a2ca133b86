"""The running service, from its lock and its database to the signal to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from pathlib import Path

from aiohttp import web

from cti_server.connection_limits import OpenConnections
from cti_server.web_server import serving
from hotline.errors import AnotherService, SettingsError
from service.delivery.delivery import Delivery
from service.demo.accounts import require_no_demo_accounts, warn_of_service_extensions
from service.ending import BEGIN_ANEW, LEAVE_SECONDS
from service.node import memory, watchdog
from service.node.traces import traced
from service.processes.among import ALONE, Among, together
from service.processes.roles import ALL, Role, locks_of, require_shared
from service.processes.turn import Turn
from service.settings.settings import Settings
from service.wiring.delivery import delivery
from service.wiring.parts import Parts, parts
from service.wiring.sounds import kept_sounds
from storage.core.database import Database
from storage.core.locked_file import held
from storage.core.service_lock import ServiceLock, only_of_roles, only_service
from storage.store import Storage, open_storage
from telephony.agi.server import agi_server

log = logging.getLogger(__name__)

GARBAGE_OBJECTS = 10_000
"""New objects after which Python looks for those that hold one another: its own 700 are two calls' work."""
SWITCH_SECONDS = 0.001
"""How long a thread that looks up words may keep the interpreter from calls; Python's own 5 ms add up."""


async def serve(settings: Settings, roles: frozenset[Role] = frozenset(), turn: Turn | None = None) -> int:
    """Answer calls until SIGINT or SIGTERM; callers and talks stay in Asterisk and are taken up again.

    The exit code is `BEGIN_ANEW` when settings were changed on a page. With `roles` it is one process of
    several, and does what these are; raises SettingsError on SQLite. `turn`: it has waited for its locks.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    memory.few_arenas()
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    has = roles or ALL
    anew = asyncio.Event()

    def begin_anew() -> None:
        anew.set()
        stop.set()

    async with (
        traced(settings.traces_to if Role.TELEPHONY in has else ""),
        _alone_on_state(settings, has),
        open_storage(
            settings.database_url,
            city=settings.city,
            spill=_spill(settings, roles),
            node=settings.edge.node,
            pool_url=settings.database_pool,
            on=None if turn is None else turn.database,
        ) as storage,
        _locked(storage.database, roles, settings.edge.node, turn) as lock,
        _delivering(settings, storage, has) as delivering,
        asyncio.TaskGroup() as tasks,
    ):
        await require_no_demo_accounts(settings, storage)
        await warn_of_service_extensions(storage)
        if Role.SCHEDULER in has:
            await storage.city_documents.take_delivered()
        if Role.MEDIA in has:
            await asyncio.to_thread(kept_sounds(settings, storage).clear)
        made_among = await among(storage.database, roles, settings.edge.node)
        hotline = await parts(settings, storage, made_among, begin_anew=begin_anew)
        async with _ports(settings, hotline, has):
            # Begun when all ports are ours: before that it takes no calls.
            delivery = {} if delivering is None else {"delivery": delivering.keep()}
            lasting = together(hotline.lasting(), delivery)
            running = [tasks.create_task(one, name=name) for name, one in lasting.items()]
            as_what = f"roles={','.join(sorted(roles))} " if roles else ""
            log.info("service started %shttp_port=%s", as_what, settings.http_port)
            gc.freeze()  # what lives as long as the service is not looked through again and again
            gc.set_threshold(GARBAGE_OBJECTS)
            another = await _stopped(stop, lock)
            watchdog.stopping()
        if delivering is not None:
            await delivering.end()
        hotline.end()
        await _end(running)
    if another is not None:
        raise another
    return BEGIN_ANEW if anew.is_set() else 0


@contextlib.asynccontextmanager
async def _alone_on_state(settings: Settings, has: frozenset[Role]) -> AsyncIterator[None]:
    """Hold the folder's lock where Asterisk's files are ours; processes with other roles share the folder."""
    async with contextlib.AsyncExitStack() as stack:
        if Role.TELEPHONY in has:
            await stack.enter_async_context(held(settings.folders.service_lock))
        yield


def _spill(settings: Settings, roles: frozenset[Role]) -> Path:
    """Give each process a file of its own, which the next one like it finds again."""
    spill = settings.folders.spill
    if not roles or Role.TELEPHONY in roles:
        return spill
    return spill.with_name(f"{spill.stem}-{'-'.join(sorted(roles))}-{settings.http_port}{spill.suffix}")


def _locked(
    database: Database, roles: frozenset[Role], node: str, turn: Turn | None
) -> AbstractAsyncContextManager[ServiceLock]:
    if turn is not None:
        return contextlib.nullcontext(turn.lock)
    require_shared(roles, shared=database.shared)
    if node and not roles:
        raise SettingsError("HOTLINE_NODE is set: each node has a process of its own (`--role telephony,…`).")
    return only_of_roles(database, locks_of(roles, node)) if roles else only_service(database)


@contextlib.asynccontextmanager
async def _delivering(
    settings: Settings, storage: Storage, has: frozenset[Role]
) -> AsyncIterator[Delivery | None]:
    if Role.SCHEDULER not in has:
        yield None
        return
    async with delivery(settings, storage) as made:
        yield made


async def among(database: Database, roles: frozenset[Role], node: str = "") -> Among:
    """Make what a process with these roles knows of others; without roles there are none."""
    if not roles:
        if database.shared:
            await _forget_letters(database)
        return ALONE
    from service.processes.processes import among_processes  # noqa: PLC0415 - one process needs no post

    return await among_processes(database, roles, node)


async def _forget_letters(database: Database) -> None:
    """Delete what processes by role told each other last: callers' numbers are in it, and none reads it."""
    from storage.processes.letters import StoredLetters  # noqa: PLC0415 - SQLite needs no asyncpg

    await StoredLetters(database).forget(timedelta())


@contextlib.asynccontextmanager
async def _ports(settings: Settings, hotline: Parts, has: frozenset[Role]) -> AsyncIterator[None]:
    """Listen where others reach a process with these roles."""
    asterisk = settings.asterisk
    async with contextlib.AsyncExitStack() as stack:
        if Role.TELEPHONY in has:
            card, word = hotline.cards.card, asterisk.agi_word
            await stack.enter_async_context(agi_server(asterisk.host, asterisk.agi_port, card, word=word))
        if Role.WEB in has:
            await stack.enter_async_context(_pages(settings, hotline.app))
        yield


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
