"""The plan of files of a year: begun, filled, approved, its year closed; and the first page of the office."""

from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.appeals.papers.office import letterhead, said
from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import Table, send_table
from cti_server.frame.filters import whole
from cti_server.frame.forms import read_form
from cti_server.frame.language import N_, words, words_of
from cti_server.frame.moments import day_typed, read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.table_files import Row
from cti_server.keys import USER
from cti_server.office.sources import OFFICE, PATH
from cti_server.office.typed import MISSING, TypedFile, content_of, day_fault, faults_of_file
from cti_server.office.words import (
    ACT_STATES,
    ACTS,
    FILE_STATES,
    JOURNALS,
    KEEPINGS,
    MARKS_OF,
    PLAN_STATES,
    term,
)
from hotline.access.permissions import Permission
from hotline.errors import AlreadyTaken
from hotline.office.file_states import FileState
from hotline.office.files import LONGEST_LINE, FilePlan, OfficeFile

TAKEN = N_("Another file of this year has this index.")
_TABLE = Table(
    name="office-files",
    title=N_("Plan of files"),
    headings=(
        *(N_("Index"), N_("Title of the file"), N_("Volumes"), N_("Kept"), N_("Basis of the term")),
        *(N_("Notes"), N_("State")),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Approval:
    approver: str = ""
    number: str = ""
    dated: str = ""
    version: int = 0


@allowed(Permission.SEE_OFFICE)
async def office(request: web.Request) -> web.Response:
    """Years, journals and acts."""
    sources = request.app[OFFICE]
    plans = await sources.plans.plans()
    next_year = plans[0].year + 1 if plans else sources.today().year
    await audit(request, Action.VIEW, "office")
    return render(
        request,
        "office/office.html.jinja2",
        plans=plans,
        next_year=next_year,
        acts=await sources.acts.acts(),
        **context(request),
    )


@allowed(Permission.MANAGE_OFFICE)
async def begin(request: web.Request) -> web.Response:
    """Begin a year as a copy of the latest earlier one."""
    sources, year = request.app[OFFICE], whole(str((await request.post()).get("year", "")))
    this = sources.today().year
    if year is None or not this - 10 <= year <= this + 2:
        raise web.HTTPBadRequest
    plan = await sources.plans.begin(year, request[USER].id, sources.clock.now())
    await audit(request, Action.ADD, f"office:{plan.year}")
    return noted_at(f"{PATH}/{plan.year}", Noted.OFFICE_SAVED)


@allowed(Permission.SEE_OFFICE)
async def page(request: web.Request) -> web.Response:
    """The files of a year."""
    plan = await _plan(request)
    await audit(request, Action.VIEW, f"office:{plan.year}")
    return _show(request, plan)


@allowed(Permission.MANAGE_OFFICE)
async def add(request: web.Request) -> web.Response:
    """Add a file to the draft."""
    plan, typed = await _plan(request), read_form(TypedFile, await request.post(), one_line=True)
    sources = request.app[OFFICE]
    if faults := faults_of_file(typed):
        return _show(request, plan, typed, faults)
    try:
        made = await sources.plans.add(plan.year, content_of(typed), request[USER].id, sources.clock.now())
    except AlreadyTaken:
        return _show(request, plan, typed, {"index": TAKEN})
    await audit(request, Action.ADD, f"office:{plan.year}", made.index)
    return noted_at(f"{PATH}/{plan.year}", Noted.OFFICE_SAVED)


@allowed(Permission.MANAGE_OFFICE)
async def approve(request: web.Request) -> web.Response:
    """Freeze the plan with who approved it, the number and the day."""
    plan, typed = await _plan(request), read_form(_Approval, await request.post(), one_line=True)
    sources = request.app[OFFICE]
    faults = {
        name: MISSING for name in ("approver", "number") if not 0 < len(getattr(typed, name)) <= LONGEST_LINE
    }
    if wrong := day_fault(typed.dated, sources.today()):
        faults["dated"] = wrong
    dated = read_day(typed.dated)
    if faults or dated is None:
        return _show(request, plan, approval=typed, faults=faults)
    await sources.plans.approve(
        plan.year,
        typed.version,
        approver=typed.approver,
        number=typed.number,
        dated=dated,
        user_id=request[USER].id,
        at=sources.clock.now(),
    )
    await audit(request, Action.CHANGE, f"office:{plan.year}", f"approved {typed.number}")
    return noted_at(f"{PATH}/{plan.year}", Noted.OFFICE_APPROVED)


@allowed(Permission.MANAGE_OFFICE)
async def close(request: web.Request) -> web.Response:
    """Close the year's files; a year that is not over is not closed."""
    plan, sources = await _plan(request), request.app[OFFICE]
    if not may_close(plan, sources.today()):
        raise web.HTTPConflict
    number = await sources.plans.close_year(plan.year, date(plan.year, 12, 31))
    await audit(request, Action.CHANGE, f"office:{plan.year}", f"closed {number}")
    return noted_at(f"{PATH}/{plan.year}", Noted.OFFICE_CLOSED)


@allowed(Permission.SEE_OFFICE)
async def table(request: web.Request) -> web.StreamResponse:
    """The plan as a table."""
    plan = await _plan(request)
    gettext, ngettext = words_of(request).gettext, words_of(request).ngettext

    async def rows() -> AsyncIterator[Row]:
        for one in plan.files:
            how = term(one, gettext, ngettext)
            state = gettext(FILE_STATES[one.state])
            yield [one.index, one.title, one.volumes, how, one.article, one.notes, state]

    return await send_table(request, _TABLE, rows())


@allowed(Permission.SEE_OFFICE)
async def pdf(request: web.Request) -> web.Response:
    """The plan as a paper to be signed."""
    plan, sources = await _plan(request), request.app[OFFICE]
    await audit(request, Action.EXPORT, f"office:{plan.year}", "pdf")
    catalogue = words("uk")
    rows = [
        [one.index, one.title, str(one.volumes), term(one, said, catalogue.ngettext), one.article, one.notes]
        for one in plan.files
    ]
    about = "Проєкт, не затверджено"
    if plan.dated:
        about = f"Затверджено: {plan.approver}, № {plan.number} від {plan.dated:%d.%m.%Y}"
    section = {
        "title": "",
        "headings": [said(one) for one in _TABLE.headings[:-1]],
        "rows": rows,
        "note": "" if rows else "Справ немає.",
        "wide": 1,
        "texts": 6,
    }
    data = {
        "title": "Номенклатура справ",
        "period": f"на {plan.year} рік",
        "about": [about],
        "sections": [section],
        "signed": "",
        "digest": "",
        "flipped": True,
    }
    head = letterhead(request[USER], sources.clock.now(), sources.timezone)
    return as_pdf(await request.app[PRESS].print("report", {**head, **data}), f"office-{plan.year}")


def may_close(plan: FilePlan, today: date) -> bool:
    """Tell if the year is over, and has files to close."""
    return (
        plan.dated is not None
        and today > date(plan.year, 12, 31)
        and any(one.state is FileState.OPEN for one in plan.files)
    )


def context(request: web.Request) -> dict[str, Any]:
    """Give what all templates of the office have."""
    gettext, ngettext = words_of(request).gettext, words_of(request).ngettext

    def term_of(one: OfficeFile) -> str:
        return term(one, gettext, ngettext)

    return {
        "PLAN_STATES": PLAN_STATES,
        "FILE_STATES": FILE_STATES,
        "ACT_STATES": ACT_STATES,
        "ACTS": ACTS,
        "MARKS_OF": MARKS_OF,
        "JOURNALS": JOURNALS,
        "keepings": [(one, gettext(text)) for one, text in KEEPINGS.items()],
        "journals": [
            ("", gettext("on paper")),
            *((one.value, gettext(name)) for one, name in JOURNALS.items()),
        ],
        "term": term_of,
        "today": request.app[OFFICE].today(),
    }


async def _plan(request: web.Request) -> FilePlan:
    return await request.app[OFFICE].plans.plan(int(request.match_info["year"]))


def _show(
    request: web.Request,
    plan: FilePlan,
    typed: TypedFile | None = None,
    faults: Mapping[str, str] | None = None,
    *,
    approval: _Approval | None = None,
) -> web.Response:
    today = request.app[OFFICE].today()
    return render(
        request,
        "office/plan.html.jinja2",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        plan=plan,
        typed=typed or TypedFile(),
        approval=approval or _Approval(dated=day_typed(today), version=plan.version),
        faults=defaultdict(str, faults or {}),
        may_close=may_close(plan, today),
        **context(request),
    )
