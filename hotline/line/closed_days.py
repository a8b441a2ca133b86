"""Days of the city that are over: their sums are made once, so that reports of months read no calls."""

import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Protocol
from zoneinfo import ZoneInfo

from attrs import define, field

from hotline.city.city_days import DaysPiece, city_days
from hotline.clock import Clock
from hotline.isolation import repeat
from hotline.line.callbacks import OWED_FOR

log = logging.getLogger(__name__)

LOOKS_EVERY = timedelta(minutes=5)
OVER_FOR = timedelta(hours=1)
"""Of a day, before it is made: talks over midnight have mostly ended."""
DAYS_A_LOOK = 10
A_WEEK = timedelta(days=7)
WEEKS_A_LOOK = 4
"""Of the past, in which calls are looked at that were not settled while they were new."""


class ClosedDays(Protocol):
    """The sums of days; a day that anything has changed in has none until it is made anew."""

    async def missing(self, days: Sequence[DaysPiece]) -> Sequence[DaysPiece]:
        """Give those of these days, or parts of a day, that have no sums."""
        ...

    async def make(self, day: DaysPiece) -> bool:
        """Add up a day; False when it was changed meanwhile, or something of it goes on."""
        ...


class UnsettledCalls(Protocol):
    """The missed calls for which a call-back is owed still."""

    async def settle(self, since: datetime, until: datetime) -> int:
        """Take out those that arrived in this time and that a talk or a call-back has settled."""
        ...


def covered(
    pieces: Sequence[DaysPiece], known: Collection[DaysPiece]
) -> tuple[Sequence[DaysPiece], Sequence[DaysPiece]]:
    """Part the time of `pieces` into what is `known`, and the rest; both in order.

    What is known counts only within a piece, by the same clocks, and where it overlaps nothing before it.
    """
    used: list[DaysPiece] = []
    rest: list[DaysPiece] = []
    for piece in pieces:
        at = piece.since
        within = (one for one in known if one.offset == piece.offset and one.until <= piece.until)
        for one in sorted(within, key=lambda one: one.since):
            if one.since >= at:
                rest += _between(at, one.since, piece.offset)
                used.append(one)
                at = one.until
        rest += _between(at, piece.until, piece.offset)
    return used, rest


def runs(pieces: Sequence[DaysPiece]) -> Iterator[Sequence[DaysPiece]]:
    """Give those together of which each begins as the one before ends."""
    first = 0
    for at, (one, following) in enumerate(pairwise(pieces), start=1):
        if one.until != following.since:
            yield pieces[first:at]
            first = at
    if pieces:
        yield pieces[first:]


def joined(pieces: Sequence[DaysPiece]) -> Sequence[DaysPiece]:
    """Make one of those that follow one another by the same clocks."""
    found: list[DaysPiece] = []
    for one in pieces:
        last = found[-1] if found else None
        if last is not None and (last.until, last.offset) == (one.since, one.offset):
            found[-1] = DaysPiece(since=last.since, until=one.until, offset=one.offset)
        else:
            found.append(one)
    return found


def _between(since: datetime, until: datetime, offset: int) -> Sequence[DaysPiece]:
    return [DaysPiece(since=since, until=until, offset=offset)] if since < until else []


@define(eq=False, repr=False)
class DaysKeeper:
    """Has days made, the newest first, and settled calls taken out. Several may do it at once.

    A day that could not be made comes after those that were tried less often.
    """

    _days: ClosedDays
    _unsettled: UnsettledCalls
    _clock: Clock
    _zone: ZoneInfo
    _began: Callable[[], Awaitable[datetime | None]]
    _back_to: datetime | None = field(default=None, init=False)
    """Up to here, from the newest, calls of the past were looked at."""
    _in_vain: Counter[DaysPiece] = field(factory=Counter, init=False)
    """How often a day could not be made: of an old one a call may never have been ended."""

    async def keep(self) -> None:
        """Look now and then until cancelled."""
        await repeat(self.look, every=LOOKS_EVERY.total_seconds(), failure="closed days not added up")

    async def look(self) -> None:
        """Settle, and make some of the days that are missing."""
        began = await self._began()
        if began is None:
            return
        now = self._clock.now()
        await self._unsettled.settle(now - OWED_FOR, now)
        await self._settle_older(now - OWED_FOR, began)
        missing = list(await self._days.missing(self._over(began, now)))
        missing.sort(key=lambda day: (self._in_vain[day], -day.since.timestamp()))
        made = [await self._make(day) for day in missing[:DAYS_A_LOOK]]
        if any(made):
            log.info("closed days added up days=%d still=%d", sum(made), len(missing) - sum(made))

    async def _make(self, day: DaysPiece) -> bool:
        made = await self._days.make(day)
        if made:
            del self._in_vain[day]
        else:
            self._in_vain[day] += 1
        return made

    async def _settle_older(self, newest: datetime, began: datetime) -> None:
        until = min(self._back_to or newest, newest)
        for _ in range(WEEKS_A_LOOK):
            await self._unsettled.settle(until - A_WEEK, until)
            until -= A_WEEK
            if until <= began:
                until = newest  # and once more from the newest
                break
        self._back_to = until

    def _over(self, began: datetime, now: datetime) -> Sequence[DaysPiece]:
        first, last = (at.astimezone(self._zone).date() for at in (began, now - OVER_FOR))
        days = (first + timedelta(days=at) for at in range((last - first).days))
        return [piece for day in days for piece in parts_of(day, self._zone)]


def parts_of(day: date, zone: ZoneInfo) -> Sequence[DaysPiece]:
    """Give a day of the city; two parts where its clocks change."""
    return city_days(day, day, zone)
