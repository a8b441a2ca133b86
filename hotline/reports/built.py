"""Built reports: a measure by a dimension, of chosen rows and days, as the address of their page has it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from hotline.reports.figures import Asked, Span
from hotline.reports.measures import DIMENSIONS, IDS, MEASURES, TIMES, Dimension, Measure, Rows
from hotline.reports.papers import PaperKind, before, span_of

FIRST_MEASURE = "received"
_LONGEST_VALUE = 60
LONGEST_ID = 11
"""Digits."""


class Period(StrEnum):
    """Days by their name, so that a kept report tells of the latest ones."""

    TODAY = "today"
    WEEK = "week"
    """The last seven days."""
    MONTH = "month"
    """This month so far."""
    LAST_MONTH = "last-month"
    QUARTER = "quarter"
    """The last 92 days."""
    YEAR = "year"
    """The last 365 days."""
    DAYS = "days"
    """Those named one by one."""


_BACK = {Period.TODAY: 0, Period.WEEK: 6, Period.QUARTER: 91, Period.YEAR: 364}
"""How many days before today these begin."""


class Drawn(StrEnum):
    """How a report is drawn."""

    BARS = "bars"
    LINE = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The choices of a built report. `first` and `last` are given only where its days are."""

    measure: Measure
    by: Dimension
    period: Period = Period.MONTH
    first: date | None = None
    last: date | None = None
    where: Mapping[Dimension, str] = field(default_factory=dict)
    drawn: Drawn = Drawn.BARS

    def span(self, today: date) -> Span:
        """Give its days, as many as may be counted at once, the latest."""
        return self.days(today).within(self.measure.rows)

    def days(self, today: date) -> Span:
        """Give all the days that are asked for."""
        if self.period is Period.DAYS and self.first and self.last:
            first, last = sorted((self.first, self.last))
            return Span(first=first, last=last)
        if self.period is Period.LAST_MONTH:
            return before(PaperKind.MONTH, span_of(PaperKind.MONTH, today))
        back = _BACK.get(self.period)
        return Span(first=today.replace(day=1) if back is None else today - timedelta(days=back), last=today)

    def asked(self, span: Span, now: datetime, zone: ZoneInfo) -> Asked:
        return Asked(span=span, now=now, zone=zone, by=self.by, where=self.where)

    def query(self) -> Mapping[str, str]:
        """Write it as in the address."""
        asked = {"measure": self.measure.name, "by": self.by.value, "period": self.period.value}
        if self.period is Period.DAYS and self.first and self.last:
            asked |= {"from": self.first.isoformat(), "to": self.last.isoformat()}
        if self.drawn is not Drawn.BARS:
            asked["drawn"] = self.drawn.value
        return {**asked, **{one.value: value for one, value in self.where.items()}}


def read_built(query: Mapping[str, str]) -> Built:
    """Read the address; what it does not tell, or what cannot be asked of the measure, is as at first."""
    measure = MEASURES.get(query.get("measure", ""), MEASURES[FIRST_MEASURE])
    may = DIMENSIONS[measure.rows]
    named = query.get("by", "")
    by = next((one for one in may if one == named), may[0])
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    period = next((one for one in Period if one == query.get("period")), Period.MONTH)
    if first and last and "period" not in query:
        period = Period.DAYS
    if period is Period.DAYS and not (first and last):
        period = Period.MONTH
    return Built(
        measure=measure,
        by=by,
        period=period,
        first=first,
        last=last,
        where={
            one: value
            for one in filters(measure.rows)
            if (value := query.get(one.value, "")) and _can_be_chosen(one, value)
        },
        drawn=Drawn.LINE if query.get("drawn") == Drawn.LINE else Drawn.BARS,
    )


def filters(rows: Rows) -> Sequence[Dimension]:
    """List the dimensions by which rows can be chosen."""
    return [one for one in DIMENSIONS[rows] if one not in TIMES]


def _can_be_chosen(by: Dimension, value: str) -> bool:
    if by in IDS:
        return value.isascii() and value.isdigit() and len(value) <= LONGEST_ID
    return value.isprintable() and len(value) <= _LONGEST_VALUE


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
