"""The demo city: fictional people, numbers that nobody has, enterprises, appeals, outages."""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cti_server.auth.passwords import Passwords
from hotline.city.addresses import demo_streets
from hotline.city.geojson import demo_map
from hotline.clock import SystemClock
from hotline.line.phones import new_secret
from hotline.people.citizens import Citizen
from service.demo.accounts import add_demo_accounts
from service.demo.appeals import add_demo_appeals
from service.demo.executors import add_demo_executors
from service.demo.knowledge import add_demo_articles
from service.demo.outages import add_demo_outages
from service.settings.settings import Settings
from storage.store import Storage, open_storage

log = logging.getLogger(__name__)

DISPATCHERS = (("201", "Олена (демо)"), ("202", "Тарас (демо)"))
CITIZENS = (
    ("Марія Демченко", "Київський квартал, 7, кв. 12", ("+380457900001",), ()),
    ("Іван Демченко", "Київський квартал, 7, кв. 12", ("+380457900001", "+380457900002"), ("7.14",)),
    ("Ганна Зразкова", "Ризький квартал, 3, кв. 40", ("+380457900003",), ()),
    ("Петро Приклад", "Талліннський квартал, 11, кв. 5", ("+380457900004",), ()),
    ("Софія Умовна", "Вільнюський квартал, 6, кв. 21", ("+380457900005",), ()),
    ("Богдан Вигаданий", "Чернігівський квартал, 2, кв. 8", ("+380457900006",), ("7.5",)),
    ("Лідія Показова", "Печерський квартал, 4, кв. 33", ("+380457900007",), ("7.14",)),
)
"""Name, address, numbers, and the categories of `hotline.people.benefits` that they belong to."""


async def seed(settings: Settings) -> None:
    """Fill an empty database; one that holds anybody stays as it is."""
    async with open_storage(settings.database_url, city=settings.city) as storage:
        if await storage.dispatchers.all():
            log.info("demo city not added: the database is in use")
            return
        now = SystemClock().now()
        await fill(storage, settings.folders.secrets, Passwords(), settings.timezone, now)
        await add_demo_articles(storage, settings.timezone, now)


async def fill(storage: Storage, folder: Path, passwords: Passwords, zone: ZoneInfo, now: datetime) -> None:
    """Fill in the demo city as of `now`; the accounts' passwords go into the folder."""
    await storage.streets.add(demo_streets())
    await storage.city_maps.put(demo_map(), source="demo-map.geojson", at=now)
    for extension, name in DISPATCHERS:
        await storage.dispatchers.add(extension, name, new_secret(), frozenset())
    enterprises = await add_demo_executors(storage)
    await add_demo_accounts(storage, folder, passwords)
    await add_demo_appeals(storage, await _people(storage, now), zone, now)
    await add_demo_outages(storage, enterprises, zone, now)


async def _people(storage: Storage, now: datetime) -> Mapping[str, Citizen]:
    made = {}
    for name, address, numbers, categories in CITIZENS:
        made[name] = await storage.citizens.add(name, address, numbers)
        if categories:
            await storage.citizens.note_benefits(made[name].id, categories, now)
    return made
