"""A second scheduler or media process stands by, and takes over within seconds when the first has died.

It asks for the lock by a session of its own before anything is imported that only the work needs: so it costs
next to nothing while it waits, and systemd and our supervisor hear that it lives.
"""

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from attrs import frozen

from hotline.errors import AnotherService
from service.node import watchdog
from service.processes.roles import Role, locks_of, require_shared
from service.settings.settings import Settings
from storage.core.database import Database, open_database
from storage.core.service_lock import InTurn, ServiceLock, in_turn

STAND_BY = frozenset({Role.SCHEDULER, Role.MEDIA})
"""Roles of which one process serves all machines. Pages are always several, an Asterisk has one process."""

log = logging.getLogger(__name__)


@frozen
class Turn:
    """The database, open, with the lock of this process's roles held in it."""

    database: Database
    lock: ServiceLock


def stands_by(roles: Collection[Role]) -> bool:
    """Tell whether a process with these roles waits for another that has them, and is not refused."""
    return bool(roles) and STAND_BY.issuperset(roles)


@asynccontextmanager
async def turn_of(settings: Settings, roles: Collection[Role]) -> AsyncIterator[Turn | None]:
    """Wait until no other process has one of these roles; None: SIGINT or SIGTERM came first.

    The block is for the work. Raises SettingsError on SQLite.
    """
    async with open_database(settings.database_url, settings.database_pool) as database:
        require_shared(roles, shared=database.shared)
        async with in_turn(database, locks_of(roles)) as lock, _standing_by(lock, roles) as ours:
            yield Turn(database, lock) if ours else None


@asynccontextmanager
async def _standing_by(lock: InTurn, roles: Collection[Role]) -> AsyncIterator[bool]:
    """Wait for the lock, with beats from the moment in which another has it; whether it came to us."""
    behind, stop = asyncio.Event(), asyncio.Event()

    def told(another: AnotherService) -> None:
        if not behind.is_set():
            log.info("stands by roles=%s works=%s", ",".join(sorted(roles)), another.values["where"])
            behind.set()

    beating = asyncio.create_task(_beat(behind), name="watchdog")
    waiting = asyncio.create_task(lock.wait(told), name="turn")
    stopped = asyncio.create_task(stop.wait(), name="stop")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        await asyncio.wait({waiting, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        if waiting.done():
            waiting.result()
        if behind.is_set():
            watchdog.tell_status("")
        yield waiting.done() and not stop.is_set()
    finally:
        for one in (beating, waiting, stopped):
            one.cancel()
        await asyncio.wait({beating, waiting, stopped})


async def _beat(behind: asyncio.Event) -> None:
    """Beat until the work's own beats have long begun: what it imports takes seconds."""
    await behind.wait()
    watchdog.tell_status("stands by: another process does this work")
    await watchdog.beat()
