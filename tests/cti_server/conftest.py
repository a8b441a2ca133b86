"""The web application with a board that tests set."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp.test_utils import TestClient, TestServer

from cti_server.application import application
from cti_server.status.board import LineState


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
    async with TestClient(TestServer(application(board, "1580"))) as one:
        yield one
