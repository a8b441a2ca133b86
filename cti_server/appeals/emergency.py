"""An emergency in two keystrokes: the first shows what will be registered, the second does it."""

import secrets

from aiohttp import web

from cti_server.appeals.calling import call_in_hand, read_calling
from cti_server.appeals.filled import ANONYMOUS, LONGEST_TEXT, Filled
from cti_server.appeals.registration import enter
from cti_server.appeals.showing import answer, typed
from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from hotline.appeals import AppealKind, Urgency
from hotline.classifier import classifier
from hotline.users import Permission

_REGISTER = allowed(Permission.REGISTER_APPEALS)


@_REGISTER
async def page(request: web.Request) -> web.Response:
    call_id = request.query.get("call") or await call_in_hand(request)
    calling = await read_calling(request, call_id)
    await audit(request, Action.VIEW, f"call:{call_id}", "emergency-form")
    return answer(request, "emergency", calling=calling, form=secrets.token_urlsafe(12))


@_REGISTER
async def register(request: web.Request) -> web.Response:
    """Register an emergency of which no more is known than the call and the notes on it. It is anonymous."""
    fields = await typed(request)
    calling = await read_calling(request, fields["call"])
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
