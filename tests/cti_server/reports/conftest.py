"""The pages of reports on real storage: a small city with calls, and a clock behind its days."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from aiohttp import web

from cti_server.appeals.list.routes import add_appeal_lists
from cti_server.application import application
from cti_server.calls.routes import add_past_calls
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.reports.routes import add_report_pages
from hotline.city.addresses import demo_streets
from service.wiring.reports import report_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import list_sources
from tests.cti_server.calls.conftest import past_calls
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.storage.reports.city import keep_city


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_past_calls(made, past_calls(storage, tmp_path, tmp_path))
    add_appeal_lists(made, list_sources(storage, clock))
    add_report_pages(made, report_sources(storage, KYIV, clock))
    return made


@pytest.fixture
async def kept(storage: Storage) -> Sequence[dict[str, object]]:
    await storage.streets.add(demo_streets())
    return await keep_city(storage)
