"""The page, its two parts that are renewed by themselves, and the same for a screen on the wall."""

import asyncio
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.city_now.bodies import body_view
from cti_server.city_now.line import read_line
from cti_server.city_now.places import MapRoom, Severity, read_places
from cti_server.city_now.sources import CITY_NOW
from cti_server.city_now.words import CONTEXT
from cti_server.city_now.work import read_work
from cti_server.frame.language import language_of
from cti_server.frame.pages import render
from cti_server.frame.words import PAPER_NAMES
from hotline.access.permissions import Permission

PATH = "/city"
ROOM: web.AppKey[MapRoom] = web.AppKey("map_room")


@allowed(Permission.SEE_CONTROL)
async def page(request: web.Request) -> web.Response:
    """All of it; `?wallboard` without a menu, in large."""
    line, rest = await asyncio.gather(_line(request), _rest(request))
    context = {**line, **rest, "body": await body_view(request), "PAPER_NAMES": PAPER_NAMES}
    await audit(request, Action.VIEW, "city", "wallboard" if context["wallboard"] else "")
    return render(request, "city_now/page.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def line_part(request: web.Request) -> web.Response:
    """The line alone, as soon as it has changed."""
    return render(request, "city_now/line.html.jinja2", **await _line(request))


@allowed(Permission.SEE_CONTROL)
async def rest_part(request: web.Request) -> web.Response:
    """Outages and appeals, as soon as one of them has changed."""
    return render(request, "city_now/rest.html.jinja2", **await _rest(request))


async def _line(request: web.Request) -> dict[str, Any]:
    return {**CONTEXT, "wallboard": _on_the_wall(request), "line": await read_line(request.app[CITY_NOW])}


async def _rest(request: web.Request) -> dict[str, Any]:
    sources = request.app[CITY_NOW]
    at = sources.clock.now()
    places, work = await asyncio.gather(
        read_places(sources, request.app[ROOM]), read_work(sources, language_of(request))
    )
    return {
        **CONTEXT,
        "wallboard": _on_the_wall(request),
        "at": at,
        "places": places,
        "work": work,
        "Severity": Severity,
    }


def _on_the_wall(request: web.Request) -> bool:
    return "wallboard" in request.query
