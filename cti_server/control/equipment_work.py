"""Equipment that is out of order and that nobody works on, on the list of what waits."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.control.todo_parts import EQUIPMENT as PART
from cti_server.control.todo_parts import TodoQuery
from cti_server.equipment.drawing import ShownItem, shown_items
from cti_server.equipment.sources import EQUIPMENT
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.equipment.items import Item
from hotline.equipment.states import State


async def equipment_work(request: web.Request, query: TodoQuery) -> Sequence[ShownItem]:
    """Read what waits for this user, found by what is typed."""
    if not query.shows(PART):
        return ()
    found = await _out_of_order(request)
    shown = await shown_items(request, found, days=1) if found else ()
    return [one for one in shown if query.typed in f"{one.name} {one.says}".casefold()]


async def count_equipment(request: web.Request, _part: str, _most: int) -> int:
    return len(await _out_of_order(request))


async def _out_of_order(request: web.Request) -> Sequence[Item]:
    if EQUIPMENT not in request.app or not request[USER].may(Permission.MANAGE_EQUIPMENT):
        return ()
    sources = request.app[EQUIPMENT]
    now = sources.clock.now()
    return [
        one
        for one in await sources.equipment.all()
        if sources.watching.standing(one.id).settled.state is State.OUT_OF_ORDER and not one.maintained(now)
    ]
