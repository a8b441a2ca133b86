"""Days and moments are typed as people here write them, and read as programs send them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cti_server.frame.moments import day_shown, moment_typed, read_day, read_moment

KYIV = ZoneInfo("Europe/Kyiv")
WINTER = datetime(2026, 1, 6, 12, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["06.01.2026", " 6.1.2026 ", "6,1,2026", "06. 01. 2026", "6 1 2026", "2026-01-06"]
)
def test_a_day_is_read_with_the_day_before_the_month(text: str) -> None:
    assert read_day(text) == date(2026, 1, 6)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "завтра",
        "31.02.2026",
        "01/06/2026",
        "06.01.26",
        "20260106",
        "2026-1-6",
        "06.01.2026 14:05",
        "٠٦.٠١.٢٠٢٦",
    ],
)
def test_what_may_mean_another_day_is_none(text: str) -> None:
    assert read_day(text) is None
    assert day_shown(text) == text


@pytest.mark.parametrize(
    "text",
    ["06.01.2026 14:05", "6.1.2026, 14:05", "06.01.2026 14.05", "2026-01-06T14:05", "2026-01-06T14:05:59"],
)
def test_a_moment_is_read_on_the_clock_of_the_city(text: str) -> None:
    assert read_moment(text, KYIV) == WINTER


@pytest.mark.parametrize(
    "text",
    ["06.01.2026", "06.01.2026 24:00", "06.01.2026 2:05 PM", "06.01.1999 14:05", "06.01.2101 14:05", "14:05"],
)
def test_what_is_no_moment_of_ours_is_none(text: str) -> None:
    assert read_moment(text, KYIV) is None


def test_what_a_field_shows_is_what_it_takes() -> None:
    assert read_moment(moment_typed(WINTER, KYIV), KYIV) == WINTER
    assert day_shown(date(2026, 1, 6)) == day_shown("2026-01-06") == "06.01.2026"


def test_text_that_nobody_changed_is_the_moment_of_the_hour_that_comes_twice() -> None:
    for hour in (0, 1):
        at = datetime(2026, 10, 25, hour, 30, tzinfo=UTC)
        assert read_moment(moment_typed(at, KYIV), KYIV, at) == at
