"""The pages of shifts on real storage: a head, and two dispatchers, one of them in a browser of her own."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.city_data.routes import add_city_data
from cti_server.control.routes import add_control
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.line_report.routes import add_line_report
from cti_server.shifts.routes import add_shifts
from hotline.access.permissions import Role
from hotline.access.users import User
from service.wiring.desks import line_report_sources, shift_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.city_data.conftest import city_data_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard, change

WEEK = "/shifts/2026-03-02"
"""The week of the tests' clock, which stands on its Monday, at 14:00 in the city."""


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_line_report(made, line_report_sources(storage, KYIV, clock))
    add_city_data(made, city_data_sources(storage, clock))
    add_shifts(made, shift_sources(storage, KYIV, clock))
    add_control(made, control_sources(storage, clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Team:
    """Two dispatchers, and the head at a browser."""

    olena: User
    taras: User
    head: Person

    def form(self, edition: int, do: str, **typed: str) -> dict[str, str]:
        """Give the form's fields: `olena_0` is Olena's Monday."""
        fields = {"edition": str(edition), "do": do}
        for key, text in typed.items():
            name, _, day = key.partition("_")
            fields[f"s{getattr(self, name).id}-{day}"] = text
        return fields

    async def save(self, edition: int = 0, do: str = "save", week: str = WEEK, **typed: str) -> int:
        return (await self.head.post(week, self.form(edition, do, **typed))).status

    async def publish(self, edition: int = 0, week: str = WEEK, **typed: str) -> int:
        return await self.save(edition, "publish", week, **typed)


@pytest.fixture
async def team(head: Person, users: Mapping[Role, User], accounts: Accounts) -> Team:
    olena = await change(accounts, users[Role.DISPATCHER], name="Олена")
    known = users[Role.HEAD].password_hash
    taras = await accounts.users.add(login="taras", name="Тарас", role=Role.DISPATCHER, password_hash=known)
    return Team(olena=olena, taras=taras, head=head)


@pytest.fixture
async def olena(server: TestServer, team: Team) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(team.olena.login)
        yield person
