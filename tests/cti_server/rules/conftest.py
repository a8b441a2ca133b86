"""The page of rules on real storage: two enterprises, two rules, and appeals that they routed."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.appeals.list.routes import add_appeal_lists
from cti_server.application import application
from cti_server.city_data.routes import add_city_data
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.rules.routes import add_rules
from cti_server.rules.sources import RuleSources
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.routing import Rule
from hotline.city.addresses import demo_streets
from hotline.enterprises.executors import Executor
from service.wiring import desks
from storage.store import Storage
from tests.cti_server.appeals.conftest import list_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.storage.enterprise import CONTACTS


@dataclass(frozen=True, kw_only=True)
class City:
    """Who is there, and the rules as they were entered."""

    heat: Executor
    water: Executor
    rules: tuple[Rule, ...]


def rule_sources(storage: Storage, clock: MovedClock) -> RuleSources:
    return desks.rule_sources(storage, KYIV, clock)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_rules(made, rule_sources(storage, clock))
    add_city_data(made, desks.city_data_sources(storage, KYIV, clock))
    add_appeal_lists(made, list_sources(storage, clock))
    return made


@pytest.fixture
async def city(storage: Storage) -> City:
    await storage.streets.add(demo_streets())
    heat = await storage.executors.add("КП «Тепломережі»", "Тепломережі", CONTACTS)
    water = await storage.executors.add("КП «Водоканал»", "Водоканал", ())
    first = await storage.rules.add(Rule(order=10, executor_id=heat.id, categories=("heat-*",)))
    second = await storage.rules.add(Rule(order=20, executor_id=water.id, categories=("water-*",)))
    return City(heat=heat, water=water, rules=(first, second))


@pytest.fixture
async def head(person: Person, users: Mapping[Role, User], city: City) -> Person:
    assert users
    assert city
    await person.enter(Role.HEAD.value)
    return person


@pytest.fixture
async def other_head(server: TestServer, users: Mapping[Role, User]) -> Person:
    """The same account at another browser."""
    assert users
    other = Person(TestClient(server))
    await other.enter(Role.HEAD.value)
    return other
