"""The aiohttp application: what is reached under which address."""

from aiohttp import web

from cti_server.status.board import BOARD, Board
from cti_server.status.health import live, ready
from cti_server.status.page import NUMBER, page, style


def application(board: Board, number: str) -> web.Application:
    """All pages and interfaces. `number` is the hotline's own, shown to people."""
    app = web.Application()
    app[BOARD] = board
    app[NUMBER] = number
    app.router.add_get("/", page)
    app.router.add_get("/status.css", style)
    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", ready)
    return app
