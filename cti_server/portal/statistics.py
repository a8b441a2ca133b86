"""`/matters/enterprises`: how enterprises do, by what applicants say; each share with its count."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.frame.numbers import percent, tenths
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal.matters import count_in
from cti_server.portal.sources import PORTAL
from hotline.reports.rating import FEW

PATH = "/matters/enterprises"


@public
async def page(request: web.Request) -> web.Response:
    """Show the figures of ninety days, and the enterprises in the order of their marks."""
    count_in(request)
    return rendered_page(
        request,
        "portal/statistics.html.jinja2",
        rating=await request.app[PORTAL].ratings.read(),
        few=FEW,
        percent=percent,
        tenths=tenths,
    )
