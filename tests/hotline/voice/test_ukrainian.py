"""Ukrainian numbers, days and times, in sentences as they are said."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.voice import ukrainian


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (1, "одна людина"),
        (2, "двоє людей"),
        (4, "четверо людей"),
        (5, "п'ять людей"),
        (11, "одинадцять людей"),
        (12, "дванадцять людей"),
        (21, "двадцять одна людина"),
        (23, "двадцять три людини"),
        (29, "двадцять дев'ять людей"),
    ],
)
def test_people_are_counted_as_a_ukrainian_counts_them(number: int, said: str) -> None:
    assert ukrainian.people(number) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (-3, "менше хвилини"),
        (0, "менше хвилини"),
        (1, "близько хвилини"),
        (2, "близько двох хвилин"),
        (3, "близько трьох хвилин"),
        (5, "близько п'яти хвилин"),
        (11, "близько одинадцяти хвилин"),
        (21, "близько двадцяти однієї хвилини"),
        (40, "близько сорока хвилин"),
        (42, "близько сорока двох хвилин"),
        (60, "близько години"),
    ],
)
def test_a_wait_stands_in_the_genitive(minutes: int, said: str) -> None:
    assert ukrainian.about_minutes(minutes) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(18, 30), "до вісімнадцятої години тридцяти хвилин"),
        (time(9, 0), "до дев'ятої години"),
        (time(3, 1), "до третьої години однієї хвилини"),
        (time(20, 45), "до двадцятої години сорока п'яти хвилин"),
        (time(23, 22), "до двадцять третьої години двадцяти двох хвилин"),
        (time(0, 15), "до нульової години п'ятнадцяти хвилин"),
        (time(0, 0), "до опівночі"),
    ],
)
def test_an_end_is_said_with_until(moment: time, said: str) -> None:
    assert ukrainian.until(moment) == said


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(9, 10), "о дев'ятій годині десять хвилин"),
        (time(3, 21), "о третій годині двадцять одна хвилина"),
        (time(11, 0), "об одинадцятій годині"),
        (time(1, 2), "о першій годині дві хвилини"),
        (time(23, 0), "о двадцять третій годині"),
        (time(0, 5), "о нульовій годині п'ять хвилин"),
        (time(0, 0), "опівночі"),
    ],
)
def test_a_beginning_is_said_with_at(moment: time, said: str) -> None:
    assert ukrainian.at(moment) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (date(2026, 12, 12), "дванадцятого грудня"),
        (date(2026, 1, 1), "першого січня"),
        (date(2026, 3, 3), "третього березня"),
        (date(2026, 5, 20), "двадцятого травня"),
        (date(2026, 8, 23), "двадцять третього серпня"),
        (date(2026, 10, 30), "тридцятого жовтня"),
        (date(2026, 7, 31), "тридцять першого липня"),
    ],
)
def test_a_day_stands_in_the_genitive(when: date, said: str) -> None:
    assert ukrainian.day(when) == said


def test_the_days_around_today_have_names_of_their_own() -> None:
    today = date(2026, 12, 31)
    said = [ukrainian.near_day(today + timedelta(days), today) for days in (-2, -1, 0, 1, 2)]
    assert said == ["двадцять дев'ятого грудня", "вчора", "сьогодні", "завтра", "другого січня"]


@given(st.text("0123456789", min_size=1, max_size=20))
def test_a_keyed_number_has_one_word_for_every_digit(number: str) -> None:
    words = ukrainian.digits(number).replace(",", "").split()
    values = ["нуль", "один", "два", "три", "чотири", "п'ять", "шість", "сім", "вісім", "дев'ять"]
    assert [str(values.index(word)) for word in words] == list(number)


@given(st.times(), st.dates())
def test_every_moment_is_words_without_digits(moment: time, when: date) -> None:
    said = f"{ukrainian.at(moment)} {ukrainian.until(moment)} {ukrainian.day(when)}"
    assert not any(character.isdigit() for character in said)
