"""The page of operation on real storage, with a board and a watch over equipment that tests set."""

from pathlib import Path

import pytest
from aiohttp import web

from cti_server.application import application
from cti_server.equipment.routes import add_equipment
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.operation.routes import add_operation
from cti_server.operation.sources import OPERATION
from cti_server.operation.watch import AlertWatch
from service.folders import Folders
from service.wiring.equipment import equipment_sources
from service.wiring.operation import operation_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard
from tests.cti_server.equipment.conftest import SetWatch


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(var=tmp_path, root="", own_edge="", memory="")


@pytest.fixture
def watch(storage: Storage, clock: MovedClock) -> SetWatch:
    return SetWatch(storage, clock)


@pytest.fixture
def app(  # noqa: PLR0917 - what the page is made of
    board: SetBoard,
    accounts: Accounts,
    storage: Storage,
    clock: MovedClock,
    watch: SetWatch,
    folders: Folders,
) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    add_equipment(made, equipment_sources(storage, KYIV, watch, clock))
    sources = operation_sources(folders, storage, KYIV, board=board, watching=watch, clock=clock)
    add_operation(made, sources)
    return made


@pytest.fixture
def alerts(app: web.Application, clock: MovedClock) -> AlertWatch:
    """The watch over alert rules, whose seconds pass with the test's clock."""
    watch = app[OPERATION].watch
    began = clock.moment

    def passed() -> float:
        return (clock.moment - began).total_seconds()

    watch._monotonic = passed
    return watch
