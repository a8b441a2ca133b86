import pytest
from aiohttp import web

from cti_server.delivery.routes import add_notices
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import app as bare_app
from tests.cti_server.appeals.card.conftest import filled, maria, olena, rival, road
from tests.cti_server.conftest import MovedClock
from tests.cti_server.delivery.conftest import notice_sources

__all__ = ["bare_app", "filled", "maria", "olena", "rival", "road"]


@pytest.fixture
def app(bare_app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_notices(bare_app, notice_sources(storage, clock))
    return bare_app
