"""Days of the city, cut where its clocks are changed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotline.city.city_days import city_days

KYIV = ZoneInfo("Europe/Kyiv")
WINTER, SUMMER = 2 * 3600, 3 * 3600


def test_a_day_without_a_change_is_one_piece_from_midnight_to_midnight() -> None:
    (piece,) = city_days(date(2026, 3, 2), date(2026, 3, 2), KYIV)
    assert piece.since == datetime(2026, 3, 1, 22, tzinfo=UTC)
    assert piece.until - piece.since == timedelta(days=1)
    assert piece.offset == WINTER


@pytest.mark.parametrize(
    ("day", "hours", "offsets"),
    [(date(2026, 3, 29), 23, [WINTER, SUMMER]), (date(2026, 10, 25), 25, [SUMMER, WINTER])],
)
def test_the_days_of_the_change_are_two_pieces_without_a_gap(
    day: date, hours: int, offsets: list[int]
) -> None:
    before, after = city_days(day, day, KYIV)
    assert [before.offset, after.offset] == offsets
    assert before.until == after.since
    assert after.until - before.since == timedelta(hours=hours)
    assert before.until.hour == 1, "one in the morning by UTC, all over Europe"


def test_a_year_has_three_pieces() -> None:
    pieces = city_days(date(2026, 1, 1), date(2026, 12, 31), KYIV)
    assert [piece.offset for piece in pieces] == [WINTER, SUMMER, WINTER]
    assert pieces[-1].until - pieces[0].since == timedelta(days=365)
