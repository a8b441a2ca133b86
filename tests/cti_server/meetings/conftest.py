"""The pages of meetings on real storage: a head, a secretary, and whoever has a link."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.appeals.papers.press import PRESS, Press
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.meetings.routes import add_meetings
from cti_server.meetings.sources import MeetingSources
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from cti_server.shifts.routes import add_shifts
from cti_server.tasks.routes import add_tasks
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.delivery.recipient_links import RecipientLinks
from hotline.meetings.telling import INVITEE
from service.wiring import meetings as wiring
from service.wiring.desks import shift_sources, task_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard, change

LINKS = RecipientLinks(key=b"secret", address="https://hotline.example")
FORM: Mapping[str, str | list[str]] = {
    "topic": "Підготовка до зими",
    "at": "03.03.2026 10:00",
    "minutes_long": "60",
    "place": "каб. 12",
    "points": ["Тепло", "", "Дороги"],
    "speakers": ["Петренко", "", ""],
    "names": ["Петренко", "Бондар", ""],
    "addresses": ["petrenko@vodokanal.example", "067 000 00 01", ""],
}
"""The clock of the tests stands at 14:00 of the second of March."""


def meeting_sources(storage: Storage, clock: MovedClock) -> MeetingSources:
    return wiring.meeting_sources(storage, KYIV, LINKS, "1580", clock)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    made[PRESS] = Press()
    add_meetings(made, meeting_sources(storage, clock))
    add_tasks(made, task_sources(storage, KYIV, clock))
    add_control(made, control_sources(storage, clock))
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    add_shifts(made, shift_sources(storage, KYIV, clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Called:
    """A meeting that the head has called, whose minutes Olena writes."""

    head: Person
    olena: User
    form: Mapping[str, str | list[str]]

    def link(self, invitee_id: int) -> str:
        return f"/meetings/invited/{LINKS.token(INVITEE, invitee_id)}"


@pytest.fixture
async def called(head: Person, users: Mapping[Role, User], accounts: Accounts) -> Called:
    olena = await change(accounts, users[Role.DISPATCHER], name="Олена")
    form = {**FORM, "secretary": str(olena.id), "users": [str(olena.id)]}
    made = await head.post("/meetings", form)
    assert made.headers["Location"] == "/meetings/1?noted=meeting-saved"
    assert (await head.post("/meetings/1/call")).status == 303
    return Called(head=head, olena=olena, form=form)


@pytest.fixture
async def olena(server: TestServer, called: Called) -> AsyncIterator[Person]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(called.olena.login)
        yield person


@pytest.fixture
async def guest(server: TestServer) -> AsyncIterator[Person]:
    """Somebody with a link, and no account."""
    async with TestClient(server) as client:
        yield Person(client)
