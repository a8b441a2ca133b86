"""English numbers, days and times, as the second language needs them."""

from datetime import date, time, timedelta

import pytest

from ivr_flows import english


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(18, 30), "at six thirty in the evening"),
        (time(9, 5), "at nine oh five in the morning"),
        (time(0, 0), "at midnight"),
        (time(12, 0), "at noon"),
        (time(12, 15), "at twelve fifteen in the afternoon"),
        (time(0, 40), "at twelve forty in the morning"),
    ],
)
def test_a_time_is_said_on_a_twelve_hour_clock(moment: time, said: str) -> None:
    assert english.at(moment) == said


def test_an_end_is_said_with_by() -> None:
    assert english.until(time(23, 0)) == "by eleven in the evening"


def test_people_are_counted_with_the_right_verb() -> None:
    assert [english.people(n) for n in (1, 2, 21)] == [
        "is one person",
        "are two people",
        "are twenty-one people",
    ]


def test_a_wait_is_rounded_to_words() -> None:
    said = [english.about_minutes(minutes) for minutes in (0, 1, 5, 60)]
    assert said == ["less than a minute", "about a minute", "about five minutes", "about an hour"]


def test_days_are_ordinals_but_for_those_around_today() -> None:
    today = date(2026, 12, 11)
    said = [english.near_day(today + timedelta(days), today) for days in (-1, 0, 1, 2)]
    assert said == ["yesterday", "today", "tomorrow", "on the thirteenth of December"]


def test_a_keyed_number_is_read_digit_by_digit() -> None:
    assert english.digits("1207") == "one two, zero seven"
