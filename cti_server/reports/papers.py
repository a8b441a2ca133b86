"""Papers: the list, one of them, its files, its signature, and a correction as another version."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aiohttp import web

from cti_server.appeals.papers.press import PRESS, as_pdf
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.export import send_workbook
from cti_server.frame.filters import day
from cti_server.frame.forms import read_reason
from cti_server.frame.language import N_, language_of, words_of
from cti_server.frame.leafing import leaf_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.frame.words import PAPER_NAMES
from cti_server.keys import USER
from cti_server.reports.files import file_name, paper_pdf, paper_sheets
from cti_server.reports.sections import sections
from cti_server.reports.sources import REPORTS, today_of
from cti_server.reports.words import Speech
from hotline.access.permissions import Permission
from hotline.errors import AlreadyTaken
from hotline.reports.papers import Paper, PaperEntry, PaperKind, span_of

PATH = "/reports"
PAGE_ROWS = 50
TAKEN = N_("Somebody was quicker: the paper is signed already, or there is a later version of it.")
NO_REASON = N_("Say what is corrected: it stands on the paper.")
NOT_OVER = N_("These days are not over yet.")
FAULTS = {"taken": TAKEN, "reason": NO_REASON, "days": NOT_OVER}


@allowed(Permission.SEE_CONTROL)
async def listing(request: web.Request) -> web.Response:
    """`?kind=`: papers of one kind alone."""
    asked = request.query.get("kind", "")
    kind = PaperKind(asked) if asked in set(PaperKind) else None
    papers = request.app[REPORTS].papers

    async def read(most: int, skipped: int) -> Sequence[PaperEntry]:
        return await papers.list(kind, limit=most, skipped=skipped)

    leaf = await leaf_of(request, read, PAGE_ROWS)
    context: dict[str, Any] = {
        "papers": leaf.rows,
        "leaf": leaf,
        "kind": kind,
        "PaperKind": PaperKind,
        "PAPER_NAMES": PAPER_NAMES,
        "fault": _fault(request),
        "yesterday": today_of(request) - timedelta(days=1),
    }
    return render(request, "reports/list.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def one(request: web.Request) -> web.Response:
    sources, paper = request.app[REPORTS], await _paper(request)
    await audit(request, Action.VIEW, f"paper:{paper.id}")
    speech = Speech(gettext=words_of(request).gettext, language=language_of(request), zone=sources.timezone)
    versions = await sources.papers.versions(paper.kind, paper.first)
    context: dict[str, Any] = {
        "paper": paper,
        "said": sections(paper.content, speech),
        "versions": versions,
        "latest": versions[0].id == paper.id,
        "PAPER_NAMES": PAPER_NAMES,
        "fault": _fault(request),
    }
    return render(request, "reports/paper.html.jinja2", **context)


@allowed(Permission.SEE_CONTROL)
async def pdf(request: web.Request) -> web.Response:
    sources, paper = request.app[REPORTS], await _paper(request)
    await audit(request, Action.EXPORT, f"paper:{paper.id}")
    made = await paper_pdf(request.app[PRESS], paper, sources.clock.now(), sources.timezone)
    return as_pdf(made, file_name(paper))


@allowed(Permission.SEE_CONTROL)
async def workbook(request: web.Request) -> web.StreamResponse:
    paper = await _paper(request)
    await audit(request, Action.EXPORT, f"paper:{paper.id}")
    sheets = paper_sheets(paper, request.app[REPORTS].timezone)
    return await send_workbook(request, file_name(paper), sheets)


@allowed(Permission.SIGN_REPORTS)
async def sign(request: web.Request) -> web.StreamResponse:
    """Sign it: from then on it goes out by its plan, and nothing of it changes."""
    sources, paper = request.app[REPORTS], await _paper(request)
    plan = (await sources.papers.plans())[paper.kind]
    try:
        await sources.papers.sign(paper.id, request[USER].id, sources.clock.now(), plan, sources.timezone)
    except AlreadyTaken:
        raise web.HTTPSeeOther(f"{PATH}/papers/{paper.id}?fault=taken") from None
    await audit(request, Action.CHANGE, f"paper:{paper.id}", "signed")
    return noted_at(f"{PATH}/papers/{paper.id}", Noted.PAPER_SIGNED)


@allowed(Permission.SIGN_REPORTS)
async def correct(request: web.Request) -> web.StreamResponse:
    """Count it anew as another version; the one before stays as it was."""
    sources, paper = request.app[REPORTS], await _paper(request)
    reason = read_reason(await request.post())
    if not reason:
        raise web.HTTPSeeOther(f"{PATH}/papers/{paper.id}?fault=reason#correct")
    plan = (await sources.papers.plans())[paper.kind]
    made = await sources.maker.make(
        plan, paper.content.span, version=paper.version + 1, by=request[USER].id, reason=reason
    )
    if made is None:
        raise web.HTTPSeeOther(f"{PATH}/papers/{paper.id}?fault=taken")
    await audit(request, Action.ADD, f"paper:{made}", reason)
    return noted_at(f"{PATH}/papers/{made}", Noted.PAPER_CORRECTED)


@allowed(Permission.SIGN_REPORTS)
async def make(request: web.Request) -> web.StreamResponse:
    """Make the paper of earlier days by hand; one that there is already is shown."""
    sources, form = request.app[REPORTS], await request.post()
    kind, of = str(form.get("kind", "")), day(str(form.get("day", "")))
    if kind not in set(PaperKind) or of is None or span_of(PaperKind(kind), of).last >= today_of(request):
        raise web.HTTPSeeOther(f"{PATH}?fault=days#make")
    span = span_of(PaperKind(kind), of)
    plan = (await sources.papers.plans())[PaperKind(kind)]
    known = await sources.papers.versions(plan.kind, span.first)
    made = None if known else await sources.maker.make(plan, span, by=request[USER].id)
    if made is None:
        known = known or await sources.papers.versions(plan.kind, span.first)
        raise web.HTTPSeeOther(f"{PATH}/papers/{known[0].id}")
    await audit(request, Action.ADD, f"paper:{made}")
    return noted_at(f"{PATH}/papers/{made}", Noted.PAPER_MADE)


async def _paper(request: web.Request) -> Paper:
    return await request.app[REPORTS].papers.get(int(request.match_info["id"]))


def _fault(request: web.Request) -> str:
    text = FAULTS.get(request.query.get("fault", ""))
    return words_of(request).gettext(text) if text else ""
