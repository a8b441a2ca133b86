"""Where everybody reads of outages."""

from aiohttp import web

from cti_server.public import feeds, page
from cti_server.public.sources import PUBLIC, PublicSources


def add_public_outages(app: web.Application, sources: PublicSources) -> None:
    """Add the page of outages, its feeds and its widget."""
    app[PUBLIC] = sources
    app.router.add_get("/outages", page.page)
    for kind in feeds.KINDS:
        app.router.add_get(f"/outages.{kind}", feeds.feed(kind))
    app.router.add_get(r"/outages/{id:\d{1,9}}.ics", feeds.event)
    app.router.add_get(r"/outages/{id:\d{1,9}}", page.one)
