"""An appeal of Maria's at every stage of its road, and whoever acts on it over HTTP."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import Actor, ActorRole
from hotline.appeals.acts.applicants_word import AttemptInVain, BeginCheck
from hotline.appeals.acts.routing import Assign
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.appeals.handling import REGISTERED
from hotline.appeals.routing import Rule
from hotline.contact.channel import Channel
from hotline.enterprises.executors import Contact, Executor
from hotline.people.citizens import Citizen
from storage.store import Storage
from tests.cti_server.appeals.conftest import CALL, HOME, NUMBER, app, filled, maria, olena
from tests.cti_server.appeals.list.test_list import register
from tests.cti_server.conftest import MovedClock, Person

__all__ = ["CALL", "app", "filled", "maria", "olena"]
FIRST = "2600001"


@dataclass(kw_only=True)
class Road:
    """The appeal 2600001, which goes as far as a test wants, in the storage."""

    storage: Storage
    clock: MovedClock
    heat: Executor
    water: Executor
    maria: Citizen

    async def begins(self, number: int = 1, **fields: Any) -> Appeal:
        wanted = {
            "category": "hot-water-none",
            "address": HOME,
            "text": "Немає гарячої води",
            "applicant_number": NUMBER,
            "applicant_id": self.maria.id,
            "reply_by": Channel.SMS,
            **fields,
        }
        return await register(self.storage, number, self.clock.now(), **wanted)

    async def to(self, state: AppealState, **fields: Any) -> Appeal:
        """Bring a new appeal to this state by the acts that lead there."""
        appeal = await self.begins(**fields)
        for act in self._acts():
            if appeal.state is state:
                return appeal
            appeal = await self.do(appeal, act)
        assert appeal.state is state
        return appeal

    async def do(self, appeal: Appeal, act: Act) -> Appeal:
        return await self.storage.handling.carry_out(appeal.number, act, version=appeal.version)

    async def now(self, number: str = FIRST) -> Appeal:
        found = await self.storage.appeals.find(number)
        assert found is not None
        return found

    async def acts(self, number: str = FIRST) -> list[str]:
        """Name what was done since it was registered."""
        history = await self.storage.handling.history(number, hidden=True)
        return [one.act for one in history if one.act != REGISTERED]

    @property
    def executor(self) -> Actor:
        return Actor(part=ActorRole.EXECUTOR, executor_id=self.heat.id)

    @property
    def city(self) -> Actor:
        return Actor(part=ActorRole.DISPATCHER)

    @property
    def city_head(self) -> Actor:
        return Actor(part=ActorRole.HEAD)

    def _acts(self) -> list[Act]:
        theirs: Any = {"by": self.executor, "at": self.clock.now()}
        ours: Any = {"by": self.city, "at": self.clock.now()}
        return [
            Assign(**ours, executor_id=self.heat.id),
            Accept(**theirs),
            BeginWork(**theirs),
            ReportDone(**theirs, result=ResultKind.SATISFIED, answer="Воду подано, перевірено в підвалі"),
            BeginCheck(**ours),
            AttemptInVain(**ours, outcome="no-answer"),
            AttemptInVain(**ours, outcome="busy"),
            AttemptInVain(**ours, outcome="no-answer"),
        ]


@pytest.fixture
async def road(storage: Storage, clock: MovedClock, maria: Citizen) -> Road:
    desk = Contact(name="Диспетчерська", number="+380457900061", email="desk@slavutych.example")
    heat = await storage.executors.add("КП «Славутич Тепломережі»", "Тепломережі", (desk,))
    water = await storage.executors.add("КП «Водоканал»", "Водоканал", ())
    await storage.rules.add(Rule(order=1, executor_id=heat.id, categories=("hot-water-*",)))
    return Road(storage=storage, clock=clock, heat=heat, water=water, maria=maria)


async def act(
    person: Person,
    name: str,
    fields: dict[str, str] | None = None,
    *,
    version: int,
    number: str = FIRST,
    where: str = "/appeals",
) -> aiohttp.ClientResponse:
    """Send the form of an act as the card has it."""
    typed = {"version": str(version), **(fields or {})}
    return await person.post(f"{where}/{number}/acts/{name}", typed)


async def text(answer: aiohttp.ClientResponse) -> str:
    return html.unescape(await answer.text())


def offered(page: str) -> set[str]:
    """Names of the acts whose forms stand on the card."""
    return set(re.findall(r'id="act-([a-z-]+)"', page))


@pytest.fixture
async def rival(server: TestServer, users: Mapping[Role, User]) -> AsyncIterator[Person]:
    """The head, in a browser of their own, while a dispatcher acts in another."""
    assert users
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(Role.HEAD.value)
        yield person
