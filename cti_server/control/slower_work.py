"""Slower places whose day of review has come, on the list of what waits."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.control.todo_parts import SLOWER, TodoQuery
from cti_server.keys import USER
from cti_server.supervision.sources import SUPERVISION
from hotline.access.permissions import Permission
from hotline.supervision.slower_places import SlowerPlace


async def slower_work(request: web.Request, query: TodoQuery) -> Sequence[SlowerPlace]:
    """Read those that wait for this user, found by what is typed."""
    if not query.shows(SLOWER):
        return ()
    return [one for one in await _due(request) if query.typed in f"{one.number} {one.reason}".casefold()]


async def count_slower(request: web.Request) -> int:
    return len(await _due(request))


async def _due(request: web.Request) -> Sequence[SlowerPlace]:
    if SUPERVISION not in request.app or not request[USER].may(Permission.SUPERVISE):
        return ()
    sources = request.app[SUPERVISION]
    today = sources.today()
    return [one for one in await sources.slower.standing(today) if one.review_on <= today]
