"""The whole application with the streets and the map of the demo city, as residents find it."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.keys import Accounts
from hotline.city.addresses import demo_streets
from hotline.city.geojson import demo_map
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, SetBoard
from tests.cti_server.whole import whole_application


@pytest.fixture
async def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    await storage.streets.add(demo_streets())
    await storage.city_maps.put(demo_map(), source="demo", at=clock.now())
    return whole_application(board, accounts, storage, clock, tmp_path)
