"""The place of a report, chosen on the city's own map by links: a quarter or street first, then the house."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from yarl import URL

from cti_server.auth.access import public
from cti_server.outages.public.rendering import rendered_page
from cti_server.portal.sources import PORTAL
from cti_server.portal.typed import Typed
from cti_server.portal.where import PATH as REPORT
from hotline.city.city_map import WIDTH, Shape

PATH = "/report/map"
_AROUND = 15
"""Room around what is drawn, in units of the map."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A shape that is a link: its name, its path, and where its label stands."""

    name: str
    link: str
    shape: Shape


@public
async def page(request: web.Request) -> web.Response:
    """Show the quarters and streets; with `street` its houses. Each shape leads on, and so does a list."""
    kept, typed = await request.app[PORTAL].maps.newest(), Typed.from_query(request.query)
    street = request.query.get("street", "")
    shapes: Sequence[Shape] = () if kept is None else kept.map.shapes
    houses = [one for one in shapes if one.house and one.street == street]
    shown = houses or [one for one in shapes if not one.house]
    return rendered_page(
        request,
        "portal/on_map.html.jinja2",
        typed=typed,
        street=street if houses else "",
        choices=sorted((_choice(one, typed) for one in shown), key=lambda one: _order(one.shape)),
        view=_view(shown) if houses else f"0 0 {WIDTH} {kept.map.height if kept else WIDTH}",
        back=str(URL(REPORT).with_query(_kept(typed))),
        closed=[one for one in shapes if one.closed and not one.house] if houses else (),
    )


def _choice(shape: Shape, typed: Typed) -> Choice:
    if shape.house:
        address = f"{shape.street}, {shape.house}"
        return Choice(
            name=shape.house,
            link=str(URL(REPORT).with_query(_kept(typed) | {"address": address})),
            shape=shape,
        )
    link = URL(PATH).with_query(_kept(typed) | {"street": shape.street})
    return Choice(name=shape.street, link=str(link), shape=shape)


def _kept(typed: Typed) -> dict[str, str]:
    """Give what was chosen before, so that it is not asked for again."""
    chosen = {"category": typed.category, "what": typed.text}
    return {name: one for name, one in chosen.items() if one}


def _order(shape: Shape) -> tuple[str, int, str]:
    digits = "".join(one for one in shape.house if one.isdigit())
    return shape.street, int(digits or 0), shape.house


def _view(shapes: Sequence[Shape]) -> str:
    """Give the view box around them."""
    xs, ys = zip(*(point for one in shapes for ring in one.rings for point in ring), strict=True)
    left, top = min(xs) - _AROUND, min(ys) - _AROUND
    return f"{left} {top} {max(xs) - left + _AROUND} {max(ys) - top + _AROUND}"
