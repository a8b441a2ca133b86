"""The register of appeals in figures: the backlog, thirty days, topics. No person is in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import AppealState
from hotline.shares import MEDIAN, percentile

SHOWN_DAYS = 30
WEEK_DAYS = 7
CLOSED = frozenset({AppealState.CLOSED, AppealState.CLOSED_UNCONFIRMED})
"""The work is over, with the applicant's word or without; not what was forwarded, rejected or withdrawn."""
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """Appeals whose work is owed, by the ends of their terms; `soon` includes `today`."""

    owed: int = 0
    overdue: int = 0
    today: int = 0
    soon: int = 0

    @property
    def later(self) -> int:
        return self.owed - self.overdue - self.soon


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOfAppeals:
    """One day of the city's calendar."""

    day: date
    received: int
    closed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closings:
    """Appeals closed in some days. `hours`: whole hours since registration → how many took them."""

    closed: int = 0
    in_time: int = 0
    """Closed no later than their terms ended."""
    confirmed: int = 0
    """Closed by the applicant's word."""
    hours: Mapping[int, int]

    @property
    def median_days(self) -> float | None:
        """The days that half of them took at most; None for none."""
        hours = percentile(list(self.hours.items()), MEDIAN)
        return None if hours is None else hours / HOURS_A_DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A category: how many were registered in the last week, and in the week before it."""

    category: str
    week: int
    before: int

    @property
    def change(self) -> int:
        return self.week - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """The days that are looked at; `today` is the last, and its end is the last moment of all."""

    now: datetime
    zone: ZoneInfo
    count: int = SHOWN_DAYS

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()

    @property
    def all(self) -> Sequence[date]:
        return [self.today - timedelta(days=back) for back in range(self.count - 1, -1, -1)]

    @property
    def first(self) -> date:
        return self.today - timedelta(days=self.count - 1)

    def midnight(self, after: int) -> datetime:
        """Give the beginning of the day that is this number of days after today."""
        return datetime.combine(self.today + timedelta(days=after), time(), self.zone)


class AppealFigures(Protocol):
    """The register in figures. Each is one walk along an index that holds all it compares."""

    async def backlog(self, now: datetime, today_ends: datetime, soon_ends: datetime) -> Backlog: ...

    async def by_day(self, days: Days) -> Sequence[DayOfAppeals]:
        """Count what was received and closed on each day, the earliest first."""
        ...

    async def closings(self, since: datetime) -> Closings:
        """Look at those closed since then."""
        ...

    async def topics(self, since: datetime, before: datetime, most: int) -> Sequence[Topic]:
        """Give the categories most appealed about since then, and how many were between `before` and then."""
        ...
