"""The city's page beside what its figures lead to."""

import pytest
from aiohttp import web

from cti_server.city_now.routes import add_city_now
from cti_server.city_now.watch import CityWatch
from service.wiring.desks import city_now_sources
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import app as bare_app
from tests.cti_server.appeals.card.conftest import filled, maria, olena, rival, road
from tests.cti_server.conftest import KYIV, MovedClock

__all__ = ["bare_app", "filled", "maria", "olena", "rival", "road"]


@pytest.fixture
def watch(storage: Storage, clock: MovedClock) -> CityWatch:
    return CityWatch(city_now_sources(storage, KYIV, clock))


@pytest.fixture
def app(bare_app: web.Application, storage: Storage, clock: MovedClock, watch: CityWatch) -> web.Application:
    add_city_now(bare_app, city_now_sources(storage, KYIV, clock), watch)
    return bare_app
