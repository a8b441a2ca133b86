"""Acts of an enterprise on an appeal: a small form for each, on the version that the user saw."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus

from aiohttp import hdrs, web

from cti_server.appeals.acts.inputs import (
    AcceptInput,
    ActInput,
    AskBackInput,
    AskExtensionInput,
    BeginWorkInput,
    HandBackInput,
    NoteInput,
    PassInsideInput,
    ReportDoneInput,
    TakeBackInput,
)
from cti_server.appeals.acts.reading import Misread, read_input
from cti_server.appeals.acts.refusals import refusals
from cti_server.appeals.files.receiving import Received, receive
from cti_server.audit import Action, audit
from cti_server.auth.access import Handler, allowed
from cti_server.enterprise.card import read_card, show_card
from cti_server.enterprise.sources import WORK
from cti_server.enterprise.words import CONTEXT
from cti_server.enterprises.own import enterprise_of
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import NotYours, acting
from hotline.appeals.handling import Overtaken
from hotline.errors import ForbiddenTransition, HotlineError, NotFound

_INPUTS: Sequence[type[ActInput]] = (
    AcceptInput,
    HandBackInput,
    AskBackInput,
    PassInsideInput,
    BeginWorkInput,
    ReportDoneInput,
    TakeBackInput,
    AskExtensionInput,
    NoteInput,
)


def handlers() -> Mapping[str, Handler]:
    """Give the handler of each act by its name."""
    return {kind.act.name: _handler(kind) for kind in _INPUTS}


def _handler(kind: type[ActInput]) -> Handler:
    @allowed(Permission.WORK_ON_APPEALS, streams=kind is ReportDoneInput)
    async def act(request: web.Request) -> web.Response:
        return await _perform(request, kind)

    return act


async def _perform(request: web.Request, kind: type[ActInput]) -> web.Response:
    """Carry out the act and go back to the card; or show the card with the typed form and the reason."""
    sources, number, enterprise = request.app[WORK], request.match_info["number"], enterprise_of(request)
    name = kind.act.name
    try:
        await sources.work.find(enterprise, number)
    except NotFound:
        return gone(request, await receive(request, number, None))
    form = await receive(request, number, enterprise)
    if form.refused:
        return await again(request, name, form, {"file": ""})
    try:
        said = read_input(kind, form.fields)
        await sources.handling.carry_out(number, _made(request, said, form), version=said.version)
    except (Misread, ActFault) as error:
        return await again(request, name, form, refusals(error, words_of(request)))
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


def _made(request: web.Request, said: ActInput, form: Received) -> Act:
    """Make the act. A report names the files that are ticked and those that came with it."""
    by, at = acting(request[USER]), request.app[WORK].clock.now()
    if not isinstance(said, ReportDoneInput):
        return said.made(by, at)
    return said.made(by, at, evidence=tuple(sorted(form.named | {one.id for one in form.files})))
