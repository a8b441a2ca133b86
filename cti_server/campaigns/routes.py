"""Routes of campaigns, and whom not to call,."""

from aiohttp import web

from cti_server.campaigns import do_not_call, pages
from cti_server.campaigns.listing import PATH, VIEWS
from cti_server.campaigns.sources import CAMPAIGNS, CampaignSources
from cti_server.frame.views import add_views


def add_campaigns(app: web.Application, sources: CampaignSources) -> None:
    """Add the monitor, each campaign's page with its acts, and the list of whom not to call."""
    app[CAMPAIGNS] = sources
    app.router.add_get(PATH, pages.listing)
    add_views(app, VIEWS)
    app.router.add_get(do_not_call.PATH, do_not_call.page)
    app.router.add_post(do_not_call.PATH, do_not_call.add)
    app.router.add_post(f"{do_not_call.PATH}/remove", do_not_call.remove)
    one = PATH + r"/{id:\d{1,9}}"
    app.router.add_get(one, pages.one)
    app.router.add_post(f"{one}/state", pages.move)
