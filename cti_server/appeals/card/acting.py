"""An act sent from a card: done, or shown again with what was typed and why it was not."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web

from cti_server.appeals.acts.forms import ActForm
from cti_server.appeals.acts.given import Given
from cti_server.appeals.acts.offers import FORMS
from cti_server.appeals.acts.refusals import SENTENCES, refusal
from cti_server.appeals.card.page import Tried, shown
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.card.timeline import timeline
from cti_server.appeals.card.view import CardView, read_view
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.frame.language import N_, words_of
from cti_server.keys import USER
from hotline.access.users import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.handling import Entry, Overtaken
from hotline.errors import ForbiddenTransition, NotFound

_NOT_NOW = N_("That is not possible in its present state.")


@allowed(Permission.HANDLE_APPEALS)
async def on_page(request: web.Request) -> web.Response:
    """Do it and go back to the card."""
    return await _act(request, desk=False)


@allowed(Permission.HANDLE_APPEALS, Permission.ANSWER_CALLS)
async def at_desk(request: web.Request) -> web.Response:
    """Do it and show the opened appeal as it is then."""
    return await _act(request, desk=True)


async def _act(request: web.Request, *, desk: bool) -> web.Response:
    form = _form(request)
    typed = {name: str(value) for name, value in (await request.post()).items()}
    version = _version(typed.get("version", ""))
    view = await read_view(request, request.match_info["number"])
    sent = Tried(name=form.name, typed=typed, version=version)
    try:
        act = await _made(request, form, typed, view)
        await _carried_out(request, view.appeal.number, act, version)
    except (ActFault, ForbiddenTransition, Overtaken) as error:
        now = await read_view(request, view.appeal.number)
        return shown(request, now, desk=desk, tried=_not_done(request, sent, error, now))
    return await _done(request, view.appeal.number, form.name, desk=desk)


async def _carried_out(request: web.Request, number: str, act: Act, version: int) -> None:
    """Do it; a form that was sent twice is done once, and both times well."""
    try:
        await request.app[HANDLING].handling.carry_out(number, act, version=version)
    except Overtaken as error:
        if [_what(one) for one in error.since] == [(act.name, act.by.user_id, act.said(), dict(act.facts()))]:
            return
        raise
    await audit(request, Action.CHANGE, f"appeal:{number}", act.name)


def _what(entry: Entry) -> tuple[str, int | None, str, dict[str, object]]:
    return entry.act, entry.user_id, entry.said, dict(entry.facts)


def _not_done(
    request: web.Request, sent: Tried, error: ActFault | ForbiddenTransition | Overtaken, now: CardView
) -> Tried:
    """Say why, beside what was typed. Whoever was overtaken has seen by then what the others did."""
    words = words_of(request)
    match error:
        case ActFault():
            return replace(sent, faults={error.field: refusal(error, words)})
        case Overtaken():
            since = timeline(error.since, now.names, words)
            return replace(sent, version=error.appeal.version, since=since)
        case _:
            known = error.text in SENTENCES
            return replace(sent, why=refusal(error, words) if known else words.gettext(_NOT_NOW))


async def _done(request: web.Request, number: str, name: str, *, desk: bool) -> web.Response:
    if not desk:
        raise web.HTTPSeeOther(f"/appeals/{number}?done={name}")
    return shown(request, await read_view(request, number), desk=True, done=name)


async def _made(request: web.Request, form: ActForm, typed: Mapping[str, str], view: CardView) -> Act:
    sources = request.app[HANDLING]
    address = typed.get("address")
    if address is not None:
        typed = {**typed, "address": await sources.streets.present(address.strip())}
    return form.make(
        Given(
            typed=typed,
            user=request[USER],
            at=sources.clock.now(),
            appeal=view.appeal,
            options=view.options,
        )
    )


def _form(request: web.Request) -> ActForm:
    form = FORMS.get(request.match_info["act"])
    if form is None:
        raise NotFound(f"There is no act {request.match_info['act']}.")
    if not request[USER].may(form.permission):
        raise Forbidden(f"{request[USER].role} may not {form.name}.")
    return form


def _version(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise web.HTTPBadRequest
    return int(text)
