"""Swaps: a dispatcher offers a shift to a colleague or to all, one agrees, the head approves it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.shifts.rest import Breach, ShiftBreach, breaches, hours_of
from hotline.shifts.roster import WEEK, Shift, by_cell, monday_of
from hotline.shifts.shift_rules import MOST_WEEKS, ShiftRules
from hotline.shifts.swap_states import SwapState

LONGEST_WORDS = 200
AHEAD = 8
"""Weeks after the present one whose shifts can be swapped."""
OPEN = frozenset({SwapState.OFFERED, SwapState.AGREED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """One swap. `unseen` are the people who have not yet seen how it stands."""

    id: int
    state: SwapState
    given: Shift
    """The shift that is offered; its person is the giver."""
    to: int | None
    """The colleague to whom it is offered; None: to all."""
    wanted: Shift | None
    """The colleague's shift that the giver takes in return."""
    words: str
    offered_at: datetime
    taker: int | None = None
    decided_by: int | None = None
    """The head who approved or refused it; None of one that was approved by rule."""
    decided_at: datetime | None = None
    reason: str = ""
    """Of the head who refused it."""
    unseen: tuple[int, ...] = ()

    @property
    def giver(self) -> int:
        return self.given.user_id

    @property
    def mondays(self) -> Sequence[date]:
        """The weeks that it changes."""
        return sorted({monday_of(one.day) for one in (self.given, self.wanted) if one})

    @property
    def weeks(self) -> tuple[date, date]:
        """The first and the last Monday of the weeks by which it is weighed: averages look back."""
        return self.mondays[0] - MOST_WEEKS * WEEK, self.mondays[-1] + WEEK

    @property
    def passed(self) -> frozenset[Shift]:
        """Its shifts as the roster has them once it is done; none where nobody takes it."""
        if self.taker is None:
            return frozenset()
        return frozenset(exchanged(self, self.taker, [one for one in (self.given, self.wanted) if one]))

    def undone_by(self, before: Sequence[Shift], after: Sequence[Shift]) -> bool:
        """Tell whether a shift stood there as it was swapped, and stands there no more."""
        return self.state is SwapState.DONE and bool(self.passed & (set(before) - set(after)))

    def begun(self, now: datetime, zone: ZoneInfo) -> bool:
        """Tell whether one of its shifts has begun."""
        first = min(one.begins(zone) for one in (self.given, self.wanted) if one)
        return first <= now

    def open_to(self, user_id: int) -> bool:
        return self.state is SwapState.OFFERED and self.giver != user_id and self.to in {None, user_id}


class SwapFault(StrEnum):
    """Reasons for which a swap cannot be, whatever the head thinks of it."""

    BEGUN = "begun"
    """A shift of it has begun."""
    CHANGED = "changed"
    """The roster is another meanwhile: a shift of it stands there no more."""
    TWICE = "twice"
    """Somebody would have two shifts that begin on one day, or two at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What a swap would do to the roster."""

    shifts: Sequence[Shift]
    """Those of both people, with it."""
    fault: SwapFault | None = None
    breaches: Sequence[ShiftBreach] = ()
    """Rules of rest that were not broken before, of both people."""
    over: frozenset[int] = frozenset()
    """Who would work more hours a week on average than the rule, and more than without it."""

    @property
    def holds_the_rules(self) -> bool:
        return not self.fault and not self.breaches and not self.over


def exchanged(swap: Swap, taker: int, shifts: Sequence[Shift]) -> Sequence[Shift]:
    """Give the shifts with these exchanged; those that do not stand there are left alone."""
    passed = {swap.given: taker} | ({swap.wanted: swap.giver} if swap.wanted else {})
    return [replace(one, user_id=passed.get(one, one.user_id)) for one in shifts]


def weigh(  # noqa: PLR0917 - a swap, and all that it is weighed by
    swap: Swap, taker: int, shifts: Sequence[Shift], rules: ShiftRules, now: datetime, zone: ZoneInfo
) -> Exchange:
    """Tell what it does: `shifts` are those that hold of the weeks before, of and after its own."""
    shifts = [one for one in shifts if one.user_id in {swap.giver, taker}]
    after = exchanged(swap, taker, shifts)
    parts = {swap.given} | ({swap.wanted} if swap.wanted else set())
    if swap.begun(now, zone):
        return Exchange(shifts=after, fault=SwapFault.BEGUN)
    if not parts <= set(shifts):
        return Exchange(shifts=after, fault=SwapFault.CHANGED)
    broken = set(breaches(shifts, rules, zone))
    found = tuple(one for one in breaches(after, rules, zone) if one not in broken)
    if len(by_cell(after)) < len(after) or any(one.breach is Breach.OVERLAPS for one in found):
        return Exchange(shifts=after, fault=SwapFault.TWICE, breaches=found)
    return Exchange(shifts=after, breaches=found, over=_over(swap, taker, shifts, after, rules, zone))


def _over(  # noqa: PLR0917 - a swap, and all that it is weighed by
    swap: Swap, taker: int, before: Sequence[Shift], after: Sequence[Shift], rules: ShiftRules, zone: ZoneInfo
) -> frozenset[int]:
    found = set()
    for monday in swap.mondays:
        then, now = (hours_of(shifts, monday, rules, zone) for shifts in (before, after))
        for user in (swap.giver, taker):
            if user in now and now[user].average > max(
                rules.week_hours, then[user].average if user in then else 0
            ):
                found.add(user)
    return frozenset(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSwap:
    """An offer."""

    given: Shift
    to: int | None = None
    wanted: Shift | None = None
    words: str = ""


class Swaps(Protocol):
    """The swaps. Acts raise NotFound, and ForbiddenTransition in another state or by another person."""

    async def offer(self, new: NewSwap, at: datetime) -> Swap:
        """Raises AlreadyTaken where the shift is offered already."""
        ...

    async def get(self, swap_id: int) -> Swap: ...

    async def of_days(self, first: date) -> Sequence[Swap]:
        """List those whose given shift begins on this day or later, the latest offer first."""
        ...

    async def agree(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        """Take the shift; of two who do so at once one cannot."""
        ...

    async def decline(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        """Say no, as the colleague to whom it is offered."""
        ...

    async def withdraw(self, swap_id: int, user_id: int, at: datetime) -> Swap:
        """Take it back, as the giver; or, as who has agreed, the word."""
        ...

    async def refuse(self, swap_id: int, by: int, at: datetime, reason: str) -> Swap: ...

    async def approve(
        self, swap_id: int, by: int | None, at: datetime, allowed: Callable[[Sequence[Shift]], bool]
    ) -> Swap:
        """Let it hold: both shifts are exchanged in the roster as published, and in its draft.

        `allowed` judges the shifts that hold, in the same transaction; raises Outdated where it does not.
        By None: by rule.
        """
        ...

    async def seen(self, user_id: int) -> None:
        """Note that this person has seen how all of theirs stand."""
        ...
