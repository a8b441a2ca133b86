"""The bar on every page of a signed-in user, while callers of the whole city are told something."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from aiohttp.typedefs import Handler

from cti_server.auth.access import allowed
from cti_server.frame.pages import TOLD_NOW, render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.air_raid.alarm import Alarm
from hotline.air_raid.measures import Measure

PATH = "/on-now"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldNow:
    """The message to the whole city, or an order that callers hear; `until` None: until it is ended."""

    title: str
    until: datetime | None
    address: str
    """The page where it is ended."""
    leads: Permission
    """The permission that this page takes."""
    order: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AirRaidNow:
    """The air-raid alert that holds, and what changes in the centre by it; or that its source is silent."""

    alarm: Alarm | None
    silent_since: datetime | None
    measures: Sequence[Measure]


Told = ToldNow | AirRaidNow
READ_TOLD: web.AppKey[Callable[[], Awaitable[Sequence[Told]]]] = web.AppKey("read_told")
"""Tells what is on: asked with each page, and so answered from memory."""


@web.middleware
async def tell_on_now(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let the page of a signed-in user say what callers are told."""
    read = request.app.get(READ_TOLD)
    if read is not None and USER in request:
        request[TOLD_NOW] = await read()
    return await handler(request)


@allowed()
async def part(request: web.Request) -> web.Response:
    """The bar alone, for pages that are never left."""
    return render(request, "frame/on_now.html.jinja2")


def add_on_now(app: web.Application, read: Callable[[], Awaitable[Sequence[Told]]]) -> None:
    """Have all pages say it."""
    app[READ_TOLD] = read
    app.router.add_get(PATH, part)
