"""Wires Open311 with the settings and the storage: ours, and those of enterprises."""

import aiohttp

from cti_server.open311.sources import Open311Sources
from hotline.clock import Clock, SystemClock
from hotline.events import Events
from service.open311.client import Open311Client
from service.open311.reading import Open311Reading
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


async def keep_reading_open311(storage: Storage, events: Events) -> None:
    """Read what enterprises' own servers say, for the life of the service."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        await open311_reading(storage, session, events, SystemClock()).keep()


def open311_reading(
    storage: Storage, session: aiohttp.ClientSession, events: Events, clock: Clock
) -> Open311Reading:
    return Open311Reading(
        client=Open311Client(session),
        executors=storage.executors,
        endpoints=storage.open311_endpoints,
        registry=storage.registry,
        handling=storage.handling.told_on(events),
        clock=clock,
    )
