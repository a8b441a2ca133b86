"""The form of a statement, and of its correction."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.forms import read_form
from cti_server.frame.moments import day_typed
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import USER
from cti_server.statements.listing import PATH
from cti_server.statements.sources import STATEMENTS
from cti_server.statements.typed import Typed, content_typed, faults_of, typed_of
from cti_server.statements.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.errors import Outdated
from hotline.statements.statement_states import StatementAct, StatementState
from hotline.statements.statements import LONGEST_LINE, LONGEST_TEXT, LONGEST_TITLE, Statement


@allowed(Permission.PREPARE_STATEMENTS)
async def new(request: web.Request) -> web.Response:
    """An empty form; the instruction is of today."""
    sources = request.app[STATEMENTS]
    today = sources.clock.now().astimezone(sources.timezone).date()
    return _show(request, Typed(dated=day_typed(today)), None)


@allowed(Permission.PREPARE_STATEMENTS)
async def add(request: web.Request) -> web.Response:
    """Keep the draft."""
    sources, typed = request.app[STATEMENTS], read_form(Typed, await request.post())
    now = sources.clock.now()
    if faults := faults_of(typed, now, sources.timezone, corrects=False):
        return _show(request, typed, None, faults)
    made = await sources.statements.add(content_typed(typed, sources.timezone), request[USER].id, now)
    await audit(request, Action.ADD, f"statement:{made.id}")
    return noted_at(f"{PATH}/{made.id}", Noted.STATEMENT_SAVED)


@allowed(Permission.PREPARE_STATEMENTS)
async def form(request: web.Request) -> web.Response:
    """The form with what is kept."""
    one = await own_draft(request)
    return _show(request, typed_of(one, request.app[STATEMENTS].timezone), one)


@allowed(Permission.PREPARE_STATEMENTS)
async def save(request: web.Request) -> web.Response:
    """Change the draft; who was slower sees theirs again, and saves it by a second press."""
    one, sources = await own_draft(request), request.app[STATEMENTS]
    typed, now = read_form(Typed, await request.post()), sources.clock.now()
    faults = faults_of(typed, now, sources.timezone, corrects=corrects(one), stood=one.publish_at)
    if faults:
        return _show(request, typed, one, faults)
    if typed.version != one.version:
        return _show(request, replace(typed, version=one.version), one, overtaken=True)
    content = content_typed(typed, sources.timezone, one)
    if corrects(one):
        content = replace(content, publish_at=one.publish_at)
    try:
        await sources.statements.change(one, content, now, user_id=request[USER].id)
    except Outdated:
        latest = await own_draft(request)
        return _show(request, replace(typed, version=latest.version), latest, overtaken=True)
    await audit(request, Action.CHANGE, f"statement:{one.id}", "text")
    return noted_at(f"{PATH}/{one.id}", Noted.STATEMENT_SAVED)


async def statement_of(request: web.Request) -> Statement:
    """Read the statement of this address; NotFound for one that was deleted as a draft."""
    one = await request.app[STATEMENTS].statements.get(int(request.match_info["id"]))
    if one.state is StatementState.DISCARDED:
        raise web.HTTPNotFound
    return one


async def own_draft(request: web.Request) -> Statement:
    """Read the statement; 409 where this user may not write it now."""
    one = await statement_of(request)
    one.after(StatementAct.CHANGE, request[USER].id)
    return one


def corrects(one: Statement) -> bool:
    return one.state is StatementState.CORRECTING


def _show(
    request: web.Request,
    typed: Typed,
    one: Statement | None,
    faults: Mapping[str, str] | None = None,
    *,
    overtaken: bool = False,
) -> web.Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return render(
        request,
        "statements/edit.html.jinja2",
        status=HTTPStatus.CONFLICT if overtaken else status,
        **CONTEXT,
        typed=typed,
        one=one,
        corrects=one is not None and corrects(one),
        faults=faults or {},
        overtaken=overtaken,
        longest={"line": LONGEST_LINE, "title": LONGEST_TITLE, "text": LONGEST_TEXT},
    )
