"""`/matters/map`: how many open matters each quarter and street has, on the city's own map and in a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from cti_server.auth.access import public
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal.matters import PATH as LIST
from cti_server.portal.matters import count_in
from cti_server.portal.sources import PORTAL
from hotline.city.addresses import Gazetteer
from hotline.city.city_map import WIDTH, Shape
from hotline.portal.matters import Standing

PATH = "/matters/map"
MANY, SOME = 20, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A quarter or street of the map with its open matters; `mark` is the class by which it is filled."""

    street: str
    shape: Shape
    many: int
    mark: str
    link: str


@public
async def page(request: web.Request) -> web.Response:
    """Show the map, and beneath it the same in words: each name leads to its matters."""
    count_in(request)
    sources = request.app[PORTAL]
    gazetteer, kept = await sources.streets.gazetteer(), await sources.maps.newest()
    counted = await sources.open_by_street.counted(gazetteer)
    shapes: Sequence[Shape] = () if kept is None else [one for one in kept.map.shapes if not one.house]
    listed = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return rendered_page(
        request,
        "portal/matters_map.html.jinja2",
        view=f"0 0 {WIDTH} {kept.map.height if kept else WIDTH}",
        marked=[_marked(one, gazetteer, counted) for one in shapes],
        listed=[(street, many, _link(street)) for street, many in listed],
    )


def _marked(shape: Shape, gazetteer: Gazetteer, counted: Mapping[str, int]) -> Marked:
    street = gazetteer.street(shape.street) or shape.street
    many = counted.get(street, 0)
    mark = "urgent" if many >= MANY else "" if many >= SOME else "open"
    return Marked(street=street, shape=shape, many=many, mark=mark, link=_link(street))


def _link(street: str) -> str:
    return str(URL(LIST).with_query({"street": street, "state": Standing.OPEN.value}))
