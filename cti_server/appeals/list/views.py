"""Filters kept under a name: one's own, and those that a head shares with everybody."""

from urllib.parse import parse_qsl

from aiohttp import web

from cti_server.appeals.list.filters import FILTERS, address
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.keys import USER
from hotline.access.permissions import Permission

LONGEST_NAME = 60


@allowed(Permission.SEE_APPEALS)
async def save(request: web.Request) -> web.Response:
    """Keep the filters `query` under `name`; without a name nothing is kept. Back to the list either way."""
    typed, sources, user = await request.post(), request.app[APPEAL_LISTS], request[USER]
    kept = _known(str(typed.get("query", "")))
    name = " ".join(str(typed.get("name", "")).split())[:LONGEST_NAME]
    if name:
        shared = bool(typed.get("shared")) and user.may(Permission.SHARE_VIEWS)
        query = address(kept).partition("?")[2]
        view = await sources.views.save(
            user_id=user.id, name=name, query=query, shared=shared, at=sources.clock.now()
        )
        await audit(request, Action.CHANGE, f"view:{view.id}", name)
    raise web.HTTPSeeOther(address(kept))


@allowed(Permission.SEE_APPEALS)
async def drop(request: web.Request) -> web.Response:
    """Forget one's own view."""
    view_id = int(request.match_info["id"])
    await request.app[APPEAL_LISTS].views.drop(view_id, request[USER].id)
    await audit(request, Action.CHANGE, f"view:{view_id}", "dropped")
    raise web.HTTPSeeOther(address({}))


def _known(query: str) -> dict[str, str]:
    """Take from a query the filters that there are."""
    return {name: value for name, value in parse_qsl(query) if name in FILTERS}
