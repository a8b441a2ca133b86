"""Routes of requests for information."""

from aiohttp import web

from cti_server.frame.views import add_views
from cti_server.inquiries import acting, answering, asking, listing
from cti_server.inquiries.listing import PATH, VIEWS
from cti_server.inquiries.sources import INQUIRIES, InquirySources


def add_inquiries(app: web.Application, sources: InquirySources) -> None:
    """Add the centre's pages and the enterprise's; the files need `cti_server.appeals.files` as well."""
    app[INQUIRIES] = sources
    app.router.add_get(PATH, listing.page)
    add_views(app, VIEWS)
    app.router.add_get(f"{PATH}/new", asking.new)
    app.router.add_post(f"{PATH}/new", asking.ask)
    app.router.add_get(PATH + r"/of/{number:\d{1,12}}", acting.of_appeal)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, acting.page)
    app.router.add_post(f"{one}/act", acting.act)
    app.router.add_get(PATH + r"/files/{id:\d{1,18}}", acting.file)
    app.router.add_get(PATH + r"/files/{id:\d{1,18}}/preview", acting.preview)
    app.router.add_get(answering.PATH, answering.listing)
    own = answering.PATH + r"/{id:\d{1,9}}"
    app.router.add_get(own, answering.page)
    app.router.add_post(own, answering.answer)
    app.router.add_get(own + r"/files/{file:\d{1,18}}", answering.file)
    app.router.add_get(own + r"/files/{file:\d{1,18}}/preview", answering.preview)
