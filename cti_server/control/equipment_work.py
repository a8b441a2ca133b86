"""Equipment that is out of order and that nobody works on, on the list of what waits."""

from collections.abc import Sequence

from aiohttp import web
from attrs import frozen

from cti_server.control.todo_parts import EQUIPMENT as PART
from cti_server.control.todo_parts import TodoQuery
from cti_server.equipment.sources import EQUIPMENT
from cti_server.frame.language import language_of
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.equipment.catalogue import advice, name_of, sentence
from hotline.equipment.items import Item
from hotline.equipment.states import Standing, State
from hotline.voice.speech import Language


@frozen(kw_only=True)
class EquipmentWork:
    """An item out of order, in the reader's language."""

    item: Item
    standing: Standing
    name: str
    says: str
    advice: str


async def equipment_work(request: web.Request, query: TodoQuery) -> Sequence[EquipmentWork]:
    """Read what waits for this user, found by what is typed."""
    if not query.shows(PART):
        return ()
    shown = [_shown(request, one) for one in await _out_of_order(request)]
    return [one for one in shown if query.typed in f"{one.name} {one.says}".casefold()]


async def count_equipment(request: web.Request, _part: str, _most: int) -> int:
    return len(await _out_of_order(request))


def _shown(request: web.Request, item: Item) -> EquipmentWork:
    standing, language = request.app[EQUIPMENT].watching.standing(item.id), Language(language_of(request))
    return EquipmentWork(
        item=item,
        standing=standing,
        name=name_of(item, language),
        says=sentence(standing.shown, language),
        advice=advice(standing.shown, language),
    )


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
