"""On which days nobody works: weekends, and the city's holidays."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from hotline.city.terms import Deadline, end_of
from hotline.documents.document import DocumentKind
from hotline.documents.faults import Flaw
from hotline.documents.in_force import InForce
from hotline.documents.reading import Fields, document_of, note_doubled

_SATURDAY = 5
_DAY = timedelta(days=1)
_LEAP_YEAR = 2000
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
        return _is_weekend(day) or self.is_holiday(day)

    def is_holiday(self, day: date) -> bool:
        """Whether it is a holiday, or makes up for one: who works at weekends does not work then."""
        return self._is_holiday(day) or self._is_instead(day)

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


def read_days_off(text: str, _version: int) -> DaysOff:
    """Read a version; raises DocumentFaults."""
    document = document_of(text)
    fixed = [(row, _fixed(row)) for row in document.rows("fixed", needed=False)]
    note_doubled(((row, f"{day[0]:02d}-{day[1]:02d}") for row, day in fixed if day), "day")
    moving = [day for row in document.rows("moving", needed=False) for day in _moving(row)]
    suspended = [_suspension(row) for row in document.rows("suspended", needed=False)]
    document.end()
    return DaysOff(
        each_year=frozenset(day for _, day in fixed if day),
        once=frozenset(moving),
        suspended=tuple(one for one in suspended if one),
    )


DAYS_OFF = InForce(DocumentKind.DAYS_OFF, read_days_off)


def days_off() -> DaysOff:
    """Give those in force."""
    return DAYS_OFF.get()


def _fixed(row: Fields) -> tuple[int, int] | None:
    written = row.text("day")
    row.known_as(written)
    row.text("uk")
    row.text("en")
    day = row.day_of("day", f"{_LEAP_YEAR}-{written}") if written else None
    return (day.month, day.day) if day else None


def _moving(row: Fields) -> Sequence[date]:
    row.known_as(row.text("uk"))
    row.text("en")
    days = [row.day_of("days", one) for one in row.texts("days")]
    return [one for one in days if one]


def _suspension(row: Fields) -> Suspension | None:
    since, until = row.day("since"), row.day("until", needed=False)
    if since and until and until < since:
        row.note(Flaw.ENDS_BEFORE, "until")
    return Suspension(since, until) if since else None


def _is_weekend(day: date) -> bool:
    return day.weekday() >= _SATURDAY
