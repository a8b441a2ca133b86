"""The holidays of the coming twelve months: on which weekday each falls, and whether people work on it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hotline.city.days_off import DaysOff
from hotline.city_data.columns import Rows
from hotline.city_data.rows import is_day, parts
from hotline.documents.named import Named

_SATURDAY = 5
_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)
_LOOKED_AHEAD = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class HolidayAhead(Named):
    """One holiday. `suspended`: it is a day like any other. `instead`: the day off that makes up for it."""

    day: date
    suspended: bool
    instead: date | None


def year_ahead(rows: Rows, days: DaysOff, today: date) -> Sequence[HolidayAhead]:
    """List the holidays of the rows from today on; `days` is the same document as read."""
    named = dict(sorted(one for one in _named(rows, today) if today <= one[0] < today + _YEAR))
    return [
        HolidayAhead(
            day=day,
            uk=uk,
            en=en,
            suspended=any(one.holds(day) for one in days.suspended),
            instead=_instead(day, days, frozenset(named)),
        )
        for day, (uk, en) in named.items()
    ]


def _named(rows: Rows, today: date) -> Iterator[tuple[date, tuple[str, str]]]:
    for row in rows["fixed"]:
        for year in (today.year, today.year + 1):
            text = f"{year}-{row['day']}"
            if is_day(text):
                yield date.fromisoformat(text), (row["uk"], row["en"])
    for row in rows["moving"]:
        days = [date.fromisoformat(one) for one in parts(row["days"]) if is_day(one)]
        yield from ((day, (row["uk"], row["en"])) for day in days)


def _instead(day: date, days: DaysOff, named: frozenset[date]) -> date | None:
    """Find the working day that is off because the holiday is on a weekend (Labour Code, art. 67)."""
    if day.weekday() < _SATURDAY or any(one.holds(day) for one in days.suspended):
        return None
    following = (day + number * _DAY for number in range(1, _LOOKED_AHEAD))
    owed = (one for one in following if one.weekday() < _SATURDAY and one not in named)
    return next(filter(days.is_off, owed), None)
