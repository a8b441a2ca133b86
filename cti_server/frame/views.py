"""Filters of a list kept under a name: one's own, and those that a head shares with everybody.

    CALLS = KeptList(name="calls", path="/calls", filters=FILTERS, see=Permission.SEE_CALLS)
    add_views(app, CALLS)
    return render(request, "calls/list.html.jinja2", **await views_of(request, CALLS, kept))

The page shows them by `frame/views.html.jinja2`.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from attrs import frozen
from yarl import URL

from cti_server.audit import Action, audit
from cti_server.auth.access import Handler, allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.lists import COLUMNS, Kept
from cti_server.keys import ACCOUNTS, USER
from hotline.access.permissions import Permission
from hotline.access.saved_views import NameTaken, TooManyViews

LONGEST_NAME = 60
_FAULT = "fault"
FAULTS: Mapping[str, str] = {
    TooManyViews.code: N_("You keep 30 views already: forget one of them first."),
    NameTaken.code: N_("You have another view of this name."),
}
"""Why a view was not kept, by what the address of the list says behind `fault`."""


@frozen(kw_only=True)
class KeptList:
    """A list whose filters can be kept: its `name` in the database, and what its address may ask."""

    name: str
    path: str
    filters: Collection[str]
    see: Permission
    arranging: Collection[str] = (COLUMNS,)
    """Of the filters, what leaves nothing out."""

    def address(self, kept: Kept) -> str:
        asked = {name: kept.get(name, "") for name in self.filters if kept.get(name)}
        return str(URL(self.path).with_query(asked))

    def page(self, kept: Kept, number: int) -> str:
        """Give the address of a page of the list; they count from 1."""
        here = URL(self.address(kept))
        return str(here if number == 1 else here.update_query(page=number))

    def query(self, kept: Kept) -> str:
        """Write the filters as they are kept: the address behind the `?`."""
        return URL(self.address(kept)).raw_query_string

    def narrowed(self, kept: Kept) -> bool:
        return any(kept.get(name) for name in self.filters if name not in self.arranging)


def add_views(app: web.Application, of: KeptList) -> None:
    """Add the acts: a view kept, renamed, forgotten."""
    one = of.path + r"/views/{id:\d{1,9}}"
    app.router.add_post(f"{of.path}/views", _handler(of, _save))
    app.router.add_post(f"{one}/rename", _handler(of, _rename))
    app.router.add_post(f"{one}/drop", _handler(of, _drop))


async def views_of(
    request: web.Request, of: KeptList, kept: Kept, columns: Collection[str] = ()
) -> Mapping[str, Any]:
    """Give what the template shows; `columns` are those that are kept with the filters."""
    return {
        "views": await request.app[ACCOUNTS].views.of(request[USER].id, of.name),
        "views_path": of.path,
        "kept_query": of.query(kept),
        "shown_query": of.query({**kept, COLUMNS: ".".join(columns)} if columns else kept),
        "keeps_columns": bool(columns),
        "narrowed": of.narrowed(kept),
        "view_fault": _fault(request),
    }


def _fault(request: web.Request) -> str:
    """Say why a view was not kept; empty when there is nothing to say."""
    text = FAULTS.get(request.query.get(_FAULT, ""))
    return words_of(request).gettext(text) if text else ""


def _handler(of: KeptList, act: Callable[[web.Request, KeptList], Awaitable[str]]) -> Handler:
    @allowed(of.see)
    async def handle(request: web.Request) -> web.StreamResponse:
        raise web.HTTPSeeOther(await act(request, of))

    return handle


async def _save(request: web.Request, of: KeptList) -> str:
    """Keep the filters `query` under `name`; without a name nothing is kept. Back to the list either way."""
    typed, accounts, user = await request.post(), request.app[ACCOUNTS], request[USER]
    kept, name = _kept(of, typed), _name(typed)
    if name:
        shared = bool(typed.get("shared")) and user.may(Permission.SHARE_VIEWS)
        query = of.address(kept).partition("?")[2]
        try:
            view = await accounts.views.save(
                user_id=user.id,
                of_list=of.name,
                name=name,
                query=query,
                shared=shared,
                at=accounts.clock.now(),
            )
        except TooManyViews as fault:
            return _with_fault(of.address(kept), fault.code)
        await audit(request, Action.CHANGE, f"view:{view.id}", name)
    return of.address(kept)


async def _rename(request: web.Request, of: KeptList) -> str:
    """Give one's own view another name, and lead to it; without one it keeps its name."""
    view_id, name = int(request.match_info["id"]), _name(await request.post())
    mine = await request.app[ACCOUNTS].views.of(request[USER].id, of.name)
    there = next((f"{of.path}?{one.query}" for one in mine if one.id == view_id and one.query), of.path)
    if name:
        try:
            await request.app[ACCOUNTS].views.rename(view_id, request[USER].id, of.name, name)
        except NameTaken as fault:
            return _with_fault(there, fault.code)
        await audit(request, Action.CHANGE, f"view:{view_id}", name)
    return there


async def _drop(request: web.Request, of: KeptList) -> str:
    """Forget one's own view; the list stays as it was shown."""
    view_id, typed = int(request.match_info["id"]), await request.post()
    await request.app[ACCOUNTS].views.drop(view_id, request[USER].id, of.name)
    await audit(request, Action.CHANGE, f"view:{view_id}", "dropped")
    return of.address(_kept(of, typed))


def _kept(of: KeptList, typed: Mapping[str, object]) -> Kept:
    """Read the filters with which the list was shown."""
    return {name: value for name, value in parse_qsl(str(typed.get("query", ""))) if name in of.filters}


def _name(typed: Mapping[str, object]) -> str:
    return " ".join(str(typed.get("name", "")).split())[:LONGEST_NAME]


def _with_fault(target: str, fault: str) -> str:
    return str(URL(target).update_query({_FAULT: fault}).with_fragment("views-title"))
