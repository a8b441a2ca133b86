"""Routes of the city's page."""

from functools import partial

from aiohttp import web

from cti_server.city_now import page, stream, who
from cti_server.city_now.places import MapRoom
from cti_server.city_now.sources import CITY_NOW, CityNowSources
from cti_server.city_now.stream import WATCH_OF_CITY
from cti_server.city_now.told import read_told
from cti_server.city_now.watch import CityWatch
from cti_server.frame.on_now import add_on_now


def add_city_now(app: web.Application, sources: CityNowSources, watch: CityWatch) -> None:
    """Add the page with its parts and its stream of changes, and what every page says is on."""
    app[CITY_NOW] = sources
    app[page.ROOM] = MapRoom()
    app[WATCH_OF_CITY] = watch
    app.router.add_get(page.PATH, page.page)
    app.router.add_get(f"{page.PATH}/line", page.line_part)
    app.router.add_get(f"{page.PATH}/rest", page.rest_part)
    app.router.add_get(f"{page.PATH}/who", who.page)
    app.router.add_get(f"{page.PATH}/changes", stream.changes)
    app.on_shutdown.append(_end)
    add_on_now(app, partial(read_told, sources))


async def _end(app: web.Application) -> None:
    app[WATCH_OF_CITY].end()
