"""Routes of an enterprise's pages."""

from aiohttp import web

from cti_server.enterprise import acting, bulk, card, files, list_page, notices
from cti_server.enterprise.sources import WORK, WorkSources
from cti_server.enterprise.tabs import PATH, VIEWS
from cti_server.frame.views import add_views


def add_work(app: web.Application, sources: WorkSources) -> None:
    """Add the list, the card and its acts; the files need `cti_server.appeals.files` as well."""
    app[WORK] = sources
    app.router.add_get(PATH, list_page.page)
    app.router.add_get(f"{PATH}/renewed", list_page.renewed)
    app.router.add_post(f"{PATH}/bulk", bulk.act)
    app.router.add_post(f"{PATH}/notices/seen", notices.seen)
    add_views(app, VIEWS)
    one = PATH + r"/{number:\d{1,12}}"
    app.router.add_get(one, card.page)
    for name, handler in acting.handlers().items():
        app.router.add_post(f"{one}/{name}", handler)
    app.router.add_post(f"{one}/files", files.bring)
    app.router.add_post(one + r"/files/{id:\d{1,18}}/take-away", files.take_away)
