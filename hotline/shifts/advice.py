"""Advice for a day that lacks people: who could come, their wishes and the rules of rest weighed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from hotline.shifts.rest import breaches, hours_of, people_on
from hotline.shifts.roster import Shift, by_cell, monday_of
from hotline.shifts.shift_rules import ShiftKind, ShiftRules
from hotline.shifts.wishes import DayWish, Wish, by_person_and_day


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who could come, in which shift, and how many hours they have in that week without it."""

    user_id: int
    kind: ShiftKind
    hours: float
    wishes_to: bool


def who_could_come(  # noqa: PLR0917 - a day, and all that it is weighed by
    day: date,
    lacking: Sequence[int],
    people: Sequence[int],
    shifts: Sequence[Shift],
    wishes: Sequence[DayWish],
    rules: ShiftRules,
    zone: ZoneInfo,
) -> Sequence[Candidate]:
    """List who has no shift on the day, asks for no day off and breaks no rule: who wishes to first.

    `lacking` is how many lack in each of its half-hours; `shifts` are those of the weeks around as well. Each
    is advised the shift that helps most.
    """
    taken, wished = by_cell(shifts), by_person_and_day(wishes)
    kinds = sorted(_helping(day, lacking, rules, zone), key=lambda one: -one[1])
    found = [
        one
        for user in people
        if (user, day) not in taken
        and ((wish := wished.get((user, day))) is None or wish.wish is not Wish.OFF)
        and (one := _of(user, day, [kind for kind, _ in kinds], shifts, wished, rules, zone))
    ]
    return sorted(found, key=lambda one: (not one.wishes_to, one.hours))


def _helping(
    day: date, lacking: Sequence[int], rules: ShiftRules, zone: ZoneInfo
) -> Iterator[tuple[ShiftKind, float]]:
    """Give the kinds that cover a half-hour that lacks somebody, with how much of it."""
    for kind in rules.kinds.values():
        there = people_on([_shift(0, day, kind)], day, zone)
        covered = sum(part for part, lacks in zip(there, lacking, strict=True) if lacks)
        if covered:
            yield kind, covered


def _of(  # noqa: PLR0917 - as above
    user: int,
    day: date,
    kinds: Sequence[ShiftKind],
    shifts: Sequence[Shift],
    wished: Mapping[tuple[int, date], DayWish],
    rules: ShiftRules,
    zone: ZoneInfo,
) -> Candidate | None:
    own = [one for one in shifts if one.user_id == user]
    monday, broken = monday_of(day), set(breaches(own, rules, zone))
    for kind in kinds:
        more = [*own, _shift(user, day, kind)]
        hours = hours_of(more, monday, rules, zone)[user]
        if hours.average <= rules.week_hours and set(breaches(more, rules, zone)) <= broken:
            before = hours_of(own, monday, rules, zone).get(user)
            return Candidate(
                user_id=user,
                kind=kind,
                hours=before.week if before else 0.0,
                wishes_to=(user, day) in wished,
            )
    return None


def _shift(user: int, day: date, kind: ShiftKind) -> Shift:
    return Shift(user_id=user, day=day, since=kind.since, until=kind.until)
