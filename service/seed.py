"""The demo city: fictional people, numbers that nobody has, two dispatchers, one appeal, no outage."""

import logging
import secrets
from datetime import timedelta

from cti_server.auth.passwords import Passwords
from hotline.addresses import demo_streets
from hotline.appeals import Appeal, AppealState
from hotline.clock import SystemClock
from service.accounts import add_demo_accounts
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
        await _fill(storage)
        await add_demo_accounts(storage, settings.folders.secrets, Passwords())


async def _fill(storage: Storage) -> None:
    await storage.streets.add(demo_streets())
    for extension, name in DISPATCHERS:
        await storage.dispatchers.add(extension, name, secrets.token_urlsafe(18), frozenset())
    for name, address, numbers in CITIZENS:
        await storage.citizens.add(name, address, numbers)
    now = SystemClock().now()
    await storage.appeals.register(
        Appeal(
            number="1001",
            applicant_number="+380457900001",
            summary="Не світить ліхтар біля під'їзду",
            state=AppealState.IN_WORK,
            registered_at=now,
            due_on=(now + timedelta(days=TERM_DAYS)).date(),
        )
    )
