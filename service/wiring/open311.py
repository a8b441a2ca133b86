"""Wires Open311 with the settings and the storage: ours, and those of enterprises."""

from functools import partial
from pathlib import Path

import aiohttp

from cti_server.open311.sources import Open311Sources
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from hotline.isolation import run_isolated
from service.open311.client import Open311Client
from service.open311.reading import Open311Reading
from service.open311.sealed_keys import seal_anew, sealed_endpoints
from service.settings.settings import Settings
from service.wiring.delivery import public_address
from storage.store import Storage


def open311_sources(settings: Settings, storage: Storage) -> Open311Sources:
    return Open311Sources(
        appeal_lists=storage.appeal_lists,
        change_log=storage.change_log,
        registry=storage.registry,
        public_texts=storage.public_texts,
        handling=storage.handling,
        work=storage.executor_work,
        clock=SystemClock(),
        timezone=settings.timezone,
        address=public_address(settings),
        number=settings.number,
    )


async def keep_reading_open311(settings: Settings, storage: Storage, events: Events) -> None:
    """Read what enterprises' own servers say, for the life of the service."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        key_file = settings.recordings.key_file
        if key_file is not None:
            seal = partial(seal_anew, storage, key_file)
            await run_isolated(seal, "keys of Open311 servers not sealed anew")
        await open311_reading(storage, session, events, SystemClock(), key_file).keep()


def open311_reading(
    storage: Storage,
    session: aiohttp.ClientSession,
    events: Events,
    clock: Clock,
    key_file: Path | None = None,
) -> Open311Reading:
    return Open311Reading(
        client=Open311Client(session),
        executors=storage.executors,
        endpoints=sealed_endpoints(storage, key_file),
        registry=storage.registry,
        handling=storage.handling.told_on(events),
        clock=clock,
    )
