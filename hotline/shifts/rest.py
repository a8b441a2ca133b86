"""Rules of rest, applied: what is amiss with somebody's shifts, and how many hours a week they work."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from hotline.city.city_days import HALF_HOUR, HALF_HOURS
from hotline.shifts.roster import WEEK, Shift
from hotline.shifts.shift_rules import ShiftRules

_HOUR = timedelta(hours=1)


class Breach(StrEnum):
    """The rules of rest that a shift can break."""

    OVERLAPS = "overlaps"
    """It begins before the one before it has ended: nobody can work so."""
    REST = "rest"
    """Too few hours after the one before it."""
    TOO_LONG = "too-long"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftBreach:
    """A rule that one shift breaks; `hours` are those of rest, or of the shift."""

    breach: Breach
    shift: Shift
    hours: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Somebody's hours of a week, and on average of the weeks that end with it."""

    week: float
    average: float


def breaches(shifts: Sequence[Shift], rules: ShiftRules, zone: ZoneInfo) -> Sequence[ShiftBreach]:
    """Find what is amiss; for a week, those of the days before and after it are given as well."""
    found = []
    for own in _of_each(shifts).values():
        in_order = sorted(own, key=lambda one: one.begins(zone))
        found += [
            ShiftBreach(breach=Breach.TOO_LONG, shift=one, hours=hours)
            for one in in_order
            if (hours := one.by_the_clock / _HOUR) > rules.longest_hours
        ]
        for before, one in pairwise(in_order):
            if (rest := (one.begins(zone) - before.ends(zone)) / _HOUR) < 0:
                found.append(ShiftBreach(breach=Breach.OVERLAPS, shift=one, hours=rest))
            elif rest < rules.rest_hours:
                found.append(ShiftBreach(breach=Breach.REST, shift=one, hours=rest))
    return found


def hours_of(shifts: Sequence[Shift], monday: date, rules: ShiftRules, zone: ZoneInfo) -> Mapping[int, Hours]:
    """Count each person's hours of the week, and their mean over the weeks of the rule that end with it.

    A shift counts whole in the week in which it begins.
    """
    first = monday - (rules.average_weeks - 1) * WEEK
    return {
        user: Hours(
            week=_sum(own, monday, monday + WEEK, zone),
            average=_sum(own, first, monday + WEEK, zone) / rules.average_weeks,
        )
        for user, own in _of_each(shifts).items()
    }


def people_on(shifts: Sequence[Shift], day: date, zone: ZoneInfo) -> Sequence[float]:
    """Tell how many are on shift in each half-hour of the day; those of a part count in part.

    They are half-hours by the clocks: of an hour that the clocks show twice the first one counts, and one
    that they leave out is as the one after it.
    """
    midnight = datetime.combine(day, time())
    clocks = [midnight + number * HALF_HOUR for number in range(HALF_HOURS)]
    halves = [one.replace(tzinfo=zone).astimezone(UTC) for one in clocks]
    spans = [(one.begins(zone), one.ends(zone)) for one in shifts]
    return [
        sum((_shared(since, end, half) for since, end in spans), timedelta()) / HALF_HOUR for half in halves
    ]


def _shared(since: datetime, until: datetime, half: datetime) -> timedelta:
    return max(timedelta(), min(until, half + HALF_HOUR) - max(since, half))


def _sum(shifts: Sequence[Shift], first: date, past: date, zone: ZoneInfo) -> float:
    return sum((one.length(zone) / _HOUR for one in shifts if first <= one.day < past), 0.0)


def _of_each(shifts: Sequence[Shift]) -> Mapping[int, Sequence[Shift]]:
    found: dict[int, list[Shift]] = defaultdict(list)
    for one in shifts:
        found[one.user_id].append(one)
    return found
