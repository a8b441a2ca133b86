"""Specialists on the list of what waits: consent that is overdue, what is to be read, parts that are over."""

from collections.abc import Sequence

from aiohttp import web
from attrs import frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import SPECIALISTS_PART, TodoQuery
from cti_server.frame.language import N_
from cti_server.keys import USER
from cti_server.specialists.sources import SPECIALISTS
from cti_server.specialists.words import KINDS, STATES
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.specialists.involvements import Involvement

MOST_ROWS = 50
_OVER = N_("the time is over, no conclusion")


@frozen(kw_only=True)
class SpecialistWork:
    """A specialist's part with which the centre has to do something; `kind` and `text` are msgids."""

    part: Involvement
    enterprise: str
    kind: str
    text: str


async def specialist_work(request: web.Request, query: TodoQuery) -> Sequence[SpecialistWork]:
    """Read those that wait for this user."""
    found = await _waiting(request, MOST_ROWS) if query.shows(SPECIALISTS_PART) else ()
    if not found:
        return ()
    sources = request.app[SPECIALISTS]
    names = {one.id: one.short for one in await sources.executors.all()}
    now = sources.now()
    work = [
        SpecialistWork(
            part=one,
            enterprise=names[one.executor_id],
            kind=KINDS[one.kind],
            text=_OVER if one.over(now) and not one.conclusion else STATES[one.state],
        )
        for one in found
    ]
    lemmas = request.app[CONTROL].lemmas
    return await saying(
        work, lambda one: f"{one.part.matter} {one.part.name} {one.enterprise}", query.typed, lemmas
    )


async def count_specialists(request: web.Request, _part: str, most: int) -> int:
    """Count them, up to `most`."""
    return len(await _waiting(request, most))


async def _waiting(request: web.Request, most: int) -> Sequence[Involvement]:
    if SPECIALISTS not in request.app or not request[USER].may(Permission.ASK_ENTERPRISES):
        return ()
    sources = request.app[SPECIALISTS]
    return await sources.involvements.waiting(sources.now(), most)
