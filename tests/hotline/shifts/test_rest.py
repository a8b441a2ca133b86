"""Rules of rest: what is told of a shift, how hours are counted, and the nights on which clocks change."""

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.shifts.hours import hour_of, hours_between
from hotline.shifts.rest import Breach, breaches, hours_of, people_on
from hotline.shifts.roster import DAY, WEEK, Shift, monday_of, moved
from hotline.shifts.shift_rules import shift_rules

KYIV = ZoneInfo("Europe/Kyiv")
MONDAY = date(2026, 3, 2)


def shift(day: int, since: int, until: int, user: int = 1) -> Shift:
    return Shift(user_id=user, day=MONDAY + day * DAY, since=time(since), until=time(until))


@pytest.mark.parametrize(
    ("shifts", "told"),
    [
        ([shift(0, 8, 20), shift(1, 8, 20)], []),
        ([shift(0, 8, 19), shift(1, 6, 14)], []),
        ([shift(0, 8, 20), shift(1, 6, 14)], [(Breach.REST, 10)]),
        ([shift(0, 20, 8), shift(1, 8, 20)], [(Breach.REST, 0)]),
        ([shift(0, 8, 8), shift(1, 6, 14)], [(Breach.OVERLAPS, -2)]),
        ([shift(0, 8, 8)], []),
        ([shift(0, 8, 20), shift(1, 6, 14, user=2)], []),
        ([shift(6, 20, 8), shift(7, 12, 20)], [(Breach.REST, 4)]),
    ],
)
def test_rest_is_told_at_the_later_shift(shifts: list[Shift], told: list[tuple[Breach, float]]) -> None:
    found = breaches(shifts[::-1], shift_rules(), KYIV)
    assert [(one.breach, one.hours) for one in found] == told
    assert all(one.shift == shifts[-1] for one in found)


def test_the_citys_own_rules_hold() -> None:
    strict = replace(shift_rules(), longest_hours=12, rest_hours=24)
    found = breaches([shift(0, 8, 21), shift(1, 10, 12)], strict, KYIV)
    assert [(one.breach, one.hours) for one in found] == [(Breach.TOO_LONG, 13), (Breach.REST, 13)]


def test_a_day_of_twenty_five_hours_is_no_breach_and_is_counted_whole() -> None:
    autumn = Shift(user_id=1, day=date(2026, 10, 24), since=time(8), until=time(8))
    assert autumn.length(KYIV) == timedelta(hours=25)
    assert breaches([autumn], shift_rules(), KYIV) == []
    assert hours_of([autumn], monday_of(autumn.day), shift_rules(), KYIV)[1].week == 25


def test_hours_are_those_of_the_week_and_the_mean_of_four() -> None:
    four_days = [shift(day, 8, 20) for day in range(4)]
    weeks = [*four_days, *moved(four_days, -WEEK), *moved(four_days[:1], -4 * WEEK), shift(7, 8, 20)]
    found = hours_of(weeks, MONDAY, shift_rules(), KYIV)[1]
    assert (found.week, found.average) == (48, 24)


def test_people_are_counted_over_midnight_and_in_part() -> None:
    halves = people_on([shift(-1, 20, 8), shift(0, 8, 20, user=2)], MONDAY, KYIV)
    assert halves == [1] * 40 + [0] * 8
    quarter = Shift(user_id=3, day=MONDAY, since=time(9, 15), until=time(10))
    assert people_on([quarter], MONDAY, KYIV)[18:21] == [0.5, 1, 0]


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)], ids=["spring", "autumn"])
def test_half_hours_are_those_of_the_clocks_also_on_the_day_on_which_these_change(day: date) -> None:
    by_day = Shift(user_id=1, day=day, since=time(8), until=time(20))
    evening = Shift(user_id=2, day=day, since=time(20), until=time(0))
    assert people_on([by_day], day, KYIV) == [0] * 16 + [1] * 24 + [0] * 8
    assert people_on([evening], day, KYIV) == [0] * 40 + [1] * 8
    night = Shift(user_id=3, day=day, since=time(0), until=time(8))
    assert people_on([night], day, KYIV) == [1] * 16 + [0] * 32


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("9-18", (time(9), time(18))),
        (" 08:30 – 20.00 ", (time(8, 30), time(20))),
        ("16-24", (time(16), time(0))),
        ("9", None),
        ("9-18-20", None),
        ("25-18", None),
        ("9:60-18", None),
        ("день", None),
        ("٩-١٨", None),
    ],
)
def test_hours_are_read_as_people_type_them(text: str, hours: tuple[time, time] | None) -> None:
    assert hours_between(text) == hours


def test_an_hour_alone() -> None:
    assert [hour_of(one) for one in ("8", "24:00", "24:30", "")] == [time(8), time(0), None, None]
