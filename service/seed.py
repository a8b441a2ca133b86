"""The demo city: fictional people, numbers that nobody has, two dispatchers, enterprises, one appeal."""

import logging
import secrets
from collections.abc import Mapping
from datetime import timedelta

from cti_server.auth.passwords import Passwords
from hotline.acts.actors import SERVICE, Actor, Part
from hotline.acts.routing import Assign
from hotline.acts.work import Accept, BeginWork
from hotline.addresses import demo_streets
from hotline.appeals import Appeal, AppealState
from hotline.clock import SystemClock
from hotline.executors import Executor
from service.accounts import add_demo_accounts
from service.demo_executors import HOUSING, add_demo_executors
from service.settings import Settings
from storage.store import Storage, open_storage

log = logging.getLogger(__name__)

DISPATCHERS = (("101", "Олена (демо)"), ("102", "Тарас (демо)"))
CITIZENS = (
    ("Марія Демченко", "Київський квартал, 7, кв. 12", ("+380457900001",)),
    ("Іван Демченко", "Київський квартал, 7, кв. 12", ("+380457900001", "+380457900002")),
    ("Ганна Зразкова", "Ризький квартал, 3, кв. 40", ("+380457900003",)),
)
TERM_DAYS = 15


async def seed(settings: Settings) -> None:
    """Fill an empty database; one that holds anybody stays as it is."""
    async with open_storage(settings.database_url) as storage:
        if await storage.dispatchers.all():
            log.info("demo city not added: the database is in use")
            return
        await fill(storage)
        await add_demo_accounts(storage, settings.folders.secrets, Passwords())


async def fill(storage: Storage) -> None:
    """Fill in all but the accounts."""
    await storage.streets.add(demo_streets())
    for extension, name in DISPATCHERS:
        await storage.dispatchers.add(extension, name, secrets.token_urlsafe(18), frozenset())
    for name, address, numbers in CITIZENS:
        await storage.citizens.add(name, address, numbers)
    await _appeal(storage, await add_demo_executors(storage))


async def _appeal(storage: Storage, executors: Mapping[str, Executor]) -> None:
    """Have a street lamp mended: the appeal is in work."""
    now, housing = SystemClock().now(), executors[HOUSING].id
    await storage.appeals.register(
        Appeal(
            number="1001",
            applicant_number="+380457900001",
            summary="Не світить ліхтар біля під'їзду",
            state=AppealState.REGISTERED,
            category="street-light",
            registered_at=now,
            due_on=(now + timedelta(days=TERM_DAYS)).date(),
        )
    )
    crew = Actor(part=Part.EXECUTOR, executor_id=housing)
    for act in (
        Assign(by=SERVICE, at=now, executor_id=housing),
        Accept(by=crew, at=now),
        BeginWork(by=crew, at=now),
    ):
        await storage.handling.carry_out("1001", act, version=None)
