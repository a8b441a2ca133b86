"""Swaps of shifts: offered to a colleague or to all, taken, approved by the head or by rule."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_, words_of
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.shifts.grid import Drawing, breach_text, drawing_of, people_of, shift_text
from cti_server.shifts.sources import SHIFTS
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import AlreadyTaken, ForbiddenTransition, Outdated
from hotline.foreign_text import tidied
from hotline.shifts.roster import WEEK, Shift, monday_of
from hotline.shifts.shift_rules import shift_rules
from hotline.shifts.swap_states import SwapState
from hotline.shifts.swaps import AHEAD, LONGEST_WORDS, OPEN, Exchange, NewSwap, Swap, SwapFault, weigh

PATH = "/shifts/swaps"
SHOWN_FOR = timedelta(days=14)
"""How long after its shift a swap stands on the page."""
ALL = "all"
STATES: Mapping[SwapState, str] = {
    SwapState.OFFERED: N_("Offered"),
    SwapState.AGREED: N_("Waits for the head"),
    SwapState.DONE: N_("Swapped"),
    SwapState.REFUSED: N_("Refused"),
    SwapState.WITHDRAWN: N_("Taken back"),
}
FAULTS: Mapping[SwapFault, str] = {
    SwapFault.BEGUN: N_("The shift has begun: it can be swapped no more."),
    SwapFault.CHANGED: N_("The roster has changed meanwhile: this shift stands there no more."),
    SwapFault.TWICE: N_("There is another shift on that day or at those hours."),
}
_OWN = allowed(Permission.SEE_OWN_SHIFTS)
_DECIDES = allowed(Permission.MANAGE_ROSTER)
CHANGED_SINCE = N_("The roster has changed since: look at your shifts.")
_LATER = N_("Somebody was quicker: this swap is decided, taken or taken back already.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSwap:
    """A swap in words, and what the reader may do about it."""

    swap: Swap
    given: str
    wanted: str
    notes: Sequence[str]
    """What is amiss: rules that would be broken, or why it cannot be."""
    stands: bool
    """It can still be: no fault of it is known."""
    takes: bool
    declines: bool
    withdraws: bool
    decides: bool
    breaks: bool
    """It breaks a rule of rest: the head approves it with a tick alone."""
    undone: bool
    """It was done, and the roster is another since."""


@allowed(Permission.SEE_OWN_SHIFTS, Permission.MANAGE_ROSTER, one_is_enough=True)
async def page(request: web.Request) -> web.Response:
    """Give one's swaps and those one can take; for the head all. What is told is noted as seen."""
    await audit(request, Action.VIEW, "swaps")
    shown = await _show(request)
    await request.app[SHIFTS].swaps.seen(request[USER].id)
    return shown


@_OWN
async def offer(request: web.Request) -> web.Response:
    """Offer one's own shift of `day`: `to` is all, u7, or u7-2026-03-09 for a shift of theirs in return."""
    form, sources = await request.post(), request.app[SHIFTS]
    words = tidied(str(form.get("words", ""))).strip()[:LONGEST_WORDS]
    own, others = await _to_offer(request)
    given = next((one for one in own if str(one.day) == form.get("day")), None)
    to, wanted = _whom(str(form.get("to", "")), others)
    if given is None or (to is None and form.get("to") != ALL):
        return await _refused(request, N_("Choose a shift of yours that has not begun, and whom to ask."))
    if wanted and wanted.day == given.day and wanted.since == given.since:
        return await _refused(request, N_("Both shifts are the same."))
    try:
        one = await sources.swaps.offer(
            NewSwap(given=given, to=to, wanted=wanted, words=words), sources.clock.now()
        )
    except AlreadyTaken:
        return await _refused(request, N_("This shift is offered already: take that offer back first."))
    await audit(request, Action.ADD, f"swap:{one.id}")
    return noted_at(PATH, Noted.SWAP_OFFERED)


@_OWN
async def take(request: web.Request) -> web.Response:
    """Agree; where the city's rules let it, the swap holds at once."""
    sources, user, now = request.app[SHIFTS], request[USER], request.app[SHIFTS].clock.now()
    swap = await sources.swaps.get(_id(request))
    exchange = await _weighed(request, swap, user.id)
    if exchange.fault:
        return await _refused(request, FAULTS[exchange.fault])
    try:
        agreed = await sources.swaps.agree(swap.id, user.id, now)
    except ForbiddenTransition:
        return await _refused(request, _LATER)
    await audit(request, Action.CHANGE, f"swap:{swap.id}", "taken")
    if shift_rules().swaps_by_rule and exchange.holds_the_rules:
        try:
            await sources.swaps.approve(swap.id, None, now, _judged(request, agreed, all_the_same=False))
        except Outdated:
            return noted_at(PATH, Noted.SWAP_TAKEN)
        await audit(request, Action.CHANGE, f"swap:{swap.id}", "approved by rule")
        return noted_at(PATH, Noted.SWAP_DONE)
    return noted_at(PATH, Noted.SWAP_TAKEN)


@_OWN
async def decline(request: web.Request) -> web.Response:
    return await _act(request, request.app[SHIFTS].swaps.decline, "declined", Noted.SWAP_DECLINED)


@_OWN
async def withdraw(request: web.Request) -> web.Response:
    return await _act(request, request.app[SHIFTS].swaps.withdraw, "taken back", Noted.SWAP_TAKEN_BACK)


async def _act(
    request: web.Request, act: Callable[[int, int, datetime], Awaitable[Swap]], done: str, noted: Noted
) -> web.Response:
    try:
        one = await act(_id(request), request[USER].id, request.app[SHIFTS].clock.now())
    except ForbiddenTransition:
        return await _refused(request, _LATER)
    await audit(request, Action.CHANGE, f"swap:{one.id}", done)
    return noted_at(PATH, noted)


@_DECIDES
async def approve(request: web.Request) -> web.Response:
    """Let it hold; one that breaks the rules of rest with the head's tick alone."""
    sources = request.app[SHIFTS]
    swap, all_the_same = await sources.swaps.get(_id(request)), await _ticked(request)
    if swap.taker is None:
        return await _refused(request, _LATER)
    exchange = await _weighed(request, swap, swap.taker)
    fault = FAULTS[exchange.fault] if exchange.fault else await _hinders(request, swap.taker)
    if not fault and not exchange.holds_the_rules and not all_the_same:
        fault = N_("Rules of rest would be broken: refuse it, or tick “All the same”.")
    if fault:
        return await _refused(request, fault)
    judged = _judged(request, swap, all_the_same=all_the_same)
    try:
        await sources.swaps.approve(swap.id, request[USER].id, sources.clock.now(), judged)
    except ForbiddenTransition:
        return await _refused(request, _LATER)
    except Outdated:
        return await _refused(request, FAULTS[SwapFault.CHANGED])
    broken = "" if exchange.holds_the_rules else "; rest rules broken"
    await audit(request, Action.CHANGE, f"swap:{swap.id}", f"approved{broken}")
    return noted_at(PATH, Noted.SWAP_DONE)


@_DECIDES
async def refuse(request: web.Request) -> web.Response:
    sources, form = request.app[SHIFTS], await request.post()
    reason = tidied(str(form.get("reason", ""))).strip()[:LONGEST_WORDS]
    if not reason:
        return await _refused(request, N_("Say why you refuse: both read it."))
    try:
        one = await sources.swaps.refuse(_id(request), request[USER].id, sources.clock.now(), reason)
    except ForbiddenTransition:
        return await _refused(request, _LATER)
    await audit(request, Action.CHANGE, f"swap:{one.id}", "refused")
    return noted_at(PATH, Noted.SWAP_REFUSED)


async def _ticked(request: web.Request) -> bool:
    return (await request.post()).get("all_the_same") == "yes"


async def _hinders(request: web.Request, taker: int) -> str:
    """Tell why this person cannot work the shift; empty where nothing is in the way."""
    user = (await _users(request))[taker]
    works = user.active and user.may(Permission.ANSWER_CALLS)
    return "" if works else N_("Who agreed answers no calls any more: refuse the swap.")


async def count_waiting(request: web.Request) -> int:
    """Count those that wait for the head."""
    return sum(one.decides for one in await shown_swaps(request))


async def shown_swaps(request: web.Request) -> Sequence[ShownSwap]:
    """List the swaps that concern this reader, the latest offer first."""
    sources, user = request.app[SHIFTS], request[USER]
    found = await sources.swaps.of_days(sources.today() - SHOWN_FOR)
    mine = [one for one in found if _concerns(one, user)]
    weeks = [week for one in mine for week in _weeks(one)]
    shifts = await sources.roster.published(min(weeks), max(weeks)) if weeks else ()
    now, drawing = sources.clock.now(), drawing_of(request)
    return [_shown(one, user, shifts, now, drawing) for one in mine]


def _weeks(swap: Swap) -> Sequence[date]:
    """Give the weeks by which a swap is shown: those of rest while it is open, its own once done."""
    if swap.state in OPEN:
        return swap.weeks
    return swap.mondays if swap.state is SwapState.DONE else ()


def _concerns(swap: Swap, user: User) -> bool:
    """Tell whether the reader sees it: a head those that are or were agreed on, others theirs and offers."""
    theirs = user.id in {swap.giver, swap.taker, swap.to}
    offered = user.may(Permission.SEE_OWN_SHIFTS) and swap.open_to(user.id)
    return theirs or offered or (user.may(Permission.MANAGE_ROSTER) and swap.taker is not None)


def _shown(swap: Swap, user: User, shifts: Sequence[Shift], now: datetime, drawing: Drawing) -> ShownSwap:
    own, head = user.may(Permission.SEE_OWN_SHIFTS), user.may(Permission.MANAGE_ROSTER)
    exchange = Exchange(shifts=())
    if swap.state in OPEN:
        taker = swap.taker or (user.id if swap.open_to(user.id) else swap.to)
        exchange = weigh(swap, taker or 0, shifts, drawing.rules, now, drawing.zone)
    stands = swap.state in OPEN and exchange.fault is None
    offered = own and swap.open_to(user.id)
    undone = (
        swap.state is SwapState.DONE and not swap.begun(now, drawing.zone) and not swap.passed <= set(shifts)
    )
    return ShownSwap(
        swap=swap,
        given=shift_text(swap.given, drawing),
        wanted=shift_text(swap.wanted, drawing) if swap.wanted else "",
        notes=[drawing.words.gettext(CHANGED_SINCE)] if undone else [*_notes(exchange, drawing)],
        stands=stands,
        takes=offered and stands,
        declines=offered and swap.to == user.id,
        withdraws=own and swap.state in OPEN and user.id in {swap.giver, swap.taker},
        decides=head and swap.state is SwapState.AGREED,
        breaks=stands and not exchange.holds_the_rules,
        undone=undone,
    )


def _notes(exchange: Exchange, drawing: Drawing) -> Iterator[str]:
    if exchange.fault:
        yield drawing.words.gettext(FAULTS[exchange.fault])
        return
    for one in exchange.breaches:
        yield f"{shift_text(one.shift, drawing)}: {breach_text(one, drawing)}"
    if exchange.over:
        yield drawing.words.gettext("More hours a week on average than the rule allows.")


async def _weighed(request: web.Request, swap: Swap, taker: int) -> Exchange:
    sources = request.app[SHIFTS]
    shifts = await sources.roster.published(*swap.weeks)
    return weigh(swap, taker, shifts, shift_rules(), sources.clock.now(), sources.timezone)


def _judged(request: web.Request, swap: Swap, *, all_the_same: bool) -> Callable[[Sequence[Shift]], bool]:
    """Give what judges the roster while the swap is entered into it."""
    sources, taker = request.app[SHIFTS], swap.taker or request[USER].id
    now = sources.clock.now()

    def judge(shifts: Sequence[Shift]) -> bool:
        exchange = weigh(swap, taker, shifts, shift_rules(), now, sources.timezone)
        return exchange.fault is None if all_the_same else exchange.holds_the_rules

    return judge


async def _to_offer(request: web.Request) -> tuple[Sequence[Shift], Mapping[int, Sequence[Shift]]]:
    """Give one's own shifts that can be swapped, and those of each colleague by their id."""
    sources, user = request.app[SHIFTS], request[USER]
    monday, now = monday_of(sources.today()), sources.clock.now()
    shifts = await sources.roster.published(monday, monday + AHEAD * WEEK)
    ahead = sorted(
        (one for one in shifts if one.begins(sources.timezone) > now),
        key=lambda one: one.begins(sources.timezone),
    )
    people = people_of([*(await _users(request)).values()], ())
    others = {
        one.id: [shift for shift in ahead if shift.user_id == one.id]
        for one in people
        if one.active and one.id != user.id
    }
    return [one for one in ahead if one.user_id == user.id], others


def _whom(typed: str, others: Mapping[int, Sequence[Shift]]) -> tuple[int | None, Shift | None]:
    """Read whom the shift is offered to, and which shift of theirs is wanted; None for what is none."""
    who, _, day = typed.removeprefix("u").partition("-")
    to = int(who) if who.isdecimal() and int(who) in others else None
    wanted = next((one for one in others.get(to or 0, ()) if str(one.day) == day), None)
    return (None, None) if day and wanted is None else (to, wanted)


async def _refused(request: web.Request, fault: str) -> web.Response:
    return await _show(request, fault=words_of(request).gettext(fault), status=HTTPStatus.CONFLICT)


async def _show(request: web.Request, *, fault: str = "", status: int = HTTPStatus.OK) -> web.Response:
    user, drawing = request[USER], drawing_of(request)
    own, others = await _to_offer(request) if user.may(Permission.SEE_OWN_SHIFTS) else ((), {})
    return render(
        request,
        "shifts/swaps.html.jinja2",
        status=status,
        fault=fault,
        shown=await shown_swaps(request),
        names={one.id: one.name for one in (await _users(request)).values()},
        own=[(str(one.day), shift_text(one, drawing)) for one in own],
        others={
            who: [(f"u{who}-{one.day}", shift_text(one, drawing)) for one in theirs]
            for who, theirs in others.items()
        },
        chosen=request.query.get("day", ""),
        by_rule=drawing.rules.swaps_by_rule,
        longest=LONGEST_WORDS,
        ALL=ALL,
        STATES=STATES,
    )


async def _users(request: web.Request) -> Mapping[int, User]:
    return {one.id: one for one in await request.app[ACCOUNTS].users.all()}


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])
