"""Two dispatchers at their desks, on real storage; `told` brings events to their screens."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.desk.calling_out import CallingOutSources
from cti_server.desk.live import LiveDesks
from cti_server.desk.routes import add_desk
from cti_server.desk.sources import Desk, Sources
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.screens import Screens
from hotline.access.permissions import Role
from hotline.chats.chats import Chat
from hotline.dialling.calling_out import CallingRules, Pace
from hotline.events import Event
from hotline.line.line import Dispatcher, Offer
from hotline.line.presence_states import Presence
from hotline.line.scheduled_callbacks import EitherClaims
from service.wiring.chats import links_of
from service.wiring.desks import desk_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, PASSWORD, MovedClock, Person, SetBoard
from tests.fakes.telephone import FakeTelephone


def calling_out_sources(
    storage: Storage, clock: MovedClock, telephone: FakeTelephone, rules: CallingRules
) -> CallingOutSources:
    return CallingOutSources(
        telephone=telephone,
        rules=rules,
        pace=Pace(rules),
        claims=EitherClaims(storage.callbacks, storage.scheduled_callbacks),
        progressive=storage.progressive,
        clock=clock,
    )


@dataclass
class Told:
    """Implements `hotline.events.Events` for what the pages tell, and remembers whom they have rung."""

    live: LiveDesks
    rung: list[Offer] = field(default_factory=list)
    telephone: FakeTelephone = field(default_factory=FakeTelephone)

    def tell(self, event: Event) -> None:
        self.live.tell(event)

    async def ring(self, offer: Offer) -> None:
        self.rung.append(offer)


@pytest.fixture
def dials_after() -> timedelta:
    """How long whoever is next is shown before the desk dials."""
    return timedelta(seconds=10)


@pytest.fixture
def written() -> dict[str, Chat]:
    """The chats that numbers had not long ago."""
    return {}


@pytest.fixture
def sources(storage: Storage, clock: MovedClock, dials_after: timedelta, written: dict[str, Chat]) -> Sources:
    links = links_of(storage, clock, address="https://city.example", most=9)
    return desk_sources(
        storage, Screens(), KYIV, clock, dials_after=dials_after, chat_of=written.get, links=links
    )


@pytest.fixture
async def told(sources: Sources, storage: Storage) -> AsyncIterator[Told]:
    live = LiveDesks(sources, Pages(KYIV), storage.audit)
    running = asyncio.create_task(live.run())
    yield Told(live)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, sources: Sources, told: Told) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_desk(made, Desk(sources=sources, events=told, ring=told.ring, recording=told.telephone))
    return made


@dataclass
class AtDesk:
    """A dispatcher who has signed in."""

    person: Person
    dispatcher: Dispatcher
    user_id: int

    async def socket(self) -> aiohttp.ClientWebSocketResponse:
        return await self.person.client.ws_connect("/desk/events", headers=self.person.origin)


async def at_desk(
    server: TestServer, accounts: Accounts, storage: Storage, clock: MovedClock, extension: str
) -> tuple[AtDesk, TestClient[web.Request, web.Application]]:
    one = await storage.dispatchers.add(extension, f"Диспетчер {extension}", "secret", frozenset())
    one = await storage.dispatchers.set_presence(one.id, Presence.READY, clock.now())
    user = await accounts.users.add(
        login=f"user{extension}",
        name=one.name,
        role=Role.DISPATCHER,
        password_hash=await accounts.passwords.hash(PASSWORD),
        dispatcher_id=one.id,
    )
    client = TestClient(server, cookie_jar=aiohttp.CookieJar(unsafe=True))
    person = Person(client)
    await person.enter(user.login)
    return AtDesk(person, one, user.id), client


@pytest.fixture
async def olena(
    server: TestServer, accounts: Accounts, storage: Storage, clock: MovedClock
) -> AsyncIterator[AtDesk]:
    made, client = await at_desk(server, accounts, storage, clock, "201")
    async with client:
        yield made


@pytest.fixture
async def taras(
    server: TestServer, accounts: Accounts, storage: Storage, clock: MovedClock
) -> AsyncIterator[AtDesk]:
    made, client = await at_desk(server, accounts, storage, clock, "202")
    async with client:
        yield made
