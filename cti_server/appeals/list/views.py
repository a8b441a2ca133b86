"""Filters kept under a name: one's own, and those that a head shares with everybody."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from aiohttp import web
from yarl import URL

from cti_server.appeals.list.filters import FILTERS, address
from cti_server.appeals.list.sources import APPEAL_LISTS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.lists import NameTaken, TooManyViews

LONGEST_NAME = 60
FAULTS: Mapping[str, str] = {
    TooManyViews.code: N_("You keep 30 views already: forget one of them first."),
    NameTaken.code: N_("You have another view of this name."),
}
"""Why a view was not kept, by what the address of the list says behind `fault`."""


@allowed(Permission.SEE_APPEALS)
async def save(request: web.Request) -> web.Response:
    """Keep the filters `query` under `name`; without a name nothing is kept. Back to the list either way."""
    typed, sources, user = await request.post(), request.app[APPEAL_LISTS], request[USER]
    kept = _known(str(typed.get("query", "")))
    name = _name(typed)
    if name:
        shared = bool(typed.get("shared")) and user.may(Permission.SHARE_VIEWS)
        query = address(kept).partition("?")[2]
        try:
            view = await sources.views.save(
                user_id=user.id, name=name, query=query, shared=shared, at=sources.clock.now()
            )
        except TooManyViews as fault:
            raise web.HTTPSeeOther(_with_fault(address(kept), fault.code)) from fault
        await audit(request, Action.CHANGE, f"view:{view.id}", name)
    raise web.HTTPSeeOther(address(kept))


@allowed(Permission.SEE_APPEALS)
async def rename(request: web.Request) -> web.Response:
    """Give one's own view another name; without one it keeps its name."""
    view_id, name = int(request.match_info["id"]), _name(await request.post())
    if name:
        try:
            await request.app[APPEAL_LISTS].views.rename(view_id, request[USER].id, name)
        except NameTaken as fault:
            raise web.HTTPSeeOther(_with_fault(address({}), fault.code)) from fault
        await audit(request, Action.CHANGE, f"view:{view_id}", name)
    raise web.HTTPSeeOther(address({}))


@allowed(Permission.SEE_APPEALS)
async def drop(request: web.Request) -> web.Response:
    """Forget one's own view."""
    view_id = int(request.match_info["id"])
    await request.app[APPEAL_LISTS].views.drop(view_id, request[USER].id)
    await audit(request, Action.CHANGE, f"view:{view_id}", "dropped")
    raise web.HTTPSeeOther(address({}))


def _name(typed: Mapping[str, object]) -> str:
    return " ".join(str(typed.get("name", "")).split())[:LONGEST_NAME]


def _with_fault(target: str, fault: str) -> str:
    return str(URL(target).update_query(fault=fault).with_fragment("views-title"))


def _known(query: str) -> dict[str, str]:
    """Take from a query the filters that there are."""
    return {name: value for name, value in parse_qsl(query) if name in FILTERS}
