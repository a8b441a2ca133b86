"""The register of outages on real storage: two enterprises, a dispatcher, the words of the flows."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.frame.listening import Listening, add_listening
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.outages.register.routes import add_outage_register
from cti_server.outages.register.sources import OutageSources
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.addresses import demo_streets
from ivr_flows.typed_fields import sentences
from service.wiring.outage_register import outage_sources as made_of
from storage.store import Storage
from tests.cti_server.announcements.conftest import announcing
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, Person, SetBoard
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found


def outage_sources(storage: Storage, clock: MovedClock) -> OutageSources:
    return made_of(storage, KYIV, clock)


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_outage_register(made, outage_sources(storage, clock))
    add_listening(made, Listening(studio=announcing(storage, clock, tmp_path).studio, sentences=sentences))
    return made


@pytest.fixture
async def city(storage: Storage, clock: MovedClock) -> City:
    clock.moment = NOON
    await storage.streets.add(demo_streets())
    return await found(storage)


@pytest.fixture
async def people(city: City, accounts: Accounts) -> Mapping[str, User]:
    """Those who sign in, by login; the password is PASSWORD."""
    known, made = await accounts.passwords.hash(PASSWORD), {}
    for login, name, role, executor_id in (
        ("oksana", "Оксана Диспетчер", Role.DISPATCHER, None),
        ("petro", "Петро Слюсар", Role.EXECUTOR, city.heat.id),
        ("vodiany", "Василь Водяний", Role.EXECUTOR, city.water.id),
    ):
        made[login] = await accounts.users.add(
            login=login, name=name, role=role, password_hash=known, executor_id=executor_id
        )
    return made


async def signed_in(server: TestServer, login: str) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        one = Person(client)
        await one.enter(login)
        yield one


@pytest.fixture
async def oksana(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    async for one in signed_in(server, "oksana"):
        yield one


@pytest.fixture
async def petro(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    async for one in signed_in(server, "petro"):
        yield one


@pytest.fixture
async def vodiany(server: TestServer, people: Mapping[str, User]) -> AsyncIterator[Person]:
    async for one in signed_in(server, "vodiany"):
        yield one


def form(at: datetime = NOON, **fields: str) -> dict[str, str]:
    """A form as it is filled in: no heating in a quarter since this moment, for three hours."""
    local = at.astimezone(KYIV)
    filled = {
        "utility": "heat",
        "kind": "unplanned",
        "starts": f"{local:%Y-%m-%dT%H:%M}",
        "ends": f"{local + timedelta(hours=3):%Y-%m-%dT%H:%M}",
        "areas": "Київський квартал, 1-15 непарні",
        "reason": "Прорив мережі",
        "idempotency_key": "one",
    }
    return filled | fields
