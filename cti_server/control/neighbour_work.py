"""Work that agreements with other cities leave to a person, on the list of what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web

from cti_server.control.todo_parts import NEIGHBOURS_PART, TodoQuery
from cti_server.keys import USER
from cti_server.neighbours.sources import NEIGHBOURS
from hotline.access.permissions import Permission
from hotline.neighbours.agreement import Agreement
from hotline.neighbours.taken import Taken

TOLD_FOR = timedelta(days=7)
"""How long the head is told of an agreement that no person of ours has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LateAppeal:
    """An appeal that the city for which it was taken has not got."""

    taken: Taken
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourWork:
    """Appeals to be handed over by a person, agreements that ended without one, and those without a duty."""

    late: Sequence[LateAppeal] = ()
    ended: Sequence[Agreement] = ()
    lacking: Sequence[Agreement] = ()
    """Those in which the telephone of the duty is not written down."""

    def __len__(self) -> int:
        return len(self.late) + len(self.ended) + len(self.lacking)


async def neighbour_work(request: web.Request, query: TodoQuery) -> NeighbourWork:
    """Read what waits for this user, found by what is typed."""
    if not query.shows(NEIGHBOURS_PART):
        return NeighbourWork()
    found = await _read(request)
    return NeighbourWork(
        late=[
            one
            for one in found.late
            if query.typed in f"{one.agreement.name} {one.taken.category} {one.taken.fault}".casefold()
        ],
        ended=[one for one in found.ended if query.typed in f"{one.name} {one.ended_why}".casefold()],
        lacking=[one for one in found.lacking if query.typed in one.name.casefold()],
    )


async def count_neighbours(request: web.Request, part: str, most: int) -> int:
    del part
    return min(most, len(await _read(request)))


async def _read(request: web.Request) -> NeighbourWork:
    user = request[USER]
    if NEIGHBOURS not in request.app or not user.may(Permission.REGISTER_APPEALS):
        return NeighbourWork()
    sources = request.app[NEIGHBOURS]
    now = sources.clock.now()
    late, agreements = await sources.taken.late(now), await sources.agreements.all()
    by_id = {one.id: one for one in agreements}
    heads = agreements if user.may(Permission.MANAGE_NEIGHBOURS) else ()
    return NeighbourWork(
        late=[LateAppeal(taken=one, agreement=by_id[one.agreement_id]) for one in late],
        ended=[
            one
            for one in heads
            if one.ended_at is not None and one.ended_by is None and now - one.ended_at < TOLD_FOR
        ],
        lacking=[one for one in heads if one.lacks_duty(now)],
    )
