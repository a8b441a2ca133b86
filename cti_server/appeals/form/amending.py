"""Corrections of an appeal registered a moment ago, while the citizen listens; the history keeps all."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.acts.amending import changed
from cti_server.appeals.acts.inputs import AmendInput
from cti_server.appeals.acts.reading import Misread, first, read_input, sent_fields
from cti_server.appeals.acts.refusals import NOT_NOW, OVERTAKEN, refusals
from cti_server.appeals.form.asked_anew import answered_anew, asked_anew
from cti_server.appeals.form.filled import Filled
from cti_server.appeals.form.registration import registered
from cti_server.appeals.form.showing import answer
from cti_server.appeals.form.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import ActFault
from hotline.appeals.acts.actors import acting
from hotline.appeals.appeal import Appeal
from hotline.appeals.handling import Overtaken
from hotline.city.classifier import classifier, last_known
from hotline.errors import ForbiddenTransition, NotFound

A_MOMENT = timedelta(hours=12)
"""After that an appeal is put right on its own page."""
_REGISTER = allowed(Permission.REGISTER_APPEALS)
_MENDED = ("text", "category", "address", "urgency")


@_REGISTER
async def page(request: web.Request) -> web.Response:
    appeal = await _own(request)
    await audit(request, Action.VIEW, f"appeal:{appeal.number}", "amend")
    asked = {
        "text": appeal.text,
        "category": appeal.category,
        "address": appeal.address,
        "urgency": appeal.urgency.value,
    }
    return _form(request, appeal, Filled(asked))


@_REGISTER
async def amend(request: web.Request) -> web.Response:
    """Change what differs; `version` is that of the appeal on the page."""
    appeal, sources = await _own(request), request.app[APPEALS]
    form = sent_fields(await request.post())
    filled = Filled({name: first(form, name) for name in form})
    mended = await changed({name: form.get(name, [""]) for name in _MENDED}, appeal, sources.streets)
    now, zone = sources.clock.now(), sources.timezone
    try:
        said = read_input(AmendInput, {**mended, "version": form.get("version", ())})
        answers = answered_anew(appeal, form, now, zone, needed=True)
        if mended or answers is not None:
            act = said.made(acting(request[USER]), now, details=answers)
            appeal = await sources.handling.carry_out(appeal.number, act, version=said.version)
            await audit(request, Action.CHANGE, f"appeal:{appeal.number}", "amend")
    except (Misread, ActFault) as error:
        return _form(request, appeal, filled, faults=refusals(error, words_of(request)))
    except Overtaken as error:
        return _form(request, error.appeal, filled, why=OVERTAKEN)
    except ForbiddenTransition:
        return _form(request, appeal, filled, why=NOT_NOW)
    return await registered(request, appeal)


async def _own(request: web.Request) -> Appeal:
    """Find what this user registered a moment ago."""
    sources, number = request.app[APPEALS], request.match_info["number"]
    appeal = await sources.registry.find(number)
    since = sources.clock.now() - A_MOMENT
    if appeal is None or appeal.registered_by != request[USER].id or appeal.registered_at < since:
        raise NotFound(f"Appeal {number} was not registered by this user a moment ago.")
    return appeal


def _form(
    request: web.Request,
    appeal: Appeal,
    filled: Filled,
    *,
    faults: Mapping[str, str] | None = None,
    why: str = "",
) -> web.Response:
    """Show the form, upon the appeal's version; `why` is told when all of it was not done."""
    wrong = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return answer(
        request,
        "amend",
        status=HTTPStatus.CONFLICT if why else wrong,
        appeal=appeal,
        filled=filled,
        asked=asked_anew(appeal, filled.typed, request.app[APPEALS].timezone, within="right"),
        version=filled["version"] if faults else appeal.version,
        faults=faults or {},
        why=why,
        gone=None if filled["category"] in classifier().categories else last_known(filled["category"]),
        by_section=classifier().by_section(),
    )
