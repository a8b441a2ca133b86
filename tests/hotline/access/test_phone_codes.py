"""Codes by telephone: which are taken, and how slowly they can be tried."""

from datetime import UTC, datetime, timedelta

import pytest

from hotline.access.phone_codes import LONGEST_WAIT, acceptable_code, may_press_at
from hotline.access.sign_in import Failures

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("code", ["482615", "900817", "135790842611", "112358"])
def test_codes_that_are_hard_to_guess_are_taken(code: str) -> None:
    assert acceptable_code(code)


@pytest.mark.parametrize(
    "code",
    ["", "48261", "4826151234567", "111111", "123456", "987654", "121212", "48261a", "٤٨٢٦١٥", "482 615"],
)
def test_short_plain_and_foreign_ones_are_not(code: str) -> None:
    assert not acceptable_code(code)


def test_three_wrong_codes_of_a_number_are_free_and_then_it_gets_slow() -> None:
    none = Failures()
    assert may_press_at(none, Failures(count=2, last=NOW)) is None
    assert may_press_at(none, Failures(count=3, last=NOW)) == NOW + timedelta(seconds=1)
    assert may_press_at(none, Failures(count=8, last=NOW)) == NOW + timedelta(seconds=32)
    assert may_press_at(none, Failures(count=80, last=NOW)) == NOW + LONGEST_WAIT


def test_changing_the_number_does_not_help_whoever_guesses() -> None:
    fresh = Failures()
    assert may_press_at(Failures(count=9, last=NOW), fresh) is None
    assert may_press_at(Failures(count=30, last=NOW), fresh) == NOW + LONGEST_WAIT
