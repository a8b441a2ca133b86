"""Routes of the directory."""

from aiohttp import web

from cti_server.directory import pages, public
from cti_server.directory.sources import DIRECTORY, DirectorySources


def add_directory(app: web.Application, sources: DirectorySources) -> None:
    """Add the directory, one entry of it, and what residents see of it."""
    app[DIRECTORY] = sources
    app.router.add_get(pages.PATH, pages.page)
    app.router.add_get(pages.PATH + "/{key:[a-z0-9.-]{1,40}}", pages.one)
    app.router.add_get(public.PATH, public.page)
