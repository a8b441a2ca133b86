"""The cameras on the city's map: a mark at the house or the street of each, with its number in the list."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.cameras.sources import CAMERAS
from cti_server.cameras.wall import PATH as WALL
from cti_server.city_now.places import DrawnMap, MapRoom
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.cameras.camera import Camera
from hotline.city.addresses import Gazetteer
from hotline.city.city_map import Point, Shape
from hotline.city.search_terms import normalised

PATH = f"{WALL}/map"
ROOM: web.AppKey[MapRoom] = web.AppKey("cameras_map_room")
_BESIDE = 34
"""Between cameras of one place, in the units of the map: a mark is as wide."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A camera on the map; `at` None: its place is not on it."""

    number: int
    camera: Camera
    at: Point | None


@allowed(Permission.WATCH_CAMERAS)
async def page(request: web.Request) -> web.Response:
    """All cameras with their places, in the order of the wall; the list alone where there is no map."""
    sources = request.app[CAMERAS]
    await audit(request, Action.VIEW, "cameras", "map")
    cameras, kept = await sources.cameras.all(), await sources.maps.newest()
    gazetteer = await sources.streets.gazetteer()
    drawn: DrawnMap | None = None
    places: Mapping[int, Point] = {}
    if kept is not None:
        drawn = await request.app[ROOM].draw(kept, gazetteer, ())
        places = await asyncio.to_thread(_placed, cameras, kept.map.shapes, gazetteer)
    marks = [Mark(number=number, camera=one, at=places.get(one.id)) for number, one in enumerate(cameras, 1)]
    return render(request, "cameras/map.html.jinja2", map=drawn, marks=marks)


def _placed(cameras: Sequence[Camera], shapes: Sequence[Shape], gazetteer: Gazetteer) -> Mapping[int, Point]:
    """Find each camera's house on the map, else its street; those of one place stand beside one another."""
    known: dict[tuple[str, str], Point] = {}
    streets = {one.street: gazetteer.street(one.street) or one.street for one in shapes}
    for shape in shapes:
        known.setdefault((normalised(streets[shape.street]), normalised(shape.house)), shape.middle)
    found: dict[int, Point] = {}
    taken: dict[Point, int] = defaultdict(int)
    for camera in cameras:
        there = gazetteer.locate(camera.place)
        if there is None:
            continue
        street, house = normalised(there.street), normalised(there.house)
        middle = known.get((street, house)) or known.get((street, ""))
        if middle is not None:
            found[camera.id] = (middle[0] + _BESIDE * taken[middle], middle[1])
            taken[middle] += 1
    return found
