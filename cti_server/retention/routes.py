"""Routes of retention."""

from aiohttp import web

from cti_server.retention import pages
from cti_server.retention.sources import RETENTION, RetentionSources


def add_retention(app: web.Application, sources: RetentionSources) -> None:
    """Add the page of terms and deletions, and the hold of one appeal, call or citizen."""
    app[RETENTION] = sources
    app.router.add_get(pages.PATH, pages.page)
    app.router.add_get(pages.HOLD, pages.hold)
    app.router.add_post(pages.HOLD, pages.place)
    app.router.add_post(f"{pages.HOLD}/lift", pages.lift)
