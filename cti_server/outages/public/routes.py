"""Routes of the public pages of outages."""

from aiohttp import web

from cti_server.outages.public import cap, feeds, links, offering, page, subscribing, widget
from cti_server.outages.public.sources import PUBLIC, PublicSources
from cti_server.outages.public.subscribing_sources import CONFIRM, STOP, SUBSCRIBING, SubscribingSources
from hotline.delivery.signed_links import TOKEN


def add_public_outages(app: web.Application, sources: PublicSources) -> None:
    """Add the page of outages, its feeds and its widget."""
    app[PUBLIC] = sources
    app.router.add_get("/outages", page.page)
    app.router.add_get(offering.PATH, offering.addresses)
    for kind in feeds.KINDS:
        app.router.add_get(f"/outages.{kind}", feeds.feed(kind))
    app.router.add_get(r"/outages/{id:\d{1,9}}.ics", feeds.event)
    app.router.add_get(f"{cap.PATH}.atom", cap.index)
    app.router.add_get(f"{cap.PATH}/{{id:[a-z0-9-]{{1,40}}}}.xml", cap.alert)
    app.router.add_get("/outages/widget", widget.frame)
    app.router.add_get("/outages/widget.js", widget.script)
    app.router.add_get(r"/outages/{id:\d{1,9}}", page.one)


def add_subscribing(app: web.Application, sources: SubscribingSources) -> None:
    """Add the form and the links of messages; opening a link changes nothing: mail filters do it as well."""
    app[SUBSCRIBING] = sources
    app.router.add_get("/outages/subscribe", subscribing.form)
    app.router.add_post("/outages/subscribe", subscribing.subscribe)
    app.router.add_get(f"/outages/subscribe/{{token:{TOKEN}}}", subscribing.sent)
    app.router.add_post(f"/outages/subscribe/{{token:{TOKEN}}}", subscribing.enter_code)
    app.router.add_get(f"{CONFIRM}/{{token:{TOKEN}}}", links.confirming)
    app.router.add_post(f"{CONFIRM}/{{token:{TOKEN}}}", links.confirm)
    app.router.add_get(f"{STOP}/{{token:{TOKEN}}}", links.stopping)
    app.router.add_post(f"{STOP}/{{token:{TOKEN}}}", links.stop)
