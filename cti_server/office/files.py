"""One file: changed in a draft, counted at the end of its year, held; entries of a journal on paper."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form, read_reason
from cti_server.frame.moments import day_typed, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.office.plans import TAKEN, context
from cti_server.office.sources import OFFICE, PATH
from cti_server.office.typed import MISSING, TypedFile, content_of, day_fault, faults_of_file, typed_file
from hotline.access.permissions import Permission
from hotline.errors import AlreadyTaken, Outdated
from hotline.office.file_states import PlanState
from hotline.office.files import LONGEST_LINE, LONGEST_NOTE, OfficeFile, PaperEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class _Count:
    volumes: int = 0
    held: str = ""
    notes: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    dated: str = ""
    correspondent: str = ""
    about: str = ""
    note: str = ""


@allowed(Permission.SEE_OFFICE)
async def page(request: web.Request) -> web.Response:
    one = await file_of(request)
    await audit(request, Action.VIEW, f"office-file:{one.id}")
    return await _show(request, one)


@allowed(Permission.MANAGE_OFFICE)
async def change(request: web.Request) -> web.Response:
    """Change a file of a draft; who was slower sees theirs again, and saves it by a second press."""
    one, sources = await file_of(request), request.app[OFFICE]
    typed = read_form(TypedFile, await request.post(), one_line=True)
    if faults := faults_of_file(typed):
        return await _show(request, one, typed, faults)
    try:
        await sources.plans.change(
            one.id, typed.version, content_of(typed), request[USER].id, sources.clock.now()
        )
    except AlreadyTaken:
        return await _show(request, one, typed, {"index": TAKEN})
    except Outdated:
        latest = await file_of(request)
        return await _show(request, latest, replace(typed, version=latest.version), overtaken=True)
    await audit(request, Action.CHANGE, f"office-file:{one.id}", typed.index)
    return noted_at(f"{PATH}/files/{one.id}", Noted.OFFICE_SAVED)


@allowed(Permission.MANAGE_OFFICE)
async def remove(request: web.Request) -> web.Response:
    """Take the file out of a draft."""
    one, sources = await file_of(request), request.app[OFFICE]
    seen = read_form(_Count, await request.post()).version
    await sources.plans.remove(one.id, seen, request[USER].id, sources.clock.now())
    await audit(request, Action.REMOVE, f"office-file:{one.id}", one.index)
    return noted_at(f"{PATH}/{one.year}", Noted.OFFICE_SAVED)


@allowed(Permission.MANAGE_OFFICE)
async def count(request: web.Request) -> web.Response:
    """Note volumes, notes, and why the file may not go."""
    one, typed = await file_of(request), read_form(_Count, await request.post(), one_line=True)
    try:
        await request.app[OFFICE].plans.count(
            one.id,
            typed.version,
            volumes=min(typed.volumes, 10_000),
            held=typed.held[:LONGEST_LINE],
            notes=typed.notes[:LONGEST_NOTE],
        )
    except Outdated:
        return await _show(request, await file_of(request), overtaken=True)
    await audit(
        request, Action.CHANGE, f"office-file:{one.id}", f"volumes {typed.volumes} {typed.held}".strip()
    )
    return noted_at(f"{PATH}/files/{one.id}", Noted.OFFICE_SAVED)


@allowed(Permission.SEE_OFFICE)
async def enter(request: web.Request) -> web.Response:
    """Register a paper under the next number."""
    one, sources = await file_of(request), request.app[OFFICE]
    typed = read_form(_Entry, await request.post(), one_line=True)
    faults = {
        name: MISSING
        for name in ("correspondent", "about")
        if not 0 < len(getattr(typed, name)) <= LONGEST_LINE
    }
    if wrong := day_fault(typed.dated, sources.today()):
        faults["dated"] = wrong
    dated = read_day(typed.dated)
    if faults or dated is None:
        return await _show(request, one, faults=faults, entry=typed)
    entered = await sources.plans.enter(
        PaperEntry(
            file_id=one.id,
            dated=dated,
            correspondent=typed.correspondent,
            about=typed.about,
            note=typed.note[:LONGEST_LINE],
            user_id=request[USER].id,
            at=sources.clock.now(),
        )
    )
    await audit(request, Action.ADD, f"office-file:{one.id}", f"entry {entered.number}")
    return noted_at(f"{PATH}/files/{one.id}", Noted.OFFICE_ENTERED)


@allowed(Permission.SEE_OFFICE)
async def strike(request: web.Request) -> web.Response:
    """Strike an entry out, with a reason: its number stays."""
    one, why = await file_of(request), read_reason(await request.post())
    if not why:
        raise web.HTTPUnprocessableEntity
    struck = await request.app[OFFICE].plans.strike(one.id, int(request.match_info["entry"]), why)
    await audit(request, Action.CHANGE, f"office-file:{one.id}", f"entry {struck.number} struck: {why}")
    return noted_at(f"{PATH}/files/{one.id}", Noted.OFFICE_SAVED)


async def file_of(request: web.Request) -> OfficeFile:
    return await request.app[OFFICE].plans.file(int(request.match_info["id"]))


async def _show(
    request: web.Request,
    one: OfficeFile,
    typed: TypedFile | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    entry: _Entry | None = None,
    overtaken: bool = False,
) -> web.Response:
    sources = request.app[OFFICE]
    plan = await sources.plans.plan(one.year)
    entries = await sources.plans.entries(one.id)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    users = await request.app[ACCOUNTS].users.those({each.user_id for each in entries})
    return render(
        request,
        "office/file.html.jinja2",
        status=HTTPStatus.CONFLICT if overtaken else status,
        one=one,
        plan=plan,
        draft=plan.state is PlanState.DRAFT,
        typed=typed or typed_file(one),
        faults=defaultdict(str, faults or {}),
        entries=entries,
        entry=entry or _Entry(dated=day_typed(sources.today())),
        names={user.id: user.name for user in users.values()},
        overtaken=overtaken,
        **context(request),
    )
