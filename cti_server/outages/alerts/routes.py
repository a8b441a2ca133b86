"""Routes of alerts: beside the register of outages, as they are about to stand in it."""

from aiohttp import web

from cti_server.outages.alerts import deciding, pages
from cti_server.outages.alerts.sources import ALERTS, AlertSources


def add_outage_alerts(app: web.Application, sources: AlertSources) -> None:
    """Add the list, the alert, and what can be decided; the register's own pages are there already."""
    app[ALERTS] = sources
    one = pages.PATH + r"/{alert:\d{1,9}}"
    app.router.add_get(pages.PATH, pages.listing)
    app.router.add_get(one, pages.page)
    app.router.add_post(f"{one}/accept", deciding.accept)
    app.router.add_post(f"{one}/belongs", deciding.belongs)
    app.router.add_post(f"{one}/dismiss", deciding.dismiss)
