"""The city's days and half-hours as figures are counted by them, cut where the city's clocks are changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

EPOCH = date(1970, 1, 1)
"""The day from which a database counts days."""
HALF_HOUR = timedelta(minutes=30)
HALF_HOURS = 48
"""Of a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysPiece:
    """A part of some days without a change of the city's clocks; `offset` is theirs to UTC, in seconds."""

    since: datetime
    until: datetime
    """The first moment that no longer counts."""
    offset: int


def city_days(first: date, last: date, zone: ZoneInfo) -> Sequence[DaysPiece]:
    """Give the days from the first to the last, both included, cut where the clocks are changed."""
    cuts = [_midnight(first, zone)]
    for number in range((last - first).days + 1):
        begin, end = (_midnight(first + timedelta(days=number + one), zone) for one in (0, 1))
        if _offset(begin, zone) != _offset(end, zone):
            cuts.append(_change(begin, end, zone))
    cuts.append(_midnight(last + timedelta(days=1), zone))
    return [
        DaysPiece(since=since, until=until, offset=_offset(since, zone))
        for since, until in pairwise(cuts)
        if since < until
    ]


def _midnight(of: date, zone: ZoneInfo) -> datetime:
    """Give the moment in UTC: times of one zone are compared by their clocks, which are set back."""
    return datetime.combine(of, time(), zone).astimezone(UTC)


def _offset(at: datetime, zone: ZoneInfo) -> int:
    offset = at.astimezone(zone).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _change(begin: datetime, end: datetime, zone: ZoneInfo) -> datetime:
    """Find the half-hour at which the clocks are changed: nowhere are they between half-hours."""
    at = begin
    while at < end and _offset(at, zone) == _offset(begin, zone):
        at += HALF_HOUR
    return at
