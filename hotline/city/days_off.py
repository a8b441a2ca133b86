"""On which days nobody works: weekends, and the holidays of a data file."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from hotline.city.terms import Deadline, end_of

_SATURDAY = 5
_DAY = timedelta(days=1)
_LOOK_BACK = 14
"""Days to look back: by then all days in lieu of a weekend's holidays have passed."""


@dataclass(frozen=True, slots=True)
class Suspension:
    """Days, both included, on which holidays are ordinary days; `until` None: to this day."""

    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """Holidays as (month, day) of each year, those of one year only, and when they are suspended."""

    each_year: frozenset[tuple[int, int]] = frozenset()
    once: frozenset[date] = frozenset()
    suspended: tuple[Suspension, ...] = ()

    def is_off(self, day: date) -> bool:
        return _is_weekend(day) or self._is_holiday(day) or self._is_instead(day)

    def next_working(self, day: date) -> date:
        """Give this day, or the first after it on which people work."""
        while self.is_off(day):
            day += _DAY
        return day

    def working_days_after(self, day: date, amount: int) -> date:
        """Count working days from the day after this one, and give the last of them."""
        for _ in range(amount):
            day = self.next_working(day + _DAY)
        return day

    def moved(self, term: Deadline, zone: ZoneInfo) -> Deadline:
        """Let a term in days that ends on a day off end with the next working day."""
        working = self.next_working(term.due_on)
        return term if working == term.due_on else end_of(working, zone)

    def _is_holiday(self, day: date) -> bool:
        named = (day.month, day.day) in self.each_year or day in self.once
        return named and not any(one.holds(day) for one in self.suspended)

    def _is_instead(self, day: date) -> bool:
        """Whether it makes up for a holiday that was on a weekend (Labour Code, art. 67)."""
        owed = 0
        for back in range(_LOOK_BACK, -1, -1):
            one = day - back * _DAY
            if _is_weekend(one):
                owed += self._is_holiday(one)
            elif owed and not self._is_holiday(one):
                owed -= 1
                if one == day:
                    return True
        return False


@cache
def days_off(country: str = "UA") -> DaysOff:
    """Read the country's file."""
    read = tomllib.loads(files("hotline").joinpath(f"data/holidays-{country}.toml").read_text("utf-8"))
    fixed = (one["day"].split("-") for one in read["fixed"])
    return DaysOff(
        each_year=frozenset((int(month), int(day)) for month, day in fixed),
        once=frozenset(date.fromisoformat(day) for one in read["moving"] for day in one["days"]),
        suspended=tuple(Suspension(**one) for one in read.get("suspended", ())),
    )


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
