"""The pages of specialists on real storage: a dispatcher of the centre, two of the heat supplier, links."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.enterprise.routes import add_work
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.meetings.routes import add_meetings
from cti_server.specialists.routes import add_specialists
from cti_server.tasks.routes import add_tasks
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal
from service.wiring.desks import task_sources
from service.wiring.meetings import specialist_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import appeal_sources, control_sources, handling_sources
from tests.cti_server.conftest import KYIV, MovedClock, Person, SetBoard
from tests.cti_server.enterprise import conftest as enterprise
from tests.cti_server.meetings.conftest import LINKS, meeting_sources
from tests.storage.enterprise import City

accounts_of, city, folder = enterprise.accounts_of, enterprise.city, enterprise.folder
appeal, petro, stranger = enterprise.appeal, enterprise.petro, enterprise.stranger


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, folder: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_evidence(made, enterprise.evidence_sources(storage, clock, folder))
    add_work(made, enterprise.work_sources(storage, clock))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_tasks(made, task_sources(storage, KYIV, clock))
    add_meetings(made, meeting_sources(storage, clock))
    add_specialists(made, specialist_sources(storage, KYIV, LINKS, "1580", clock))
    return made


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A dispatcher of the centre at a browser, and an appeal that the heat supplier has."""

    centre: Person
    city: City
    appeal: Appeal
    users: Mapping[Role, User]
    clock: MovedClock


@pytest.fixture
async def scene(
    server: TestServer, city: City, appeal: Appeal, users: Mapping[Role, User], clock: MovedClock
) -> AsyncIterator[Scene]:
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter(users[Role.DISPATCHER].login)
        yield Scene(centre=person, city=city, appeal=appeal, users=users, clock=clock)


@pytest.fixture
async def olha(server: TestServer, accounts_of: Mapping[str, User]) -> AsyncIterator[Person]:
    """A colleague of Petro at the heat supplier."""
    async with TestClient(server) as client:
        person = Person(client)
        await person.enter("olha")
        yield person


@pytest.fixture
async def guest(server: TestServer) -> AsyncIterator[Person]:
    """Somebody with a link, and no account."""
    async with TestClient(server) as client:
        yield Person(client)
