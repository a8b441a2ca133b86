"""Routes of orders."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.frame.views import add_views
from cti_server.informing import acting, asking, form, listing, pages, voice
from cti_server.informing import order_report as proof
from cti_server.informing.sources import INFORMING, InformingSources


def add_informing(app: web.Application, sources: InformingSources) -> None:
    """Add the list, the form, the order with its acts, and its proofs."""
    app[INFORMING] = sources
    one = form.PATH + r"/{id:\d{1,9}}"
    app.router.add_get(form.PATH, listing.listing)
    add_views(app, listing.VIEWS)
    app.router.add_get(f"{form.PATH}/new", form.new_page)
    app.router.add_post(f"{form.PATH}/new", form.add)
    app.router.add_get(one, pages.page)
    app.router.add_get(f"{one}/edit", form.edit_page)
    app.router.add_post(f"{one}/edit", form.change)
    app.router.add_post(f"{one}/move", acting.move)
    app.router.add_post(f"{one}/refuse", acting.refuse)
    app.router.add_post(f"{one}/repeat", acting.repeat)
    app.router.add_get(f"{one}/voice.wav", voice.sound)
    app.router.add_post(f"{one}/voice", voice.bring)
    app.router.add_post(f"{one}/voice/take-back", voice.take_back)
    app.router.add_post(f"{one}/try", voice.try_out)
    app.router.add_get(f"{one}/progress", pages.progress)
    app.router.add_get(f"{one}/reach", asking.reach)
    app.router.add_get(f"{one}/ask/{{act}}", asking.ask)
    app.router.add_get(route(f"{one}/people"), proof.people)
    app.router.add_get(f"{one}/report.pdf", proof.paper)
    app.router.add_get(route(f"{one}/report"), proof.report)
