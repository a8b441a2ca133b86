"""Two cities: ours with its pages, and the one whose telephone we answer, each on its own database."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web

from cti_server.api.feed import Feed
from cti_server.api.routes import add_api
from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.neighbours.routes import add_neighbours
from cti_server.neighbours.sources import NeighbourSources
from hotline.access.permissions import Role
from hotline.access.tokens import hash_of
from hotline.contact.channel import Channel
from hotline.neighbours.agreement import Agreement, NewAgreement, Part, Shared
from hotline.neighbours.copy import CityCopy
from service.delivery.courier import Books, Courier
from service.neighbours.carrier import NeighbourCarrier, to_city
from service.neighbours.client import NeighbourClient
from service.neighbours.copying import Copying
from service.neighbours.sealed_keys import SealedKeys
from service.node.bus import Bus
from service.node.local_node import free_ports
from storage.sounds.keys import SoundKeys
from storage.store import Storage
from tests.cti_server.api.conftest import api_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard, accounts_on
from tests.fakes.databases import fresh_storage

NUMBER = "+380462123456"
SECRET = "hotline_of-the-other-city"


def neighbour_sources_on(storage: Storage, clock: MovedClock) -> NeighbourSources:
    async def read(address: str, key: str) -> tuple[str, CityCopy]:
        async with aiohttp.ClientSession() as session:
            return await NeighbourClient(session).read(address, key)

    return NeighbourSources(
        agreements=storage.agreements,
        taken=storage.taken_appeals,
        tokens=storage.tokens,
        read=read,
        enter=SealedKeys(storage.agreements, SoundKeys(None)).add,
        clock=clock,
        timezone=KYIV,
        address="https://hotline.example",
        own_number="+380457900000",
    )


@dataclass(kw_only=True)
class OtherCity:
    """The other city's hotline: its storage, the server of its interface, and the agreement as it has it."""

    storage: Storage
    agreement: Agreement
    address: str
    runner: web.AppRunner

    async def goes_away(self) -> None:
        """Nobody listens any more where it was."""
        for site in list(self.runner.sites):
            await site.stop()

    async def comes_back(self) -> None:
        await web.TCPSite(
            self.runner, "127.0.0.1", int(self.address.rpartition(":")[2]), reuse_address=True
        ).start()


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    feed = Feed(storage.dispatchers, storage.callers, clock)
    add_api(made, api_sources(storage, clock, Bus(), feed))
    add_neighbours(made, neighbour_sources_on(storage, clock))
    return made


@pytest.fixture
async def there(board: SetBoard, clock: MovedClock) -> AsyncIterator[OtherCity]:
    async with fresh_storage(clock) as storage:
        head = await storage.users.add(login="head", name="Керівник", role=Role.HEAD, password_hash="x")
        now = clock.now()
        agreement = await storage.agreements.give(
            NewAgreement(
                part=Part.ANSWERED,
                name="Славутич",
                document="№ 5 від 01.03.2026",
                since=now - timedelta(days=1),
                until=now + timedelta(days=30),
                hours_since="20:00",
                hours_until="08:00",
                shared=(Shared.CONTACTS, Shared.STREETS),
                made_by=head.id,
                made_at=now,
            ),
            hash_of(SECRET),
        )
        made = application(board, "1580", accounts_on(storage, clock), Pages(KYIV))
        feed = Feed(storage.dispatchers, storage.callers, clock)
        add_api(made, api_sources(storage, clock, Bus(), feed))
        runner = web.AppRunner(made)
        await runner.setup()
        with free_ports(1) as (port,):
            address = f"http://127.0.0.1:{port}"
        other = OtherCity(storage=storage, agreement=agreement, address=address, runner=runner)
        await other.comes_back()
        yield other
        await runner.cleanup()


@dataclass(kw_only=True)
class Roads:
    """What goes on by itself between the two: reading, and handing over."""

    copying: Copying
    courier: Courier


@pytest.fixture
async def roads(storage: Storage, clock: MovedClock) -> AsyncIterator[Roads]:
    keys = SealedKeys(storage.agreements, SoundKeys(None))
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        client = NeighbourClient(session)
        carrier = NeighbourCarrier(
            agreements=storage.agreements, taken=storage.taken_appeals, keys=keys, client=client, clock=clock
        )
        books = Books(outbox=storage.outbox, receipts=storage.receipts, clock=clock)
        yield Roads(
            copying=Copying(
                agreements=storage.agreements,
                taken=storage.taken_appeals,
                keys=keys,
                client=client,
                audit=storage.audit,
                clock=clock,
            ),
            courier=Courier(Channel.NEIGHBOUR, carrier, books, to_city),
        )
