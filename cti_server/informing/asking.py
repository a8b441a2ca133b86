"""The question before an act that reaches residents, with the numbers of those whom it tells."""

from typing import Any

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.frame.language import words_of
from cti_server.frame.pages import render
from cti_server.informing.estimating import estimate_of, estimate_words
from cti_server.informing.form import asked_for
from cti_server.informing.pages import OVERTAKEN, acts_of, progress_of
from cti_server.informing.sources import INFORMING
from cti_server.informing.words import ACTS, ASKED, CONTEXT
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.campaigns import PersonState
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import InformingProgress

_TO_BE_CALLED = (PersonState.DUE, PersonState.CLAIMED)
_TO_BE_SENT = (NoticeState.OWED, NoticeState.CLAIMED)


@allowed(Permission.PREPARE_INFORMING)
async def reach(request: web.Request) -> web.Response:
    """The part of the page that says how many it will tell; it goes through all registers."""
    order = await asked_for(request)
    found = estimate_words(request, await estimate_of(request, order))
    return render(request, "informing/reach.html.jinja2", order=order, **CONTEXT, **found)


@allowed(Permission.PREPARE_INFORMING)
async def ask(request: web.Request) -> web.Response:
    """The dialog before the `act`; where the act is not possible any more, it says so."""
    order, wanted = await asked_for(request), request.match_info["act"]
    if wanted not in ASKED or wanted not in acts_of(order, request[USER]):
        return render(request, "informing/ask.html.jinja2", order=order, act="", fault=OVERTAKEN)
    act = OrderAct(wanted)
    found = await request.app[INFORMING].orders.progress(order.id)
    context: dict[str, Any] = {
        **CONTEXT,
        **await progress_of(request, order),
        **(estimate_words(request, await estimate_of(request, order)) if act is OrderAct.APPROVE else {}),
        "heading": words_of(request).gettext(ASKED[act]) % {"number": order.number},
        "does": ACTS[act],
        "waiting": waiting(found),
        "late": order.starts_at <= request.app[INFORMING].clock.now(),
    }
    return render(request, "informing/ask.html.jinja2", order=order, act=act.value, **context)


def waiting(found: InformingProgress) -> tuple[int, int]:
    """Count the calls that are still to be placed, and the notices that are still to be sent."""
    calls = sum(found.calls.get(one, 0) for one in _TO_BE_CALLED)
    return calls, sum(count for (_way, state), count in found.notices.items() if state in _TO_BE_SENT)
