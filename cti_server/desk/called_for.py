"""A dispatcher's way to the head in a talk, help and threats, and what heads see of it on their desks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.desk.sources import DESK, Sources
from cti_server.frame.language import N_, words_of
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.calls.call import is_trial
from hotline.errors import ForbiddenTransition, NoDesk
from hotline.events import LineChanged
from hotline.line.line import Dispatcher, QueueEntry
from hotline.line.queue_entry_states import QueueEntryState
from hotline.supervision.help import HelpAsked
from hotline.supervision.threats import TAKEN_BACK_WITHIN, Threat

WHY = N_("Threats in the call")
"""The reason of the hold, in the language of who marked it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Requests for help, and threats, read once for all desks."""

    help: Sequence[HelpAsked] = ()
    threats: Sequence[Threat] = ()
    somebody: bool = False
    """A head's page is open, on which it is seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkForHead:
    """A dispatcher's talk, with their call for help and the mark of a threat, if there is one."""

    call_id: str
    asked: HelpAsked | None
    somebody: bool
    threat: Threat | None
    takes_back: bool
    """The mark may still be taken back."""

    @property
    def trial(self) -> bool:
        """It is a trial call: the demo citizen threatens nobody, and nothing of it goes out."""
        return is_trial(self.call_id)


async def read_called(sources: Sources) -> Called:
    return Called(
        help=await sources.help.open(),
        threats=await sources.threats.standing(),
        somebody=sources.screens.supervised,
    )


def talk_for_head(
    called: Called, entries: Sequence[QueueEntry], dispatcher_id: int, now: datetime
) -> TalkForHead | None:
    """Tell how the talk of this dispatcher stands with the head; None without a talk."""
    for entry in entries:
        if entry.dispatcher_id == dispatcher_id and entry.state is QueueEntryState.TALKING:
            threat = next((one for one in called.threats if one.call_id == entry.call_id), None)
            asked = next((one for one in called.help if one.call_id == entry.call_id), None)
            return TalkForHead(
                call_id=entry.call_id,
                asked=asked,
                somebody=called.somebody,
                threat=threat,
                takes_back=threat is not None
                and threat.dispatcher_id == dispatcher_id
                and now - threat.marked_at <= TAKEN_BACK_WITHIN,
            )
    return None


def for_heads(called: Called, desks: Mapping[int, Dispatcher]) -> dict[str, object]:
    """Give what heads' desks show: who asks for help, and threats of which nobody has taken note."""
    return {
        "help": [(one, desks[one.dispatcher_id]) for one in called.help if one.dispatcher_id in desks],
        "threats": [(one, desks.get(one.dispatcher_id or 0)) for one in called.threats if one.unseen],
    }


@allowed(Permission.ANSWER_CALLS)
async def help_asked(request: web.Request) -> web.Response:
    """`act` is ask or withdraw: the heads see and hear it at once. 409 without a talk."""
    desk, act = request.app[DESK], await _act(request, "ask", "withdraw")
    now = desk.sources.clock.now()
    dispatcher_id, call_id = await _talk(request)
    if act == "ask":
        await desk.sources.help.ask(dispatcher_id, call_id, now)
    elif not await desk.sources.help.end(dispatcher_id, now, by=request[USER].id):
        return web.Response(status=204)
    return await _done(request, call_id, f"help {act}", now)


@allowed(Permission.ANSWER_CALLS)
async def threat(request: web.Request) -> web.Response:
    """`act` is mark or take-back, of one's own talk: its recording is kept, and the head is told."""
    desk, act = request.app[DESK], await _act(request, "mark", "take-back")
    now = desk.sources.clock.now()
    dispatcher_id, call_id = await _talk(request)
    threats, by = desk.sources.threats, request[USER].id
    if is_trial(call_id):
        raise ForbiddenTransition("A trial call is no threat: no head is told, and no record is held.")
    if act == "mark":
        why = words_of(request).gettext(WHY)
        await threats.mark(call_id, reason=why, dispatcher_id=dispatcher_id, by=by, at=now)
    else:
        await threats.take_back(call_id, by=by, at=now)
    return await _done(request, call_id, f"threat {act}", now)


async def _done(request: web.Request, call_id: str, what: str, now: datetime) -> web.Response:
    """Put it on record, and have all desks and boards show it."""
    await audit(request, Action.CHANGE, f"call:{call_id}", what)
    request.app[DESK].events.tell(LineChanged(at=now))
    return web.Response(status=204)


async def _act(request: web.Request, *known: str) -> str:
    act = str((await request.post()).get("act", ""))
    if act not in known:
        raise web.HTTPBadRequest
    return act


async def _talk(request: web.Request) -> tuple[int, str]:
    """Find the talk of this desk; raises ForbiddenTransition without one."""
    dispatcher_id = request[USER].dispatcher_id
    if dispatcher_id is None:
        raise NoDesk(f"User {request[USER].id} has no desk.")
    for call_id in await request.app[DESK].sources.line.engaging(dispatcher_id):
        entry = await request.app[DESK].sources.line.entry(call_id)
        if entry is not None and entry.state is QueueEntryState.TALKING:
            return dispatcher_id, call_id
    raise ForbiddenTransition("There is no talk.")
