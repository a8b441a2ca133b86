"""The stream of changes of the city's page: names of its parts."""

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.city_now.watch import CityWatch
from cti_server.frame.onlookers import stream_to
from hotline.access.permissions import Permission

WATCH_OF_CITY: web.AppKey[CityWatch] = web.AppKey("watch_of_city")


@allowed(Permission.SEE_CONTROL)
async def changes(request: web.Request) -> web.StreamResponse:
    """Serve one page until it goes, or the right to it ends."""
    with request.app[WATCH_OF_CITY].looking() as onlooker:
        return await stream_to(request, onlooker)
