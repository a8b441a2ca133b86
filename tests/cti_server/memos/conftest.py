"""The pages of memos on real storage."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.appeals.files.routes import add_evidence
from cti_server.appeals.papers.press import PRESS, Press
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.memos.routes import add_memos
from cti_server.tasks.routes import add_tasks
from service.wiring.desks import task_sources
from service.wiring.meetings import memo_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.enterprise.conftest import evidence_sources


@pytest.fixture
def app(
    board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock, tmp_path: Path
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_evidence(made, evidence_sources(storage, clock, tmp_path / "evidence"))
    made[PRESS] = Press()
    add_memos(made, memo_sources(storage, KYIV, clock))
    add_tasks(made, task_sources(storage, KYIV, clock))
    add_control(made, control_sources(storage, clock))
    return made
