"""Hand-overs on the list of what waits: to take over, to answer, and shifts that nobody handed over."""

from collections.abc import Mapping, Sequence

from aiohttp import web
from attrs import field, frozen

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import HANDOVERS, TodoQuery
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.handing import MissingHandover, missing_handovers
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.city.search_terms import saying
from hotline.shifts.handover_states import HandoverState
from hotline.shifts.handovers import Handover


@frozen(kw_only=True)
class HandoverWork:
    """Hand-overs that this user has to begin, answer or sign; `names` are users by id."""

    handovers: Sequence[Handover] = ()
    missing: Sequence[MissingHandover] = ()
    names: Mapping[int, str] = field(factory=dict)

    def __bool__(self) -> bool:
        return bool(self.handovers or self.missing)


async def handover_work(request: web.Request, query: TodoQuery) -> HandoverWork:
    """Read what waits for this user."""
    if SHIFTS not in request.app or not query.shows(HANDOVERS):
        return HandoverWork()
    names = {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}
    lemmas = request.app[CONTROL].lemmas
    handovers, missing = await _handovers(request), await _missing(request)
    return HandoverWork(
        handovers=await saying(handovers, lambda one: names[one.outgoing], query.typed, lemmas),
        missing=await saying(missing, lambda one: f"{names[one.user_id]} {one.shift}", query.typed, lemmas),
        names=names,
    )


async def count_handovers(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    if SHIFTS not in request.app:
        return 0
    return len(await _handovers(request)) + len(await _missing(request))


async def _handovers(request: web.Request) -> Sequence[Handover]:
    user: User = request[USER]
    if not user.may(Permission.SEE_OWN_SHIFTS):
        return ()
    found = await request.app[SHIFTS].handovers.waiting()
    return [one for one in found if _concerns(one, user)]


def _concerns(one: Handover, user: User) -> bool:
    """Tell whether the user acts next: a question is for the outgoing one, all else for the others."""
    return (one.outgoing == user.id) is (one.state is HandoverState.ASKED)


async def _missing(request: web.Request) -> Sequence[MissingHandover]:
    return await missing_handovers(request) if request[USER].may(Permission.MANAGE_ROSTER) else ()
