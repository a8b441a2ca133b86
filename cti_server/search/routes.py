"""Routes of the search."""

from aiohttp import web

from cti_server.search import page
from cti_server.search.sources import SEARCHING, Searching


def add_search(app: web.Application, searching: Searching) -> None:
    """Add the page, and the part of it that comes while one types."""
    app[SEARCHING] = searching
    app.router.add_get("/search", page.page)
    app.router.add_get("/search/found", page.found)
