"""History of equipment: the time in each state, by day; when a disk will be full."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.equipment.items import Change
from hotline.equipment.states import State

Watch = tuple[datetime, datetime]
PAUSE = timedelta(minutes=10)
"""A longer one, in which the board did not look, is time of which nothing is known."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A state from one moment to another."""

    state: State
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfItem:
    """A day of the city, and the share of its past time in each state; empty before the item was there."""

    day: date
    shares: Mapping[State, float]

    @property
    def worst(self) -> State | None:
        """The worst state that took any of the day."""
        return next((one for one in _WORST_FIRST if self.shares.get(one)), None)


_WORST_FIRST = (State.OUT_OF_ORDER, State.DISTURBED, State.NOT_KNOWN, State.IN_ORDER)


def spans(changes: Sequence[Change], watches: Sequence[Watch], now: datetime) -> Sequence[Span]:
    """Give one item's states until now; where the board did not look, nothing is known."""
    states = [
        Span(state=one.look.state, since=one.began_at, until=end)
        for one, end in zip(changes, [*(then.began_at for then in changes[1:]), now], strict=False)
        if one.began_at < end
    ]
    known = list(watches)
    if (
        known and timedelta() <= now - known[-1][1] <= PAUSE
    ):  # it is written now and then that the board looks
        known[-1] = (known[-1][0], now)
    found: list[Span] = []
    for one in states:
        at = one.since
        for begun, looked in [*known, (now, now)]:
            if looked < at:
                continue
            seen, until = min(max(begun, at), one.until), min(looked, one.until)
            found += [_span(State.NOT_KNOWN, at, seen), _span(one.state, seen, until)]
            at = max(at, until, seen)
    return [one for one in found if one.since < one.until]


def _span(state: State, since: datetime, until: datetime) -> Span:
    return Span(state=state, since=since, until=until)


def by_day(found: Sequence[Span], last: date, days: int, zone: ZoneInfo) -> Sequence[DayOfItem]:
    """Share the time of each of these days out, the last of them `last`."""
    midnights = [datetime.combine(last - _DAY * back, time(), zone) for back in range(days - 1, -2, -1)]
    return [_day(found, begin, end) for begin, end in pairwise(midnights)]


def _day(found: Sequence[Span], begin: datetime, end: datetime) -> DayOfItem:
    time_in: dict[State, float] = {}
    for one in found:
        length = (min(one.until, end) - max(one.since, begin)).total_seconds()
        if length > 0:
            time_in[one.state] = time_in.get(one.state, 0.0) + length
    whole = sum(time_in.values())
    return DayOfItem(day=begin.date(), shares={state: one / whole for state, one in time_in.items()})


def share_in_order(found: Sequence[Span], since: datetime) -> float | None:
    """Give the share of the known time since then in which it worked, disturbed or not."""
    known = [(one, (one.until - max(one.since, since)).total_seconds()) for one in found]
    known = [(one, length) for one, length in known if length > 0 and one.state is not State.NOT_KNOWN]
    whole = sum(length for _one, length in known)
    worked = sum(length for one, length in known if one.state is not State.OUT_OF_ORDER)
    return worked / whole if whole else None


Fill = tuple[datetime, int]
"""A moment, and the free bytes then."""
SHORTEST_FORECAST = timedelta(hours=12)


def full_in_days(first: Fill | None, free: int, at: datetime) -> int | None:
    """Give in how many days the disk is full, if it goes on so; None: it does not, or it is too early."""
    if first is None or at - first[0] < SHORTEST_FORECAST or first[1] <= free:
        return None
    begun, had = first
    return int(free / (had - free) * ((at - begun) / _DAY))
