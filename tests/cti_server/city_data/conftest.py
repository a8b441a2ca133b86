"""The pages of a city's own data on real storage, with a head and an administrator."""

from collections.abc import AsyncIterator, Iterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.city_data.routes import add_city_data
from cti_server.city_data.sources import CityDataSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city_data.kinds import kept
from service.wiring import desks
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard


def city_data_sources(storage: Storage, clock: MovedClock) -> CityDataSources:
    return desks.city_data_sources(storage, KYIV, clock)


@pytest.fixture(autouse=True)
def delivered_again() -> Iterator[None]:
    """What a test puts into force holds for this test alone."""
    with kept():
        yield


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_city_data(made, city_data_sources(storage, clock))
    return made


@pytest.fixture
async def administrator(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    """A colleague at another browser."""
    assert users
    async with TestClient(server) as client:
        other = Person(client)
        await other.enter(Role.ADMINISTRATOR.value)
        yield other


@pytest.fixture
async def observer(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    assert users
    async with TestClient(server) as client:
        other = Person(client)
        await other.enter(Role.OBSERVER.value)
        yield other
