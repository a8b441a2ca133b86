"""Orders on real storage: a dispatcher who prepares, two heads, residents of a quarter."""

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from cti_server.appeals.papers.press import PRESS, Press
from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.informing.routes import add_informing
from cti_server.informing.sources import InformingSources
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.addresses import demo_streets
from hotline.dialling.calling_out import CallingRules, Pace
from hotline.informing.reach import Prices
from service.informing.informing import Informing
from storage.store import Storage
from tests.cti_server.announcements.conftest import announcing
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, Person, SetBoard
from tests.cti_server.outages.register.conftest import signed_in
from tests.storage.conftest import NOON

QUARTER = "Київський квартал"
FORM = {
    "number": "12-р",
    "dated": "2026-03-02",
    "issued_by": "Міський голова",
    "subject": "Вода",
    "text": "Завтра з дев'ятої до вісімнадцятої не буде води.",
    "short": "Завтра 9-18 не буде води",
    "ways": ["call", "sms"],
    "residents": "part",
    "areas": f"{QUARTER}, 1-15",
    "starts": "2026-03-02T14:00",
    "version": "1",
}


def informing_sources(storage: Storage, clock: MovedClock, folder: Path) -> InformingSources:
    """With a tone in the place of the synthesis."""
    rules, announced = CallingRules(), announcing(storage, clock, folder)
    return InformingSources(
        orders=storage.informing,
        streets=storage.streets,
        lemmas=storage.lemmas,
        rules=rules,
        pace=Pace(rules),
        campaigns=storage.campaigns,
        do_not_call=storage.do_not_call,
        at_once=2,
        prices=Prices(sms_part=Decimal("0.85")),
        recordings=storage.voice_recordings,
        studio=announced.studio,
        clock=clock,
        timezone=KYIV,
    )


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    made[PRESS] = Press()
    add_informing(made, informing_sources(storage, clock, tmp_path))
    return made


@pytest.fixture
def informing(storage: Storage, clock: MovedClock) -> Informing:
    return Informing(storage.informing, storage.informing_preparing, clock)


@pytest.fixture
async def people(accounts: Accounts, storage: Storage, clock: MovedClock) -> Mapping[str, User]:
    """Those who sign in, by login; two residents, of whom one lives where the order is for."""
    clock.moment = NOON
    await storage.streets.add(demo_streets())
    await storage.citizens.add("Олена Тихоход", f"{QUARTER}, 7, кв. 1", ["+380671112201"])
    await storage.citizens.add("Петро Далекий", f"{QUARTER}, 27", ["+380671112203"])
    known, made = await accounts.passwords.hash(PASSWORD), {}
    for login, name, role in (
        ("oksana", "Оксана Диспетчер", Role.DISPATCHER),
        ("head", "Ганна Начальниця", Role.HEAD),
        ("acting", "Андрій Заступник", Role.HEAD),
    ):
        made[login] = await accounts.users.add(login=login, name=name, role=role, password_hash=known)
    return made


@pytest.fixture
async def oksana(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    async for one in signed_in(server, "oksana"):
        yield one


@pytest.fixture
async def head(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    async for one in signed_in(server, "head"):
        yield one
