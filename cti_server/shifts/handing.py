"""Hand-overs: the outgoing one signs what is open and their remarks, the incoming one asks back and signs."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.numbers import grouped
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.open_work import KINDS
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.errors import ForbiddenTransition, NotFound
from hotline.foreign_text import tidied
from hotline.shifts.handover_states import HandoverState
from hotline.shifts.handovers import (
    HANDED_WITHIN,
    LONGEST_REMARKS,
    LONGEST_WORDS,
    Handover,
    OpenItem,
    OpenKind,
    not_handed_over,
)
from hotline.shifts.hours import hours_text
from hotline.shifts.roster import WEEK, monday_of, on_shift

PATH = "/shifts/handovers"
MOST_ROWS = 100
TOLD_FOR = timedelta(days=7)
"""How long a shift that nobody handed over is told to the head."""
STATES: Mapping[HandoverState, str] = {
    HandoverState.DRAFT: N_("Draft"),
    HandoverState.HANDED_OVER: N_("Waits for the next shift"),
    HandoverState.ASKED: N_("Waits for an answer"),
    HandoverState.TAKEN_OVER: N_("Taken over"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingHandover:
    """A shift that is over and that nobody handed over: whose, and when it was, in words."""

    user_id: int
    shift: str


_HANDS = allowed(Permission.SEE_OWN_SHIFTS)
_TOO_LONG = N_("This is too long: write %(most)s characters at most.")


@allowed(Permission.SEE_HANDOVERS)
async def listing(request: web.Request) -> web.Response:
    """The log, the latest first; the head is told of shifts that nobody handed over."""
    await audit(request, Action.VIEW, "handovers")
    sources, names = request.app[SHIFTS], await _names(request)
    on_now = await on_shift(sources.roster, sources.clock.now(), sources.timezone)
    return render(
        request,
        "shifts/handovers.html.jinja2",
        found=await sources.handovers.latest(MOST_ROWS),
        names=names,
        on_now=sorted(names[one.user_id] for one in on_now),
        missing=await missing_handovers(request) if request[USER].may(Permission.MANAGE_ROSTER) else (),
        STATES=STATES,
    )


@_HANDS
async def begin(request: web.Request) -> web.Response:
    """Open one's draft; pressed twice it is the same one."""
    sources = request.app[SHIFTS]
    one = await sources.handovers.open(request[USER].id, sources.clock.now())
    return web.Response(status=303, headers={"Location": f"{PATH}/{one.id}"})


@allowed(Permission.SEE_HANDOVERS)
async def page(request: web.Request) -> web.Response:
    """One hand-over; a draft is its writer's alone."""
    one = await request.app[SHIFTS].handovers.get(_id(request))
    if one.state is HandoverState.DRAFT and one.outgoing != request[USER].id:
        raise NotFound(f"Hand-over {one.id} is a draft of another.")
    await audit(request, Action.VIEW, f"handover:{one.id}")
    return await _show(request, one)


@_HANDS
async def save(request: web.Request) -> web.Response:
    typed, fault = await _text(request, "remarks", LONGEST_REMARKS)
    if fault:
        return await _refused(request, fault, typed)
    one = await request.app[SHIFTS].handovers.save(_id(request), request[USER].id, typed)
    return noted_at(f"{PATH}/{one.id}", Noted.HANDOVER_SAVED)


@_HANDS
async def hand_over(request: web.Request) -> web.Response:
    """Sign it, with what is open at this moment."""
    sources = request.app[SHIFTS]
    typed, fault = await _text(request, "remarks", LONGEST_REMARKS)
    if fault:
        return await _refused(request, fault, typed)
    now = sources.clock.now()
    items = await sources.open_work.now(now)
    one = await sources.handovers.hand_over(_id(request), request[USER].id, now, remarks=typed, items=items)
    await audit(request, Action.CHANGE, f"handover:{one.id}", "handed over")
    return noted_at(f"{PATH}/{one.id}", Noted.HANDED_OVER)


@_HANDS
async def ask(request: web.Request) -> web.Response:
    return await _say(request, request.app[SHIFTS].handovers.ask, "asked", Noted.HANDOVER_ASKED)


@_HANDS
async def answer(request: web.Request) -> web.Response:
    return await _say(request, request.app[SHIFTS].handovers.answer, "answered", Noted.HANDOVER_ANSWERED)


async def _say(
    request: web.Request,
    keep: Callable[[int, int, datetime, str], Awaitable[Handover]],
    done: str,
    noted: Noted,
) -> web.Response:
    """Keep what one of the two has written to the other."""
    typed, fault = await _text(request, "words", LONGEST_WORDS, needed=True)
    if fault:
        return await _refused(request, fault, typed)
    one = await keep(_id(request), request[USER].id, request.app[SHIFTS].clock.now(), typed)
    await audit(request, Action.CHANGE, f"handover:{one.id}", done)
    return noted_at(f"{PATH}/{one.id}", noted)


@_HANDS
async def take_over(request: web.Request) -> web.Response:
    """Sign it as the incoming one."""
    sources = request.app[SHIFTS]
    one = await sources.handovers.take_over(_id(request), request[USER].id, sources.clock.now())
    await audit(request, Action.CHANGE, f"handover:{one.id}", "taken over")
    return noted_at(f"{PATH}/{one.id}", Noted.TAKEN_OVER)


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])


async def _text(request: web.Request, field: str, most: int, *, needed: bool = False) -> tuple[str, str]:
    """Read what was typed, and tell what is wrong with it."""
    gettext = words_of(request).gettext
    typed = tidied(str((await request.post()).get(field, ""))).strip()
    if len(typed) > most:
        return typed, gettext(_TOO_LONG) % {"most": most}
    return typed, gettext("Write what you want to say.") if needed and not typed else ""


async def _refused(request: web.Request, fault: str, typed: str) -> web.Response:
    one = await request.app[SHIFTS].handovers.get(_id(request))
    if one.state is HandoverState.DRAFT and one.outgoing != request[USER].id:
        raise ForbiddenTransition(f"Hand-over {one.id} is a draft of another.")
    return await _show(request, one, fault=fault, typed=typed, status=HTTPStatus.UNPROCESSABLE_ENTITY)


async def _show(
    request: web.Request, one: Handover, *, fault: str = "", typed: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    sources, draft = request.app[SHIFTS], one.state is HandoverState.DRAFT
    items = await sources.open_work.now(sources.clock.now()) if draft else one.items
    of_kind: dict[OpenKind, list[OpenItem]] = {kind: [] for kind in KINDS}
    for item in items:
        of_kind[item.kind].append(item)
    return render(
        request,
        "shifts/handover.html.jinja2",
        status=status,
        one=one,
        draft=draft,
        own=one.outgoing == request[USER].id,
        of_kind={kind: found for kind, found in of_kind.items() if found},
        KINDS=KINDS,
        STATES=STATES,
        names=await _names(request),
        grouped=grouped,
        fault=fault,
        typed=typed,
        longest={"remarks": LONGEST_REMARKS, "words": LONGEST_WORDS},
    )


async def _names(request: web.Request) -> Mapping[int, str]:
    return {one.id: one.name for one in await request.app[ACCOUNTS].users.all()}


async def missing_handovers(request: web.Request) -> Sequence[MissingHandover]:
    """Find the shifts of the last days that nobody handed over."""
    sources, now = request.app[SHIFTS], request.app[SHIFTS].clock.now()
    zone, since = sources.timezone, now - TOLD_FOR
    first, last = (monday_of(at.astimezone(zone).date()) for at in (since, now))
    shifts = [one for one in await sources.roster.published(first - WEEK, last) if one.ends(zone) > since]
    handed = await sources.handovers.handed_since(since - HANDED_WITHIN)
    return [
        MissingHandover(user_id=one.user_id, shift=f"{one.day:%d.%m.%Y}, {hours_text(one.since, one.until)}")
        for one in not_handed_over(shifts, handed, now, zone)
    ]
