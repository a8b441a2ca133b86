"""Routes of the supervisors' board."""

from aiohttp import web

from cti_server.supervision import acts, board, orders, slower
from cti_server.supervision.sources import SUPERVISION, SupervisionSources
from cti_server.supervision.watch import WATCH_OF_BOARD, BoardWatch


def add_supervision(app: web.Application, sources: SupervisionSources, watch: BoardWatch) -> None:
    """Add the board with its part and its stream of changes, and what is done from it."""
    app[SUPERVISION] = sources
    app[WATCH_OF_BOARD] = watch
    app.router.add_get(board.PATH, board.page)
    app.router.add_get(f"{board.PATH}/live", board.part)
    app.router.add_get(f"{board.PATH}/changes", board.changes)
    app.router.add_post(f"{board.PATH}/listen", acts.listen_in)
    app.router.add_post(f"{board.PATH}/mode", acts.set_mode)
    app.router.add_post(f"{board.PATH}/take-over", acts.take_over)
    app.router.add_post(f"{board.PATH}/leave", acts.leave)
    app.router.add_post(f"{board.PATH}/threat-seen", acts.threat_seen)
    app.router.add_post(f"{board.PATH}/order", orders.place)
    app.router.add_post(f"{board.PATH}/order/end", orders.end)
    app.router.add_get(slower.PATH, slower.page)
    app.router.add_post(slower.PATH, slower.place)
    app.router.add_post(slower.PATH + r"/{id:\d{1,9}}", slower.review)
    app.on_shutdown.append(_end)


async def _end(app: web.Application) -> None:
    app[WATCH_OF_BOARD].end()
