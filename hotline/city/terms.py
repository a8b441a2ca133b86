"""When an appeal has to be answered: terms of categories, counted as the law counts them.

A city may have a term that ends on a day off end on the next working day (`city_rules.CityRules.settled`).
"""

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

LONGEST_DAYS = 45
FORWARD_DAYS = 5
_INSTANT = timedelta(microseconds=1)


class Unit(StrEnum):
    """The unit in which a term is counted."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """Such as 15 days. Days and months end with their last day; hours and minutes go by the clock."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day of a term, and the first moment (UTC) that is too late."""

    due_on: date
    due_at: datetime


def deadline(received_at: datetime, term: Term, zone: ZoneInfo) -> Deadline:
    """Count the term from the receipt, in calendar days of the city (law 393/96, art. 20).

    The day of receipt is not counted (Civil Code, art. 253); a month ends on the day of the same number,
    or on the month's last. Hours are real ones: the nights on which clocks change make no difference.
    """
    if term.unit in (Unit.HOURS, Unit.MINUTES):
        due_at = received_at.astimezone(UTC) + timedelta(**{term.unit.value: term.amount})
        return by_clock(due_at, zone)
    received_on = received_at.astimezone(zone).date()
    due_on = (
        received_on + timedelta(days=term.amount)
        if term.unit is Unit.DAYS
        else _months_later(received_on, term.amount)
    )
    return end_of(due_on, zone)


def by_clock(due_at: datetime, zone: ZoneInfo) -> Deadline:
    """Give the term that ends at this moment: one that ends at midnight ends with the day before."""
    last = due_at.astimezone(UTC) - _INSTANT
    return Deadline(due_on=last.astimezone(zone).date(), due_at=due_at)


def end_of(day: date, zone: ZoneInfo) -> Deadline:
    """Give the term that ends with this day of the city."""
    midnight = datetime.combine(day + timedelta(days=1), time(), zone)
    return Deadline(due_on=day, due_at=midnight.astimezone(UTC))


def longest_extension(received_at: datetime, zone: ZoneInfo) -> date:
    """Give the last day to which a term can be extended: 45 in all from the receipt (393/96, art. 20)."""
    return received_at.astimezone(zone).date() + timedelta(days=LONGEST_DAYS)


def forward_until(received_at: datetime, zone: ZoneInfo) -> date:
    """Return the last day for forwarding to another authority: the fifth (law 393/96, art. 7)."""
    return received_at.astimezone(zone).date() + timedelta(days=FORWARD_DAYS)


def soonest(received_at: datetime, terms: tuple[Term, ...], zone: ZoneInfo) -> Deadline:
    """Of several terms that hold, the one that ends first counts."""
    return min((deadline(received_at, term, zone) for term in terms), key=lambda one: one.due_at)


def _months_later(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))
