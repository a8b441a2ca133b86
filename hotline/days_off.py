"""On which days nobody works: weekends, and the holidays of a data file."""

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from hotline.terms import Deadline, end_of

_SATURDAY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysOff:
    """Holidays as (month, day) of each year, and those of one year only."""

    each_year: frozenset[tuple[int, int]] = frozenset()
    once: frozenset[date] = frozenset()

    def is_off(self, day: date) -> bool:
        return day.weekday() >= _SATURDAY or (day.month, day.day) in self.each_year or day in self.once

    def next_working(self, day: date) -> date:
        """Give this day, or the first after it on which people work."""
        while self.is_off(day):
            day += timedelta(days=1)
        return day

    def moved(self, term: Deadline, zone: ZoneInfo) -> Deadline:
        """Let a term in days that ends on a day off end with the next working day."""
        working = self.next_working(term.due_on)
        return term if working == term.due_on else end_of(working, zone)


@cache
def days_off(country: str = "UA") -> DaysOff:
    """Read the country's file; while its holidays are suspended only weekends are off."""
    read = tomllib.loads(files("hotline").joinpath(f"data/holidays-{country}.toml").read_text("utf-8"))
    if read["suspended"]:
        return DaysOff()
    fixed = (one["day"].split("-") for one in read["fixed"])
    return DaysOff(
        each_year=frozenset((int(month), int(day)) for month, day in fixed),
        once=frozenset(date.fromisoformat(day) for one in read["moving"] for day in one["days"]),
    )
