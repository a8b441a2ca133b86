"""Numbers as people say them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from hotline.speech.spoken_numbers import digits_in, numbers_in
from hotline.speech.vocabulary import built_in
from hotline.voice import ukrainian
from hotline.voice.speech import Language
from tests.fakes.said import said

WORDS = built_in()[Language.UKRAINIAN]


def digits(text: str) -> str:
    return digits_in(said(text), WORDS)


@given(number=st.integers(0, 2_999_999))
def test_a_number_said_as_one_is_read_back(number: int) -> None:
    assert digits(num2words(number, lang="uk")) == str(number)


@given(number=st.text("0123456789", min_size=1, max_size=9))
def test_a_number_said_digit_by_digit_is_read_back_with_its_zeros(number: str) -> None:
    assert digits(ukrainian.digits(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("двадцять шість, чотири нулі, сім", "2600007"),
        ("двадцать шесть нуль адін", "2601"),
        ("26 00001", "2600001"),
        ("номер тисяча двісті", "1200"),
        ("сьомий", "7"),
        ("двадцять", "20"),
        ("двадцять два два", "222"),
        ("двадцять чотири нулі", "200000"),
        ("добрий день", ""),
    ],
)
def test_numbers_are_put_together(text: str, number: str) -> None:
    assert digits(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("two hundred five double oh", "20500"),
        ("three thousand four hundred", "3400"),
        ("hundred seven", "107"),
        ("nineteen hundred twenty", "1920"),
        ("twenty six three zeros one", "260001"),
        ("the lift stopped a double", ""),
    ],
)
def test_english_numbers_are_put_together(text: str, number: str) -> None:
    words = built_in()[Language.ENGLISH]
    assert digits_in(said(text), words) == number


def test_numbers_apart_stay_apart() -> None:
    found = numbers_in(said("будинок сім, квартира двадцять один"), WORDS)
    assert [(one.digits, one.begins, one.ends) for one in found] == [("7", 1, 2), ("21", 3, 5)]
