"""Hours as clerks type them, and whether a body is open at a moment."""

from collections.abc import Collection
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.directory.hours import Standing, hours_of, runs, standing
from hotline.shifts.hours import hours_text

KYIV = ZoneInfo("Europe/Kyiv")
USUAL = "пн-чт 8:00-17:00, пт 8:00-15:45, обід 12:00-12:45"


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """July of 2026: the 1st is a Wednesday."""
    return datetime(2026, 7, day, hour, minute, tzinfo=KYIV)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Пн – Пт: 9 – 18; сб 9-13", "12345 09:00–18:00; 6 09:00–13:00"),
        ("пн, ср 9-12", "13 09:00–12:00"),
        ("щодня 8-24", "1234567 08:00–00:00"),
        ("mon-fri 8:30-17, break 12-13", "12345 08:30–12:00, 13:00–17:00"),
        (USUAL, "1234 08:00–12:00, 12:45–17:00; 5 08:00–12:00, 12:45–15:45"),
        ("вт 14-18, обід 12-13", "2 14:00–18:00"),
    ],
)
def test_hours_are_read_as_they_are_typed(typed: str, read: str) -> None:
    hours = hours_of(typed)
    assert hours
    assert read == "; ".join(
        f"{''.join(map(str, days))} {', '.join(hours_text(*span) for span in spans)}"
        for days, spans in runs(hours)
    )


@pytest.mark.parametrize(
    "typed", ["", "колись", "9-12", "вт", "пн 18-9", "пт-пн 9-12", "пн 9-12, пн 13-15", "пн пн 9-12", "обід"]
)
def test_what_is_no_hours_is_not_guessed(typed: str) -> None:
    assert hours_of(typed) is None


@pytest.mark.parametrize(
    ("moment", "closed", "stands"),
    [
        (at(1, 9), (), Standing(open=True, turns=at(1, 12))),
        (at(1, 12, 44), (), Standing(open=False, turns=at(1, 12, 45))),
        (at(1, 17), (), Standing(open=False, turns=at(2, 8))),
        (at(3, 16), (), Standing(open=False, turns=at(6, 8))),
        (at(1, 9), (1, 2, 3), Standing(open=False, turns=at(6, 8))),
        (at(1, 9), range(1, 32), Standing(open=False, turns=datetime(2026, 8, 3, 8, tzinfo=KYIV))),
    ],
)
def test_it_is_open_until_or_opens_at(moment: datetime, closed: Collection[int], stands: Standing) -> None:
    hours = hours_of(USUAL)
    assert hours
    assert standing(hours, lambda day: day.month == 7 and day.day in closed, moment) == stands


def test_day_and_night_ends_with_a_closing_only_and_what_never_opens_says_nothing() -> None:
    always, usual = hours_of("цілодобово"), hours_of(USUAL)
    assert always
    assert usual
    assert standing(always, lambda _day: False, at(1, 3)) == Standing(open=True, turns=None)
    assert standing(always, date(2026, 7, 4).__eq__, at(1, 3)) == Standing(open=True, turns=at(4, 0))
    assert standing(always, date(2026, 7, 1).__eq__, at(1, 3)) == Standing(open=False, turns=at(2, 0))
    assert standing(usual, lambda _day: True, at(1, 9)) == Standing(open=False, turns=None)
