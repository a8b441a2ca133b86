"""The interface for programs on real storage, with tokens of every role."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from cti_server.admin.tokens import add_tokens
from cti_server.api.feed import Feed
from cti_server.api.missed import Missed
from cti_server.api.routes import add_api
from cti_server.api.sources import ApiSources
from cti_server.appeals.files.routes import add_evidence
from cti_server.application import application
from cti_server.auth.bearer import bearers
from cti_server.auth.rates import TokenLimits
from cti_server.calls.routes import add_past_calls
from cti_server.enterprises.routes import add_executors
from cti_server.frame.pages import Pages
from cti_server.inquiries.routes import add_inquiries
from cti_server.keys import Accounts
from cti_server.tasks.routes import add_tasks
from cti_server.webhooks.routes import add_webhooks
from hotline.access.permissions import Role
from hotline.access.scopes import scopes_of
from hotline.access.tokens import Token, hash_of
from hotline.access.users import User
from hotline.calls.interpreters import Interpreters
from hotline.city.addresses import demo_streets
from hotline.city.city_rules import CityRules
from hotline.city.house_places import HousePlaces
from hotline.clock import Clock
from hotline.enterprises.executors import Executor
from hotline.line.phones import CanRing, taken_for_granted
from hotline.portal.follow_codes import FollowCodes
from service.node.bus import Bus
from service.wiring.desks import inquiry_sources, task_sources
from storage.store import Storage
from tests.cti_server.calls.conftest import past_calls
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.enterprise.conftest import evidence_sources
from tests.cti_server.enterprises.conftest import executor_sources
from tests.cti_server.webhooks.conftest import webhook_sources_on

Client = TestClient[web.Request, web.Application]
NUMBER = "+380457900012"
INTERPRETER = "+380671234567"
HOME = "Київський квартал, 7, кв. 12"


@dataclass
class Program:
    """Another system that asks with its token."""

    client: Client
    secret: str
    token: Token

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.secret}"}

    async def ask(self, method: str, path: str, **options: Any) -> aiohttp.ClientResponse:
        headers = {**self.headers, **options.pop("headers", {})}
        return await self.client.request(
            method, f"/api/v1{path}", headers=headers, allow_redirects=False, **options
        )

    async def get(self, path: str, **options: Any) -> Any:
        answer = await self.ask("GET", path, **options)
        assert answer.status == 200, await answer.text()
        return await answer.json()


def api_sources(
    storage: Storage,
    clock: Clock,
    bus: Bus,
    feed: Feed,
    limits: TokenLimits | None = None,
    *,
    can_ring: CanRing = taken_for_granted,
) -> ApiSources:
    return ApiSources(
        bearers=bearers(storage.tokens, limits),
        requests=storage.keyed_requests,
        history=storage.history,
        calls=storage.calls,
        callers=storage.callers,
        citizens=storage.citizens,
        cards=storage.citizen_cards,
        registry=storage.registry,
        appeal_lists=storage.appeal_lists,
        change_log=storage.change_log,
        handling=storage.handling.told_on(bus),
        work=storage.executor_work,
        executors=storage.executors,
        streets=storage.streets,
        places=HousePlaces(storage.city_maps, storage.streets),
        outages=storage.outages.told_on(bus),
        power=storage.power,
        documents=storage.city_documents,
        dispatchers=storage.dispatchers,
        events=bus,
        feed=feed,
        missed=Missed(
            appeals=storage.change_log,
            lists=storage.appeal_lists,
            outages=storage.outage_log,
            presence=storage.presence_changes,
            clock=clock,
        ),
        clock=clock,
        city=CityRules(timezone=KYIV),
        codes=FollowCodes(b"key"),
        agreements=storage.agreements,
        messages=storage.city_messages,
        can_ring=can_ring,
    )


@pytest.fixture
def feed(storage: Storage, clock: MovedClock) -> Feed:
    return Feed(storage.dispatchers, storage.callers, clock)


@pytest.fixture
def bus(feed: Feed) -> Bus:
    return Bus(feed.tell)


@pytest.fixture
def limits() -> TokenLimits:
    return TokenLimits(per_second=10_000.0, at_once=10_000)


@pytest.fixture
def phoneless() -> set[str]:
    """The extensions at which no phone can ring."""
    return set()


@pytest.fixture
def app(  # noqa: PLR0917
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    bus: Bus,
    feed: Feed,
    limits: TokenLimits,
    phoneless: set[str],
    tmp_path: Path,
) -> web.Application:
    async def can_ring(extension: str) -> bool:
        return extension not in phoneless

    made = application(
        board, "1580", accounts, Pages(KYIV, interpreters=Interpreters(numbers=(INTERPRETER,)))
    )
    add_api(made, api_sources(storage, clock, bus, feed, limits, can_ring=can_ring))
    add_evidence(made, evidence_sources(storage, clock, tmp_path / "evidence"))
    add_executors(made, executor_sources(storage, clock))
    add_past_calls(made, past_calls(storage, tmp_path, tmp_path))
    add_tokens(made)
    add_tasks(made, task_sources(storage, KYIV, clock))
    add_inquiries(made, inquiry_sources(storage, KYIV, clock))
    add_webhooks(made, webhook_sources_on(storage, clock))
    return made


async def token_of(
    client: Client,
    storage: Storage,
    clock: Clock,
    role: Role,
    *,
    user: User,
    personal: bool,
    executor: Executor | None = None,
) -> Program:
    """Give another system its token; `executor` is whose system it is, for that role."""
    secret = f"hotline_{role.value}-{personal}-{executor.id if executor else 0}"
    token = await storage.tokens.add(
        hash_of(secret),
        name=f"Система {role.value}",
        role=role,
        personal=personal,
        user_id=user.id,
        made_at=clock.now(),
        expires_at=clock.now() + timedelta(days=30),
        scopes=scopes_of(role),
        executor_id=executor.id if executor else None,
    )
    return Program(client, secret, token)


@pytest.fixture
async def heat(storage: Storage) -> Executor:
    return await storage.executors.add("КП «Тепломережі»", "Тепломережі", ())


@pytest.fixture
async def programs(
    client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User], heat: Executor
) -> Mapping[Role, Program]:
    """One of each role, all with personal data; the executor's is of the heat supplier."""
    maker = users[Role.HEAD]

    async def made(role: Role) -> Program:
        whose = heat if role is Role.EXECUTOR else None
        return await token_of(client, storage, clock, role, user=maker, personal=True, executor=whose)

    return {role: await made(role) for role in Role}


@pytest.fixture
def head(programs: Mapping[Role, Program]) -> Program:
    return programs[Role.HEAD]


@pytest.fixture
async def masked(client: Client, storage: Storage, clock: MovedClock, users: Mapping[Role, User]) -> Program:
    """A head's token without personal data."""
    return await token_of(client, storage, clock, Role.HEAD, user=users[Role.HEAD], personal=False)


@pytest.fixture
async def streets(storage: Storage) -> None:
    await storage.streets.add(demo_streets())


def given_appeal(**changed: object) -> dict[str, object]:
    """An appeal without faults."""
    return {
        "text": "Немає гарячої води з ранку",
        "kind": "application",
        "category": "hot-water-none",
        "address": HOME,
        "applicant": {"name": "Марія Демченко"},
        "consent": True,
        "number": NUMBER,
        **changed,
    }
