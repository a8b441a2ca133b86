"""Routes of the cameras."""

import asyncio

from aiohttp import web

from cti_server.cameras import incident, log, on_map, one, register, socket, wall
from cti_server.cameras.sources import CAMERAS, SEEN, CameraSources
from cti_server.city_now.places import MapRoom

_CAMERA = wall.PATH + r"/{id:\d{1,9}}"
_OF_REGISTER = register.PATH + r"/{id:\d{1,9}}"


def add_cameras(app: web.Application, sources: CameraSources) -> None:
    """Add the wall, one camera with its incidents, the register and the log."""
    app[CAMERAS] = sources
    app[incident.TURNS] = incident.turns()
    app[socket.SHUTTING] = asyncio.Event()
    app[SEEN] = {}
    app[on_map.ROOM] = MapRoom()
    app.router.add_get(wall.PATH, wall.page)
    app.router.add_get(f"{wall.PATH}/watch", socket.watch)
    app.router.add_get(log.PATH, log.page)
    app.router.add_get(on_map.PATH, on_map.page)
    app.router.add_get(register.PATH, register.page)
    app.router.add_get(f"{register.PATH}/new", register.new)
    app.router.add_post(register.PATH, register.add)
    app.router.add_get(_OF_REGISTER, register.edit)
    app.router.add_post(_OF_REGISTER, register.change)
    app.router.add_post(f"{_OF_REGISTER}/service", register.set_out)
    app.router.add_post(f"{_OF_REGISTER}/remove", register.remove)
    app.router.add_get(wall.PATH + r"/stills/{still:\d{1,9}}", incident.picture)
    app.router.add_get(_CAMERA, one.page)
    app.router.add_post(f"{_CAMERA}/still", incident.take_still)
    app.router.add_post(f"{_CAMERA}/incident", incident.hand_over)
    app.on_shutdown.append(_end)


async def _end(app: web.Application) -> None:
    """Let the sockets end: nobody waits for them when the hotline does."""
    app[socket.SHUTTING].set()
