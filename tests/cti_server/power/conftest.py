"""The pages of power on a real database, in a city whose houses have queues."""

from collections.abc import Iterator

import pytest
from aiohttp import web

from cti_server.outages.public.routes import add_public_outages
from cti_server.power.routes import add_power
from hotline.city.addresses import Street
from hotline.power.reading import read_told
from service.wiring.public_outages import power_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.outages.public.conftest import public_sources
from tests.fakes.power import houses_with_queues, published


@pytest.fixture(autouse=True)
async def _streets(storage: Storage) -> None:
    await storage.streets.add([Street(name="Київський квартал")])


@pytest.fixture(autouse=True)
def _queues(storage: Storage) -> Iterator[None]:
    with houses_with_queues():
        yield


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_public_outages(app, public_sources(storage, clock))
    add_power(app, power_sources(storage, KYIV, clock, key=b"test"))
    return app


@pytest.fixture
async def told(storage: Storage, clock: MovedClock) -> None:
    """Today from 18 to 20 there is no power by queue 4.1, from 19:30 to 22 perhaps none by 5.2."""
    day = clock.now().astimezone(KYIV).date()
    off = {19: "no", 20: "no"}
    content = published(day, {"4.1": off, "5.2": {20: "msecond", 21: "maybe", 22: "maybe"}})
    await storage.power.take(read_told(content, heard_at=clock.now(), zone=KYIV), source="file", by=None)
