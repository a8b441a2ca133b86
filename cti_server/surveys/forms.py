"""The questions of surveys: present and earlier versions, and a new one by the head."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.surveys.sources import SURVEYS
from cti_server.surveys.typed import MOST_QUESTIONS, MOST_ROADS, read_form, with_another
from cti_server.surveys.words import FLAWS, KINDS, MEANINGS
from hotline.access.permissions import Permission
from hotline.errors import NotFound, Outdated
from hotline.surveys.flaws import FormFinding, FormFlaw, flaws
from hotline.surveys.forms import COMPLETION, Form, KeptForm, QuestionKind

PATH = "/surveys"
MANAGE = allowed(Permission.MANAGE_SURVEYS)
LONGEST_NOTE = 200
_CONTEXT: Mapping[str, object] = {
    "KINDS": KINDS,
    "MEANINGS": MEANINGS,
    "Kind": QuestionKind,
    "MOST_ROADS": MOST_ROADS,
}


@MANAGE
async def page(request: web.Request) -> web.Response:
    """`?version=` shows another version than the one in use; `?saved=yes` says that it is new."""
    versions = await request.app[SURVEYS].forms.versions(COMPLETION)
    shown = _version(versions, request.query.get("version", ""))
    return await show(request, versions, shown)


async def show(
    request: web.Request,
    versions: Sequence[KeptForm],
    shown: KeptForm,
    *,
    status: int = HTTPStatus.OK,
    **trial: object,
) -> web.Response:
    """Show a version, and the form of a trial call; `trial` is its typed number."""
    return render(
        request,
        "surveys/forms.html.jinja2",
        status=status,
        versions=versions,
        shown=shown,
        saved=request.query.get("saved") == "yes",
        trial=defaultdict(str, trial),
        **_CONTEXT,
    )


@MANAGE
async def edit_page(request: web.Request) -> web.Response:
    """Begin with the version in use, or with the one that `?version=` names."""
    versions = await request.app[SURVEYS].forms.versions(COMPLETION)
    shown = _version(versions, request.query.get("version", ""))
    return _editing(request, shown.form, seen=versions[0].version)


@MANAGE
async def submit(request: web.Request) -> web.Response:
    """Check the form, add a question to it, or store it as a new version."""
    sources, typed = request.app[SURVEYS], await request.post()
    form, do, note = read_form(typed), str(typed.get("do", "")), str(typed.get("note", ""))[:LONGEST_NOTE]
    seen_text = str(typed.get("seen", ""))
    seen = (
        int(seen_text) if seen_text.isascii() and seen_text.isdigit() and len(seen_text) < MOST_ROADS else 0
    )
    if do == "add" and len(form.questions) < MOST_QUESTIONS:
        return _editing(request, with_another(form), seen=seen, note=note)
    found = flaws(form)
    if found or do != "save":
        status = HTTPStatus.UNPROCESSABLE_ENTITY if found else HTTPStatus.OK
        return _editing(request, form, seen=seen, note=note, found=found, checked=True, status=status)
    try:
        kept = await sources.forms.add(
            COMPLETION, form, seen=seen, by=request[USER].id, at=sources.clock.now(), note=note.strip()
        )
    except Outdated:
        newest = (await sources.forms.present(COMPLETION)).version
        return _editing(request, form, seen=newest, note=note, overtaken=True, status=HTTPStatus.CONFLICT)
    await audit(request, Action.ADD, f"survey-form:{COMPLETION}", f"version {kept.version}")
    return web.Response(status=HTTPStatus.SEE_OTHER, headers={"Location": f"{PATH}?saved=yes"})


def _editing(
    request: web.Request,
    form: Form,
    *,
    seen: int,
    note: str = "",
    found: Sequence[FormFinding] = (),
    checked: bool = False,
    overtaken: bool = False,
    status: int = HTTPStatus.OK,
) -> web.Response:
    told: dict[str, list[str]] = defaultdict(list)
    for one in found:
        told[one.question].append(FLAWS[one.flaw])
    context: dict[str, Any] = {
        **_CONTEXT,
        "form": form,
        "seen": seen,
        "note": note,
        "found": told,
        "whole": [
            FLAWS[one.flaw] for one in found if not one.question and one.flaw is not FormFlaw.SAME_NAME
        ],
        "checked": checked,
        "overtaken": overtaken,
        "full": len(form.questions) >= MOST_QUESTIONS,
        "longest_note": LONGEST_NOTE,
        "nowhere": words_of(request).gettext(N_("— choose —")),
    }
    return render(request, "surveys/edit.html.jinja2", status=status, **context)


def _version(versions: Sequence[KeptForm], asked: str) -> KeptForm:
    if not asked:
        return versions[0]
    found = next((one for one in versions if str(one.version) == asked), None)
    if found is None:
        raise NotFound("There is no such version.")
    return found
