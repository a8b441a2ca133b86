"""Asking for figures: which measures, by what, of which rows and days; and the rows beneath a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.city.city_days import EPOCH, DaysPiece, city_days
from hotline.errors import HotlineError
from hotline.reports.measures import TIMES, Amounts, Dimension, Key, Measure, Part, Rows

LONGEST = {Rows.CALLS: timedelta(days=92)}
"""The most days of such rows that are counted at once: a year of calls takes seconds, a quarter does not."""
MOST_DAYS = timedelta(days=366)
"""The same of all other rows."""


class TooMuchAtOnce(HotlineError):  # noqa: N818 - reads as what happened
    """The figures took too long to count, or another report was being counted: choose fewer days or wait."""

    code = "report-too-large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days of the city, both included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def pieces(self, zone: ZoneInfo) -> Sequence[DaysPiece]:
        return city_days(self.first, self.last, zone)

    def within(self, rows: Rows) -> "Span":
        """Give the latest days of it that may be counted at once."""
        most = LONGEST.get(rows, MOST_DAYS)
        return Span(first=max(self.first, self.last - most + timedelta(days=1)), last=self.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Figures of some days, split by `by`, of rows that have all of `where`; the city's time is `zone`.

    `where` holds keys of groups as text. `now` is the moment by which terms are overdue.
    """

    span: Span
    now: datetime
    zone: ZoneInfo
    by: Dimension | None = None
    where: Mapping[Dimension, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBeneath:
    """One row that a figure counts, without personal data. `said` is its state, outcome or utility."""

    id: str
    at: datetime
    topic: str = ""
    enterprise: str = ""
    said: str = ""


def fold(by: Dimension, key: int) -> int:
    """Give the key of the group that a day (counted from 1970) or a half-hour belongs to.

    A week is known by its Monday, a month by its first day.
    """
    if by is Dimension.HOUR:
        return key // 2
    day = EPOCH + timedelta(days=key)
    match by:
        case Dimension.WEEK:
            return key - day.weekday()
        case Dimension.MONTH:
            return key - day.day + 1
        case Dimension.WEEKDAY:
            return day.weekday()
        case _:
            return key


def narrowed(asked: Asked, key: Key) -> Asked | None:
    """Give the days alone of which this group is; None where it is no span of days."""
    if asked.by not in {Dimension.DAY, Dimension.WEEK, Dimension.MONTH} or not isinstance(key, int):
        return None
    first = EPOCH + timedelta(days=key)
    match asked.by:
        case Dimension.WEEK:
            last = first + timedelta(days=6)
        case Dimension.MONTH:
            last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case _:
            last = first
    span = Span(first=max(first, asked.span.first), last=min(last, asked.span.last))
    return Asked(span=span, now=asked.now, zone=asked.zone, where=asked.where)


def times_of(by: Dimension, span: Span) -> Sequence[int]:
    """List the groups that these days have, also those without a row; none where `by` is no time."""
    if by not in TIMES:
        return []
    if by is Dimension.HOUR:
        return range(24)
    first = (span.first - EPOCH).days
    return sorted({fold(by, first + day) for day in range(span.days)})


def in_order(by: Dimension, found: Mapping[Key, Amounts]) -> Sequence[Key]:
    """Sort the groups: times as they go, all else by how much was counted, the most first."""
    if by in TIMES:
        return sorted(found, key=lambda key: (isinstance(key, str), key))
    return sorted(found, key=lambda key: (-max(found[key].parts.values(), default=0), str(key)))


class Figures(Protocol):
    """The city's registers, counted. Reads by itself, one report at a time."""

    async def count(self, measures: Sequence[Measure], asked: Asked) -> Mapping[Key, Amounts]:
        """Count measures of one kind of rows, by group; all rows are one group "" where it is not split.

        Raises TooMuchAtOnce.
        """
        ...

    async def rows(
        self, rows: Rows, part: Part, asked: Asked, key: Key | None, *, limit: int, skipped: int = 0
    ) -> Sequence[RowBeneath]:
        """List the rows that are counted as `part` in this group (None: in all), the latest first."""
        ...
