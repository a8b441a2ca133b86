"""The board: who calls, waits and talks, which desk does what since when, and who listens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.calls.words import particulars
from cti_server.desk.called_for import Called, for_heads
from cti_server.frame.language import words_of
from cti_server.frame.onlookers import stream_to
from cti_server.frame.pages import render
from cti_server.frame.words import CONTEXT, STEPS
from cti_server.keys import USER
from cti_server.supervision.sources import SUPERVISION, SupervisionSources
from cti_server.supervision.watch import WATCH_OF_BOARD
from cti_server.supervision.words import ACTS, GROUNDS, MODES
from hotline.access.permissions import Permission
from hotline.calls.call import Direction
from hotline.contact.numbers import masked
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.supervision.listening import Ground, Listener, Mode
from hotline.supervision.live_calls import LiveCall

PATH = "/board"


class Where(StrEnum):
    """The place of a caller in the hotline: with the machine, in the line, in a talk."""

    MENU = "menu"
    OUT = "out"
    """A call of our own that has not come to a talk yet."""
    WAITING = "waiting"
    OFFERED = "offered"
    TALKING = "talking"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """One call on the board. `since` is from when its clock counts."""

    call: LiveCall
    where: Where
    since: datetime
    desk: Dispatcher | None = None
    """Who is rung, or talks with them."""
    listener: Listener | None = None

    @property
    def emergency(self) -> bool:
        return self.call.entry is not None and self.call.entry.priority is Priority.EMERGENCY


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskRow:
    """One desk on the board, with the call that it has."""

    desk: Dispatcher
    call: CallRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """All calls and all desks at one moment; `at` is when they were read."""

    at: datetime
    calls: Sequence[CallRow]
    desks: Sequence[DeskRow]


@allowed(Permission.SUPERVISE)
async def page(request: web.Request) -> web.Response:
    """All of it."""
    await audit(request, Action.VIEW, "board")
    return render(request, "supervision/board.html.jinja2", **await _context(request))


@allowed(Permission.SUPERVISE)
async def part(request: web.Request) -> web.Response:
    """Stream a word to the board whenever a call or a desk has changed."""
    return render(request, "supervision/live.html.jinja2", **await _context(request))


@allowed(Permission.SUPERVISE)
async def changes(request: web.Request) -> web.StreamResponse:
    """Serve one page until it goes, or the right to it ends."""
    there = request.app[SUPERVISION].screens.supervising()
    with there, request.app[WATCH_OF_BOARD].looking() as onlooker:
        return await stream_to(request, onlooker)


async def read_board(sources: SupervisionSources) -> Board:
    """Read how everything stands."""
    everybody = await sources.dispatchers.all()
    desks = {one.id: one for one in everybody}
    listened = {one.call_id: one for one in sources.listening.listeners()}
    calls = [_row(one, desks, listened.get(one.id)) for one in await sources.calls.now()]
    held = {row.desk.id: row for row in calls if row.desk is not None}
    here = [one for one in everybody if one.presence is not Presence.AWAY or one.id in held]
    here.sort(key=lambda one: one.extension)
    rows = [DeskRow(desk=one, call=held.get(one.id)) for one in here]
    return Board(at=sources.clock.now(), calls=calls, desks=rows)


def _row(call: LiveCall, desks: Mapping[int, Dispatcher], listener: Listener | None) -> CallRow:
    entry = call.entry
    if entry is None:
        where = Where.MENU if call.direction is Direction.INCOMING else Where.OUT
        return CallRow(call=call, where=where, since=call.arrived_at)
    desk = desks.get(entry.dispatcher_id) if entry.dispatcher_id is not None else None
    match entry.state:
        case QueueEntryState.TALKING if call.talk_since is not None:
            return CallRow(
                call=call, where=Where.TALKING, since=call.talk_since, desk=desk, listener=listener
            )
        case QueueEntryState.TALKING:
            return CallRow(call=call, where=Where.OUT, since=call.arrived_at, desk=desk)
        case QueueEntryState.OFFERED:
            return CallRow(call=call, where=Where.OFFERED, since=entry.entered_at, desk=desk)
        case _:
            return CallRow(call=call, where=Where.WAITING, since=entry.entered_at)


async def _context(request: web.Request) -> dict[str, Any]:
    sources, user, gettext = request.app[SUPERVISION], request[USER], words_of(request).gettext
    board = await read_board(sources)
    desks = {one.id: one for one in await sources.dispatchers.all()}
    steps = {
        row.call.id: ": ".join(
            filter(None, [gettext(STEPS[row.call.last.step]), particulars(row.call.last, desks, gettext)])
        )
        for row in board.calls
        if row.call.last is not None
    }
    listeners = sources.listening.listeners()
    called = Called(help=await sources.help.open(), threats=await sources.threats.standing())
    return {
        **CONTEXT,
        **for_heads(called, desks),
        "board": board,
        "steps": steps,
        "names": {one.id: one.name for one in desks.values()},
        "mine": next((one for one in listeners if one.supervisor_id == user.dispatcher_id), None),
        "order": await sources.orders.standing(),
        "masked": masked,
        "Where": Where,
        "Mode": Mode,
        "MODES": MODES,
        "ACTS": ACTS,
        "GROUNDS": GROUNDS,
        "Ground": Ground,
    }
