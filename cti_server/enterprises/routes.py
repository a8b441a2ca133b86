"""Routes of the register of executors."""

from aiohttp import web

from cti_server.enterprises import open311, pages
from cti_server.enterprises.pages import PATH
from cti_server.enterprises.sources import EXECUTORS, ExecutorSources


def add_executors(app: web.Application, sources: ExecutorSources) -> None:
    """Add the list of enterprises, and the page of one."""
    app[EXECUTORS] = sources
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(PATH, pages.listing)
    app.router.add_get(f"{PATH}/new", pages.new_page)
    app.router.add_post(f"{PATH}/new", pages.add)
    app.router.add_get(one, pages.page)
    app.router.add_post(one, pages.change)
    app.router.add_get(f"{one}/open311", open311.page)
    app.router.add_post(f"{one}/open311", open311.save)
    app.router.add_post(f"{one}/open311/remove", open311.remove)
    app.router.add_post(f"{one}/close", pages.close)
    app.router.add_post(f"{one}/reopen", pages.reopen)
