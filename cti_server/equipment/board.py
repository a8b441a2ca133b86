"""The board: all equipment, what is amiss first."""

from aiohttp import web

from cti_server.audit import audit_watching
from cti_server.auth.access import allowed
from cti_server.equipment.drawing import DAYS, HEIGHT, STEP, WIDTH, shown_items, state_words
from cti_server.equipment.sources import EQUIPMENT
from cti_server.equipment.words import MARKS
from cti_server.frame.numbers import percent
from cti_server.frame.pages import render
from hotline.access.permissions import Permission
from hotline.equipment.states import State

PATH = "/equipment"
_ORDER = (State.OUT_OF_ORDER, State.DISTURBED, State.NOT_KNOWN, State.IN_ORDER)


@allowed(Permission.SEE_EQUIPMENT)
async def page(request: web.Request) -> web.Response:
    """Show all items; the page renews itself."""
    await audit_watching(request, "equipment-board")
    sources = request.app[EQUIPMENT]
    shown = await shown_items(request, await sources.equipment.all())
    return render(
        request,
        "equipment/board.html.jinja2",
        shown=sorted(shown, key=lambda one: _ORDER.index(one.state)),
        amiss=sum(one.state is not State.IN_ORDER for one in shown),
        at=sources.clock.now(),
        states=state_words(request),
        MARKS=MARKS,
        days=DAYS,
        percent=percent,
        strip=(DAYS * STEP, WIDTH, HEIGHT),
    )
