"""The status pages with a board that tests set."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from cti_server.status.board import BOARD, LineState
from cti_server.status.health import live, ready
from cti_server.status.page import NUMBER, page, style


class SetBoard:
    """Implements `cti_server.status.board.Board`."""

    def __init__(self) -> None:
        self.state = {"asterisk": True, "database": True}
        self.now = LineState(waiting=3, talking=2, on_duty=4)

    async def parts(self) -> Mapping[str, bool]:
        return self.state

    async def line(self) -> LineState:
        assert self.state["database"], "the line is in the database"
        return self.now


@pytest.fixture
def board() -> SetBoard:
    return SetBoard()


@pytest.fixture
async def client(board: SetBoard) -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    app = web.Application()
    app[BOARD] = board
    app[NUMBER] = "1580"
    for address, handler in {
        "/": page,
        "/status.css": style,
        "/health/live": live,
        "/health/ready": ready,
    }.items():
        app.router.add_get(address, handler)
    async with TestClient(TestServer(app)) as one:
        yield one
