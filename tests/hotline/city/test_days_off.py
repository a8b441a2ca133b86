"""Days off of Ukraine, by the file that the product brings."""

import tomllib
from dataclasses import replace
from datetime import date, timedelta
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.city.days_off import DaysOff, Suspension, days_off

YEARS = range(2025, 2031)
PEACE = replace(days_off(), suspended=())


def easter(year: int) -> date:
    """Orthodox Easter by the Julian reckoning (Meeus), in the Gregorian calendar of this century."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + timedelta(days=13)


def test_easter_and_trinity_are_where_the_church_year_has_them() -> None:
    read = tomllib.loads(files("hotline").joinpath("data/days-off-1.toml").read_text("utf-8"))
    feasts = {one["en"]: [date.fromisoformat(day) for day in one["days"]] for one in read["moving"]}
    assert feasts["Easter"] == [easter(year) for year in YEARS]
    assert feasts["Trinity Sunday"] == [easter(year) + timedelta(days=49) for year in YEARS]


def test_the_holidays_are_those_of_the_labour_code() -> None:
    assert PEACE.each_year == {
        *((1, 1), (3, 8), (5, 1), (5, 8), (6, 28), (7, 15), (8, 24), (10, 1), (12, 25)),
    }


@pytest.mark.parametrize(
    ("day", "is_off"),
    [
        ("2026-04-13", True),  # the Monday after Easter
        ("2026-04-14", False),
        ("2026-03-09", True),  # 8 March is a Sunday
        ("2026-06-01", True),  # after Trinity Sunday
        ("2026-06-29", True),  # 28 June is a Sunday
        ("2027-05-03", True),  # 1 May is a Saturday and Easter the Sunday behind it: two days are owed
        ("2027-05-04", True),
        ("2027-05-05", False),
        ("2026-01-02", False),
        ("2026-08-24", True),
    ],
)
def test_a_holiday_on_a_weekend_makes_the_next_working_day_one_off(day: str, *, is_off: bool) -> None:
    assert PEACE.is_off(date.fromisoformat(day)) is is_off


def test_under_martial_law_only_weekends_are_off() -> None:
    assert not days_off().is_off(date(2026, 8, 24))
    assert not days_off().is_off(date(2026, 4, 13))
    assert days_off().is_off(date(2026, 8, 23))


def test_holidays_are_kept_again_from_the_day_after_martial_law() -> None:
    law = replace(PEACE, suspended=(Suspension(date(2022, 3, 24), date(2026, 8, 23)),))
    assert not law.is_off(date(2026, 7, 15))
    assert law.is_off(date(2026, 8, 24))
    assert law.is_off(date(2021, 8, 24))


@given(st.dates(date(2025, 1, 1), date(2030, 12, 31)))
def test_the_next_working_day_is_no_day_off_and_none_lies_between(day: date) -> None:
    for days in (PEACE, days_off(), DaysOff()):
        found = days.next_working(day)
        assert not days.is_off(found)
        assert all(days.is_off(day + timedelta(days=one)) for one in range((found - day).days))
        assert found - day <= timedelta(days=6)
