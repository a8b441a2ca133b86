"""Routes of notices."""

from aiohttp import web

from cti_server.delivery import notices as part
from cti_server.delivery.sources import NOTICES, NoticeSources


def add_notices(app: web.Application, sources: NoticeSources) -> None:
    """Add the part of the card about notices, and the decision on those that failed."""
    app[NOTICES] = sources
    app.router.add_get(r"/appeals/{number:\d{1,12}}/notices", part.part)
    app.router.add_post(r"/notices/{id:\d{1,18}}/decide", part.decide)
