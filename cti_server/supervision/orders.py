"""The head's order by which dispatchers do not see that somebody listens: placed and ended on the board."""

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.moments import read_day
from cti_server.frame.noted import Noted, noted_at
from cti_server.keys import USER
from cti_server.supervision.board import PATH
from cti_server.supervision.sources import SUPERVISION
from hotline.access.permissions import Permission
from hotline.supervision.orders import OrderStands, checked


@allowed(Permission.SUPERVISE)
async def place(request: web.Request) -> web.Response:
    """Have an order hold from now on: `number`, and `dated`, its day."""
    sources, form = request.app[SUPERVISION], await request.post()
    day = read_day(str(form.get("dated", "")))
    number, dated = checked(str(form.get("number", "")), day, sources.today())
    try:
        order = await sources.orders.place(number, dated, by=request[USER].id, at=sources.clock.now())
    except OrderStands:
        return noted_at(PATH, Noted.ORDER_STANDS)
    await audit(request, Action.ADD, f"listening-order:{order.id}", f"№ {number} {dated}")
    return noted_at(PATH, Noted.ORDER_PLACED)


@allowed(Permission.SUPERVISE)
async def end(request: web.Request) -> web.Response:
    """End the order that stands: dispatchers see who listens."""
    sources = request.app[SUPERVISION]
    if (order := await sources.orders.standing()) is not None:
        await sources.orders.end(order.id, by=request[USER].id, at=sources.clock.now())
        await audit(request, Action.REMOVE, f"listening-order:{order.id}", f"№ {order.number}")
    return noted_at(PATH, Noted.ORDER_ENDED)
