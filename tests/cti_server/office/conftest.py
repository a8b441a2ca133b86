"""The office's pages on real storage."""

import pytest
from aiohttp import web

from cti_server.appeals.papers.press import PRESS, Press
from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.office.routes import add_office
from service.wiring.desks import office_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    made[PRESS] = Press()
    add_office(made, office_sources(storage, KYIV, clock))
    return made
