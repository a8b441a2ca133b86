"""The pages of requests on real storage: a dispatcher of the centre and a fitter of the heat supplier."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.appeals.files.routes import add_evidence
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.enterprise.routes import add_work
from cti_server.frame.pages import Pages
from cti_server.inquiries.routes import add_inquiries
from cti_server.keys import Accounts
from service.wiring.desks import inquiry_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.enterprise import conftest as enterprise

accounts_of, city, folder = enterprise.accounts_of, enterprise.city, enterprise.folder
petro, stranger = enterprise.petro, enterprise.stranger


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, folder: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_evidence(made, enterprise.evidence_sources(storage, clock, folder))
    add_work(made, enterprise.work_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_inquiries(made, inquiry_sources(storage, KYIV, clock))
    return made
