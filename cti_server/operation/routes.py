"""Routes of operation."""

from aiohttp import web

from cti_server.operation import page
from cti_server.operation.sources import OPERATION, OperationSources


def add_operation(app: web.Application, sources: OperationSources) -> None:
    """Add the page."""
    app[OPERATION] = sources
    app.router.add_get(page.PATH, page.page)
