"""The directory's pages on real storage, with bodies in force and an enterprise of the register."""

from collections.abc import AsyncIterator
from datetime import datetime, time

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.city_data.routes import add_city_data
from cti_server.directory.routes import add_directory
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.outages.public.routes import add_public_outages
from hotline.directory.bodies import BODIES
from hotline.documents.document import DocumentKind, revision
from hotline.enterprises.executors import Contact, ContactHours
from service.wiring.desks import city_data_sources, directory_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.outages.public.conftest import public_sources
from tests.hotline.directory.bodies import DIRECTORY

WATER = "+380457900031"


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_directory(made, directory_sources(storage, KYIV, clock))
    add_city_data(made, city_data_sources(storage, KYIV, clock))
    add_public_outages(made, public_sources(storage, clock))
    return made


@pytest.fixture(autouse=True)
async def _in_force(storage: Storage, clock: MovedClock) -> AsyncIterator[None]:
    """Thursday, 2 July: nine in the morning."""
    clock.moment = datetime(2026, 7, 2, 9, tzinfo=KYIV)
    documents, kind, at = storage.city_documents, DocumentKind.DIRECTORY, clock.now()
    with BODIES.kept():
        seen = revision(BODIES.version, None)
        draft = await documents.save_draft(kind, DIRECTORY, by=None, at=at, seen=seen)
        seen = revision(BODIES.version, draft)
        await documents.put_into_force(kind, by=None, at=at, note="", seen=seen)
        yield


@pytest.fixture(autouse=True)
async def _enterprises(storage: Storage) -> None:
    day = ContactHours(since=time(8), until=time(20))
    await storage.executors.add(
        "КП «Міський водоканал»", "Водоканал", [Contact(name="Диспетчерська", number=WATER, hours=day)]
    )
