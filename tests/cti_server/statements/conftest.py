"""The pages of statements on real storage, with the public page of news."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.outages.public.routes import add_public_outages
from cti_server.statements.routes import add_statements
from hotline.appeals.attachments import FileLimits
from service.wiring.desks import statement_sources
from storage.appeals.attachment_store import AttachmentFolder
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.outages.public.conftest import public_sources


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    store = AttachmentFolder(tmp_path, FileLimits())
    store.prepare()
    made = application(board, "1580", accounts, Pages(KYIV))
    add_public_outages(made, public_sources(storage, clock))
    add_statements(made, statement_sources(storage, KYIV, store, clock))
    return made
