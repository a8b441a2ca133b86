"""Swaps of shifts on the list of what waits: to take, to approve, and what became of one's own."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from attrs import field, frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import SWAPS, TodoQuery
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.sources import SHIFTS
from cti_server.shifts.swapping import STATES, ShownSwap, shown_swaps
from hotline.city.search_terms import saying


@frozen(kw_only=True)
class SwapWork:
    """Swaps that wait for this user, or that they have not seen since; `names` are users by id."""

    swaps: Sequence[ShownSwap] = ()
    names: Mapping[int, str] = field(factory=dict)
    states: Mapping[str, str] = field(factory=lambda: STATES)

    def __bool__(self) -> bool:
        return bool(self.swaps)


async def swap_work(request: web.Request, query: TodoQuery) -> SwapWork:
    """Read what waits for this user."""
    if SHIFTS not in request.app or not query.shows(SWAPS):
        return SwapWork()
    names = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    lemmas = request.app[CONTROL].lemmas
    waiting = await _waiting(request)
    found = await saying(waiting, lambda one: f"{names[one.swap.giver]} {one.given}", query.typed, lemmas)
    return SwapWork(swaps=found, names=names)


async def count_swaps(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    return len(await _waiting(request)) if SHIFTS in request.app else 0


async def _waiting(request: web.Request) -> Sequence[ShownSwap]:
    me = request[USER].id
    found = await shown_swaps(request)
    return [one for one in found if one.takes or one.decides or me in one.swap.unseen]
