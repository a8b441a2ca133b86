"""The register of executors on real storage."""

from collections.abc import Mapping

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.enterprises.routes import add_executors
from cti_server.enterprises.sources import ExecutorSources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from service.wiring import desks
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.storage.enterprise import City, found


def executor_sources(storage: Storage, clock: MovedClock) -> ExecutorSources:
    return desks.executor_sources(storage, KYIV, clock)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_executors(made, executor_sources(storage, clock))
    return made


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User], city: City) -> Person:
    assert users
    assert city
    await person.enter(Role.HEAD.value)
    return person
