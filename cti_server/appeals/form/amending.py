"""Corrections of an appeal registered a moment ago, while the citizen listens; the history keeps all."""

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.appeals.form.filled import LONGEST_LINE, LONGEST_TEXT, Filled
from cti_server.appeals.form.registration import registered
from cti_server.appeals.form.showing import answer, typed
from cti_server.appeals.form.sources import APPEALS
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.keys import USER
from hotline.access.users import Permission
from hotline.appeals.acts.actors import acting
from hotline.appeals.acts.keeping import Amend
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency, classifier
from hotline.errors import NotFound

A_MOMENT = timedelta(hours=12)
"""After that an appeal is put right on its own page."""
_REGISTER = allowed(Permission.REGISTER_APPEALS)
_MENDED = frozenset({"text", "category", "address", "urgency"})


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
    return _form(request, appeal, Filled(asked), appeal.version)


@_REGISTER
async def amend(request: web.Request) -> web.Response:
    """Change what differs; `version` is that of the appeal on the page."""
    appeal, filled = await _own(request), Filled(await typed(request))
    version = _version((await request.post()).get("version"))
    faults = {field: reason for field, reason in filled.faults(None).items() if field in _MENDED}
    if faults:
        return _form(request, appeal, filled, version, faults)
    sources = request.app[APPEALS]
    address = await sources.streets.present(filled["address"].strip())
    act = Amend(
        by=acting(request[USER]),
        at=sources.clock.now(),
        text=_other(filled["text"].strip(), appeal.text),
        category=_other(filled["category"], appeal.category),
        address=_other(address, appeal.address),
        urgency=Urgency(filled["urgency"]) if _other(filled["urgency"], appeal.urgency.value) else None,
    )
    if act.changed():
        appeal = await sources.handling.carry_out(appeal.number, act, version=version)
        await audit(request, Action.CHANGE, f"appeal:{appeal.number}", "amend")
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
    version: int,
    faults: Mapping[str, str] | None = None,
) -> web.Response:
    chosen = classifier().categories.get(filled["category"])
    return answer(
        request,
        "amend",
        status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK,
        appeal=appeal,
        filled=filled,
        version=version,
        faults=faults or {},
        categories=[chosen] if chosen else [],
        longest_text=LONGEST_TEXT,
        longest_line=LONGEST_LINE,
    )


def _version(given: object) -> int:
    text = str(given or "")
    if not text.isdecimal():
        raise web.HTTPBadRequest
    return int(text)


def _other(given: str, before: str) -> str | None:
    return given if given and given != before else None
