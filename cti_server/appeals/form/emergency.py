"""An emergency in two keystrokes: the first shows what will be registered, the second does it."""

import secrets

from aiohttp import web

from cti_server.appeals.form.calling import read_calling
from cti_server.appeals.form.filled import ANONYMOUS, Filled
from cti_server.appeals.form.inputs import LONGEST_TEXT
from cti_server.appeals.form.registration import enter, registered
from cti_server.appeals.form.showing import answer, typed
from cti_server.appeals.form.sources import APPEALS
from cti_server.appeals.form.whose import ask_whose, beside, others_on_the_line
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from hotline.access.permissions import Permission
from hotline.appeals.appeal import AppealKind
from hotline.city.classifier import Urgency, classifier

_REGISTER = allowed(Permission.REGISTER_APPEALS)


@_REGISTER
async def page(request: web.Request) -> web.Response:
    """The emergency that will be registered for the call `?call=`; without one, for an applicant who came."""
    call_id = request.query.get("call", "")
    calling = await read_calling(request, call_id)
    if others := await others_on_the_line(request, call_id):
        return ask_whose(request, "emergency", calling, others)
    await audit(request, Action.VIEW, f"call:{call_id}", "emergency-form")
    known, form = await beside(request, call_id), secrets.token_urlsafe(12)
    return answer(request, "emergency", calling=calling, whose=calling, beside=known, form=form)


@_REGISTER
async def register(request: web.Request) -> web.Response:
    """Register an emergency of which no more is known than the call and the notes on it. It is anonymous."""
    fields = await typed(request)
    calling = await read_calling(request, fields["call"])
    if entered := await request.app[APPEALS].registry.by_idempotency_key(fields["idempotency_key"]):
        return await registered(request, entered)
    if others := await others_on_the_line(request, calling.call_id, fields["beside"]):
        return ask_whose(request, "emergency", calling, others)
    text = calling.notes.strip()[:LONGEST_TEXT]
    filled = Filled(
        fields
        | {
            "text": text or words_of(request).gettext("Emergency reported by telephone; details to follow."),
            "category": classifier().emergency,
            "address": calling.home,
            "kind": AppealKind.REPORT.value,
            "urgency": Urgency.EMERGENCY.value,
            "applicant": ANONYMOUS,
        }
    )
    return await enter(request, calling, filled, None)
