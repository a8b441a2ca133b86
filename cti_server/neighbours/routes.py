"""Routes of the pages of other cities' lines."""

from aiohttp import web

from cti_server.neighbours import agreements, taking
from cti_server.neighbours.sources import NEIGHBOURS, NeighbourSources


def add_neighbours(app: web.Application, sources: NeighbourSources) -> None:
    """Add the pages; the other city's hotline has its own way by the API."""
    app[NEIGHBOURS] = sources
    app.router.add_get(agreements.PATH, agreements.listing)
    app.router.add_post(f"{agreements.PATH}/give", agreements.give)
    app.router.add_post(f"{agreements.PATH}/answer", agreements.answer)
    app.router.add_get(agreements.ONE, agreements.card)
    app.router.add_post(f"{agreements.ONE}/end", agreements.end)
    app.router.add_post(f"{agreements.ONE}/duty", agreements.duty)
    app.router.add_get(taking.LINE, taking.line)
    app.router.add_post(taking.APPEALS, taking.take)
    app.router.add_get(taking.APPEAL, taking.appeal)
    app.router.add_post(f"{taking.APPEAL}/again", taking.again)
    app.router.add_post(f"{taking.APPEAL}/otherwise", taking.otherwise)
