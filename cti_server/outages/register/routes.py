"""Routes of the register of outages: the same pages for each audience."""

from aiohttp import web

from cti_server.frame.export import route
from cti_server.frame.views import add_views
from cti_server.outages.register import acting, card, form, listing
from cti_server.outages.register.audience import CENTRE, ENTERPRISE, Audience
from cti_server.outages.register.filters import VIEWS
from cti_server.outages.register.sources import OUTAGES, OutageSources


def add_outage_register(app: web.Application, sources: OutageSources) -> None:
    """Add the lists, the forms and the cards with their acts."""
    app[OUTAGES] = sources
    for audience in (ENTERPRISE, CENTRE):
        _add(app, audience)


def _add(app: web.Application, audience: Audience) -> None:
    path, one = audience.path, audience.path + r"/{id:\d{1,9}}"
    app.router.add_get(path, audience.sees(listing.page))
    app.router.add_get(route(path), audience.sees(listing.export))
    add_views(app, VIEWS[path])
    app.router.add_get(f"{path}/new", audience.manages(form.new_page))
    app.router.add_post(f"{path}/new", audience.manages(form.enter))
    app.router.add_post(f"{path}/preview", audience.manages(form.preview))
    app.router.add_post(f"{path}/listen", audience.manages(form.listen))
    app.router.add_get(f"{path}/streets", audience.manages(form.streets))
    app.router.add_get(one, audience.sees(card.page))
    app.router.add_get(f"{one}/edit", audience.manages(form.edit_page))
    app.router.add_post(f"{one}/edit", audience.manages(form.change))
    for name, run in acting.runs().items():
        app.router.add_post(f"{one}/{name}", audience.manages(run))
