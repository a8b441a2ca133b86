"""Acts of an enterprise on an appeal: a small form for each, on the version that the user saw."""

from collections.abc import Callable, Mapping
from datetime import date
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.appeals.acts.refusals import refusal
from cti_server.appeals.files.receiving import Received, receive
from cti_server.audit import Action, audit
from cti_server.auth.access import Handler, allowed
from cti_server.enterprise.bulk import read_assignee
from cti_server.enterprise.card import extension_days, read_card, show_card
from cti_server.enterprise.sources import WORK, enterprise_of
from cti_server.enterprise.words import CONTEXT, FAULTS
from cti_server.frame.language import N_, words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.users import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import Actor, NotYours, acting
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.extension import AskExtension
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import HandBack
from hotline.appeals.acts.work import Accept, BeginWork, PassInside, ReportDone
from hotline.appeals.appeal import Appeal, ResultKind
from hotline.appeals.handling import Overtaken
from hotline.errors import ForbiddenTransition, HotlineError, NotFound

_LONGEST_NUMBER = 9
_Make = Callable[[web.Request, Appeal, Received], Act]


def _accept(request: web.Request, _appeal: Appeal, _form: Received) -> Act:
    return Accept(by=_by(request), at=request.app[WORK].clock.now())


def _hand_back(request: web.Request, _appeal: Appeal, form: Received) -> Act:
    return HandBack(by=_by(request), at=request.app[WORK].clock.now(), reason=form.text("reason"))


def _ask_back(request: web.Request, _appeal: Appeal, form: Received) -> Act:
    return AskBack(by=_by(request), at=request.app[WORK].clock.now(), text=form.text("text"))


def _pass_inside(request: web.Request, _appeal: Appeal, form: Received) -> Act:
    return PassInside(
        by=_by(request),
        at=request.app[WORK].clock.now(),
        assignee_id=read_assignee(form.text("assignee")),
        reason=form.text("reason"),
    )


def _begin_work(request: web.Request, _appeal: Appeal, _form: Received) -> Act:
    return BeginWork(by=_by(request), at=request.app[WORK].clock.now())


def _report_done(request: web.Request, _appeal: Appeal, form: Received) -> Act:
    if form.text("result") not in RESULTS:
        raise ActFault("result", N_("Choose what came of it."))
    named = {int(one) for one in form.all("evidence") if one.isascii() and one.isdigit()}
    return ReportDone(
        by=_by(request),
        at=request.app[WORK].clock.now(),
        result=ResultKind(form.text("result")),
        answer=form.text("answer"),
        evidence=tuple(sorted(named | {one.id for one in form.files})),
    )


def _ask_extension(request: web.Request, appeal: Appeal, form: Received) -> Act:
    days = extension_days(request, appeal)
    if days is None:
        raise ActFault("until", N_("The law allows no more time: 45 days in all."))
    try:
        until = date.fromisoformat(form.text("until"))
    except ValueError as error:
        raise ActFault("until", N_("Choose a day.")) from error
    if not days[0] <= until <= days[1]:
        text = N_("Choose a day from %(first)s to %(last)s: the law allows 45 days in all.")
        raise ActFault("until", text, first=f"{days[0]:%d.%m.%Y}", last=f"{days[1]:%d.%m.%Y}")
    reason = form.text("reason")
    return AskExtension(by=_by(request), at=request.app[WORK].clock.now(), until=until, reason=reason)


def _note(request: web.Request, _appeal: Appeal, form: Received) -> Act:
    return Note(by=_by(request), at=request.app[WORK].clock.now(), text=form.text("text"))


RESULTS = frozenset({ResultKind.SATISFIED, ResultKind.EXPLAINED, ResultKind.REFUSED})
_ACTS: Mapping[str, _Make] = {
    Accept.name: _accept,
    HandBack.name: _hand_back,
    AskBack.name: _ask_back,
    PassInside.name: _pass_inside,
    BeginWork.name: _begin_work,
    ReportDone.name: _report_done,
    AskExtension.name: _ask_extension,
    Note.name: _note,
}


def handlers() -> Mapping[str, Handler]:
    """Give the handler of each act by its name."""
    return {name: _handler(name, make) for name, make in _ACTS.items()}


def _handler(name: str, make: _Make) -> Handler:
    @allowed(Permission.WORK_ON_APPEALS, streams=name == ReportDone.name)
    async def act(request: web.Request) -> web.Response:
        return await _perform(request, name, make)

    return act


async def _perform(request: web.Request, name: str, make: _Make) -> web.Response:
    """Carry out the act and go back to the card; or show the card with the typed form and the reason."""
    sources, number, enterprise = request.app[WORK], request.match_info["number"], enterprise_of(request)
    try:
        appeal = await sources.work.find(enterprise, number)
    except NotFound:
        return gone(request, await receive(request, number, None))
    form = await receive(request, number, enterprise)
    version = _version(form)
    if form.refused:
        return await again(request, name, form, {"file": ""})
    try:
        await sources.handling.carry_out(number, make(request, appeal, form), version=version)
    except ActFault as fault:
        return await again(request, name, form, {fault.field: _told(request, fault, form)})
    except (Overtaken, ForbiddenTransition, NotYours) as error:
        return await _conflict(request, name, form, error)
    await audit(request, Action.CHANGE, f"appeal:{number}", name)
    return web.Response(
        status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: f"/enterprise/{number}?done={name}"}
    )


async def again(request: web.Request, name: str, form: Received, faults: Mapping[str, str]) -> web.Response:
    """Show the card with the form as sent, and its faults."""
    card = await read_card(request)
    return show_card(request, card, name, form, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)


async def _conflict(request: web.Request, name: str, form: Received, error: HotlineError) -> web.Response:
    """Show the present card, with the acts of others first, and beside it the typed form."""
    try:
        card = await read_card(request)
    except NotFound:
        return gone(request, form)
    since = error.since if isinstance(error, Overtaken) else ()
    faults = {} if since else {"act": ""}
    return show_card(request, card, name, form, faults, since=since, status=HTTPStatus.CONFLICT)


def gone(request: web.Request, form: Received) -> web.Response:
    """Say that the enterprise has no such appeal, whether it exists or not; the typed form is shown."""
    typed = [form.text(name).strip() for name in ("answer", "reason", "text")]
    texts = {**CONTEXT, "typed": [one for one in typed if one]}
    return render(request, "enterprise/gone.html.jinja2", status=HTTPStatus.NOT_FOUND, **texts)


def _by(request: web.Request) -> Actor:
    return acting(request[USER])


def _version(form: Received) -> int:
    text = form.text("version")
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise web.HTTPBadRequest
    return int(text)


def _told(request: web.Request, fault: ActFault, form: Received) -> str:
    words = words_of(request)
    if fault.field in FAULTS and not form.text(fault.field).strip():
        return words.gettext(FAULTS[fault.field])
    return refusal(fault, words)
