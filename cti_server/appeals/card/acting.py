"""An act sent from a card: done, or shown again with what was typed and why it was not."""

from dataclasses import replace
from typing import Any

from aiohttp import web

from cti_server.appeals.acts.amending import changed, reply_faults
from cti_server.appeals.acts.applicants import word_of_applicant
from cti_server.appeals.acts.forms import FORMS, ActForm
from cti_server.appeals.acts.inputs import AmendInput
from cti_server.appeals.acts.reading import Misread, Sent, first, read_input, sent_fields
from cti_server.appeals.acts.refusals import NOT_NOW, SENTENCES, refusal, refusals
from cti_server.appeals.card.page import Tried, shown
from cti_server.appeals.card.sources import HANDLING
from cti_server.appeals.card.timeline import timeline
from cti_server.appeals.card.view import CardView, read_view
from cti_server.appeals.form.asked_anew import answered_anew
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.auth.errors import Forbidden
from cti_server.frame.language import words_of
from cti_server.frame.pages import PAGES
from cti_server.keys import SMS_PREFIXES, USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import Actor, acting
from hotline.appeals.handling import Entry, Overtaken
from hotline.errors import ForbiddenTransition, NotFound


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
    sent = sent_fields(await request.post())
    view = await read_view(request, request.match_info["number"])
    tried = Tried(name=form.name, typed={name: first(sent, name) for name in sent})
    try:
        act, version = await _made(request, form, sent, view)
        await _carried_out(request, view.appeal.number, act, version)
    except (Misread, ActFault, ForbiddenTransition, Overtaken) as error:
        now = await read_view(request, view.appeal.number)
        return shown(request, now, desk=desk, tried=_not_done(request, tried, error, now))
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
    request: web.Request,
    tried: Tried,
    error: Misread | ActFault | ForbiddenTransition | Overtaken,
    now: CardView,
) -> Tried:
    """Show the reason beside the typed form. An overtaken user sees what the others did."""
    words = words_of(request)
    match error:
        case Misread() | ActFault():
            return replace(tried, faults=refusals(error, words))
        case Overtaken():
            since = timeline(error.since, now.names, words)
            seen = {**tried.typed, "version": str(error.appeal.version)}
            return replace(tried, typed=seen, since=since)
        case _:
            known = error.text in SENTENCES
            return replace(tried, why=refusal(error, words) if known else words.gettext(NOT_NOW))


async def _done(request: web.Request, number: str, name: str, *, desk: bool) -> web.Response:
    if not desk:
        raise web.HTTPSeeOther(f"/appeals/{number}?done={name}")
    return shown(request, await read_view(request, number), desk=True, done=name)


async def _made(request: web.Request, form: ActForm, sent: Sent, view: CardView) -> tuple[Act, int]:
    """Make the act, and give the version that it is meant for; raises Misread."""
    sources, now = request.app[HANDLING], request.app[HANDLING].clock.now()
    said, by, faults = None, None, dict[str, ActFault]()
    more: dict[str, Any] = {}
    if form.said is AmendInput:
        try:
            more["details"] = answered_anew(view.appeal, sent, now, sources.city.timezone)
        except Misread as error:
            faults |= error.faults
        sent = await changed(sent, view.appeal, sources.streets)
    allowed = {field: {one.value for one in view.options[field]} for field in form.choices}
    try:
        said = read_input(form.said, sent, allowed=allowed, needed=form.needed)
    except Misread as error:
        faults |= error.faults
    if isinstance(said, AmendInput):
        prefixes, interpreters = request.app[SMS_PREFIXES], request.app[PAGES].interpreters
        wrong = reply_faults(said, view.appeal, prefixes, interpreters)
        faults |= {name: ActFault(name, text) for name, text in wrong.items()}
    try:
        by = _actor(request, form, sent, view)
    except ActFault as fault:
        faults[fault.field] = fault
    if said is None or by is None or faults:
        raise Misread(faults)
    return said.made(by, now, **more), said.version


def _actor(request: web.Request, form: ActForm, sent: Sent, view: CardView) -> Actor:
    if not form.by_applicant:
        return acting(request[USER])
    return word_of_applicant(sent, request[USER], {one.value for one in view.options["source"]})


def _form(request: web.Request) -> ActForm:
    form = FORMS.get(request.match_info["act"])
    if form is None:
        raise NotFound(f"There is no act {request.match_info['act']}.")
    if not request[USER].may(form.permission):
        raise Forbidden(f"{request[USER].role} may not {form.name}.")
    return form
