"""Acts on an order: submitted, approved, refused, held, stopped, repeated."""

from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.informing.form import asked_for, to_order
from cti_server.informing.pages import OVERTAKEN, FormNotes, acts_of, show
from cti_server.informing.sources import INFORMING
from cti_server.informing.typed import LONGEST_LINE
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, Outdated
from hotline.informing.order_states import OrderAct
from hotline.informing.orders import STANDING, InformingOrder, Way

WHY = N_("Write why, in at most 120 characters.")
TOLD_AGAIN = frozenset(Way) - STANDING


@allowed(Permission.PREPARE_INFORMING)
async def move(request: web.Request) -> web.Response:
    """Do the `act`, on the order as it was seen; who approves it has seen how many it will tell."""
    order, form = await asked_for(request), await request.post()
    wanted, reason = str(form.get("act", "")), str(form.get("reason", "")).strip()
    if wanted not in acts_of(order, request[USER]) or str(form.get("version")) != str(order.version):
        return await show(request, order, FormNotes(fault=OVERTAKEN), HTTPStatus.CONFLICT)
    act, seen = OrderAct(wanted), str(form.get("seen", ""))
    if fault := _not_asked(act, reason, seen):
        return await show(request, order, FormNotes(fault=fault), HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _move(request, order, act, reason=reason if act is OrderAct.STOP else "", seen=seen)


def _not_asked(act: OrderAct, reason: str, seen: str) -> str:
    """Say what is missing where the question before the act was not answered."""
    if act is OrderAct.APPROVE and not (seen.isascii() and seen.isdigit()):
        return N_("Look first at how many it will tell: the button Approve shows it.")
    if act is OrderAct.STOP and not 0 < len(reason) <= LONGEST_LINE:
        return WHY
    return ""


@allowed(Permission.APPROVE_INFORMING)
async def refuse(request: web.Request) -> web.Response:
    """Send it back to its author; the `reason` stays with it."""
    order, form = await asked_for(request), await request.post()
    reason = str(form.get("reason", "")).strip()
    if not 0 < len(reason) <= LONGEST_LINE:
        return await show(request, order, FormNotes(fault=WHY, typed=reason), HTTPStatus.UNPROCESSABLE_ENTITY)
    return await _move(request, order, OrderAct.REFUSE, reason=reason)


@allowed(Permission.PREPARE_INFORMING)
async def repeat(request: web.Request) -> web.Response:
    """Call again the people whom no call has reached, or send undelivered notices again."""
    order, sources, form = await asked_for(request), request.app[INFORMING], await request.post()
    wanted = str(form.get("way", ""))
    if wanted not in TOLD_AGAIN or str(form.get("version")) != str(order.version):
        return await show(request, order, FormNotes(fault=OVERTAKEN), HTTPStatus.CONFLICT)
    try:
        await sources.orders.repeat(order, Way(wanted), sources.clock.now(), user_id=request[USER].id)
    except (ForbiddenTransition, Outdated):
        return await show(request, await asked_for(request), FormNotes(fault=OVERTAKEN), HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"informing:{order.id}", f"repeat {wanted}")
    return to_order(order.id)


async def _move(
    request: web.Request, order: InformingOrder, act: OrderAct, *, reason: str = "", seen: str = ""
) -> web.Response:
    sources, user = request.app[INFORMING], request[USER]
    try:
        await sources.orders.move(order, act, sources.clock.now(), user_id=user.id, reason=reason)
    except (ForbiddenTransition, Outdated):
        now = await asked_for(request)
        return await show(request, now, FormNotes(fault=OVERTAKEN, typed=reason), HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"informing:{order.id}", f"{act.value} {seen}".strip())
    return to_order(order.id)
