"""The draft as a whole: what it would change, put into force or dropped; an earlier version as a draft."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.city_data.editing import MANAGE
from cti_server.city_data.sources import CITY_DATA, PATH, kind_of, working_copy
from cti_server.city_data.viewing import context
from cti_server.frame.language import language_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.city_data.tables import KINDS as KINDS_OF_APPEALS
from hotline.city_data.working_copy import WorkingCopy
from hotline.documents.faults import DocumentFaults
from hotline.errors import NotFound, Outdated
from hotline.foreign_text import tidied

LONGEST_NOTE = 300
SHOWN = 10
"""Appeals, rules and orders that the preview names."""


@MANAGE
async def page(request: web.Request) -> web.Response:
    """Show what the draft would change before it counts."""
    copy = await working_copy(request)
    if copy.draft is None:
        return _to(f"{PATH}/{copy.kind}")
    return await _page(request, copy)


@MANAGE
async def put(request: web.Request) -> web.Response:
    """Put the draft into force; one that a colleague changed since it was seen is shown once more."""
    copy, form = await working_copy(request), await request.post()
    sources, note = request.app[CITY_DATA], " ".join(tidied(str(form.get("note", ""))).split())[:LONGEST_NOTE]
    if copy.draft is None:
        return _to(f"{PATH}/{copy.kind}?gone=yes")
    if form.get("seen") != copy.seen:
        return await _page(request, copy, note, overtaken=True)
    try:
        made = await sources.documents.put_into_force(
            copy.kind, by=request[USER].id, at=sources.clock.now(), note=note, seen=copy.seen
        )
    except (Outdated, NotFound):  # in this very moment
        return _to(f"{PATH}/{copy.kind}/draft?stale=yes")
    except DocumentFaults:
        return await _page(request, copy, note, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    await audit(request, Action.CHANGE, f"city-data:{copy.kind}", f"version {made.version} in force: {note}")
    return _to(f"{PATH}/{copy.kind}?done={made.version}")


@MANAGE
async def drop(request: web.Request) -> web.Response:
    """Forget the draft: what was in force stays."""
    copy, form = await working_copy(request), await request.post()
    try:
        await request.app[CITY_DATA].documents.drop_draft(copy.kind, seen=str(form.get("seen", "")))
    except Outdated:
        return _to(f"{PATH}/{copy.kind}/draft?stale=yes")
    await audit(request, Action.REMOVE, f"city-data:{copy.kind}", "draft")
    return _to(f"{PATH}/{copy.kind}")


@MANAGE
async def again(request: web.Request) -> web.Response:
    """Take an earlier or a delivered version as the draft."""
    sources, kind, form = request.app[CITY_DATA], kind_of(request), await request.post()
    number = int(request.match_info["version"])
    one = await sources.documents.document(kind, number)
    try:
        await sources.documents.save_draft(
            kind, one.text, by=request[USER].id, at=sources.clock.now(), seen=str(form.get("seen", ""))
        )
    except Outdated:
        return _to(f"{PATH}/{kind}/draft?stale=yes")
    await audit(request, Action.CHANGE, f"city-data:{kind}", f"draft as version {number}")
    return _to(f"{PATH}/{kind}/draft")


async def _page(
    request: web.Request,
    copy: WorkingCopy,
    note: str = "",
    *,
    status: int = HTTPStatus.OK,
    overtaken: bool = False,
) -> web.Response:
    language, kind = language_of(request), copy.kind
    concerned = None if copy.faults else await request.app[CITY_DATA].preview(kind, copy.text)
    return render(
        request,
        "city_data/draft.html.jinja2",
        status=HTTPStatus.CONFLICT if overtaken else status,
        copy=copy,
        note=note,
        overtaken=overtaken or request.query.get("stale") == "yes",
        longest_note=LONGEST_NOTE,
        concerned=concerned,
        index_kind={one.value: one.name(language) for one in KINDS_OF_APPEALS},
        SHOWN=SHOWN,
        **await context(request, [one for one in (copy.draft, copy.present) if one]),
    )


def _to(address: str) -> web.Response:
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": address})
