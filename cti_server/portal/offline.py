"""The pages that a browser keeps for when it has no network, and the worker that keeps them."""

from http import HTTPStatus

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.frame.assets import built
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal.sending import form_context
from cti_server.portal.typed import Typed
from cti_server.portal.where import offered_sections
from hotline.air_raid.alarm import CALM

PATH = "/report/offline"
SEEN = "/my/offline"
WORKER = "/report-worker.js"


@open_to_all
async def page(request: web.Request) -> web.Response:
    """Show the whole report in one page: its script sends it, once there is a network.

    It tells no air-raid alert: who reads it later would take that of then for one that holds.
    """
    context = form_context(request, Typed())
    return rendered_page(
        request, "portal/offline.html.jinja2", HTTPStatus.OK, sections=offered_sections(), air=CALM, **context
    )


@open_to_all
async def seen(request: web.Request) -> web.Response:
    """Show what stands in the place of an appeal's page: its script puts back what this tab has opened."""
    return rendered_page(request, "portal/seen.html.jinja2", HTTPStatus.OK, air=CALM)


@open_to_all
async def worker(_request: web.Request) -> web.StreamResponse:
    """Send the worker from an address above the pages that it may serve."""
    return built("report-worker.js")
