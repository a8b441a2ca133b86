"""Telephone numbers as trunks, people and attackers write them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline.contact.mobiles import UKRAINIAN_MOBILES
from hotline.contact.numbers import LONGEST_SHOWN, as_shown, e164, gets_sms, masked, takes_sms

numbers = st.text("0123456789", min_size=1, max_size=15)


@pytest.mark.parametrize(
    ("shown", "number"),
    [
        ("0457900012", "+380457900012"),
        ("380457900012", "+380457900012"),
        ("+380457900012", "+380457900012"),
        ("+38 (04579) 0-00-12", "+380457900012"),
        ("  0457900012 ", "+380457900012"),
        ("12025550123", "+12025550123"),
        ("+4915123456789", "+4915123456789"),
    ],
)
def test_all_that_trunks_and_people_write_becomes_one_form(shown: str, number: str) -> None:
    assert e164(shown) == number


@pytest.mark.parametrize("shown", ["", " ", "anonymous", "unavailable", "101", "1580", "+", "0", "sip:alice"])
def test_anonymous_internal_and_malformed_numbers_are_nobodys(shown: str) -> None:
    assert e164(shown) is None


@pytest.mark.parametrize("shown", ["90012", "7900012", "123456"])
def test_a_number_without_its_area_code_is_not_taken_for_another_one(shown: str) -> None:
    assert e164(shown) is None


@given(st.text(max_size=60))
@example("9" * 10_000)
@example("+" * 39)
@example('"; DROP TABLE calls --')
@example("☎️ 0457900012")
@example("+380457900012;ext=" + "9" * 20)
@example("0457900012\r\nX: y")
def test_no_text_at_all_upsets_it(shown: str) -> None:
    number = e164(shown)
    assert number is None or (number[0] == "+" and number[1:].isdigit() and number.isascii())


@given(st.from_regex(r"(\+?38)?0[0-9]{9}", fullmatch=True))
@example("0000000000")
@example("+380045790001")
def test_the_usual_forms_are_read_as_the_parser_reads_them(shown: str) -> None:
    assert e164(shown) == e164(f"{shown[:-1]} {shown[-1]}")


@given(st.from_regex(r"\+380[0-9]{0,8}", fullmatch=True))
@example("+3804571")
@example("+38080050050")
def test_a_number_of_ours_that_was_cut_is_nobodys_for_the_parser_too(shown: str) -> None:
    assert e164(shown) is None
    assert e164(f"{shown[:2]} {shown[2:]}") is None


@given(st.from_regex(r"\+380(4579|50|67)[0-9]{6,7}", fullmatch=True))
def test_what_is_in_e164_stays_as_it_is(number: str) -> None:
    assert e164(number) in {number, None}


def test_a_masked_number_shows_the_area_and_two_digits() -> None:
    assert masked("+380457900012") == "+38045*****12"


@pytest.mark.parametrize("number", [None, ""])
def test_a_caller_without_a_number_is_called_anonymous(number: str | None) -> None:
    assert masked(number) == "anonymous"


@given(numbers)
def test_a_mask_keeps_the_length_and_never_shows_more_than_it_may(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= min(5, len(number))
    assert all(mark in {"*", digit} for mark, digit in zip(shown, number, strict=True))
    assert shown.rstrip("0123456789").endswith("*")


@given(text=st.text(max_size=200))
def test_what_is_shown_of_a_caller_is_one_bounded_line_whatever_was_sent(text: str) -> None:
    shown = as_shown(text)
    assert shown.isprintable()
    assert len(shown) <= LONGEST_SHOWN


def test_writing_direction_and_line_breaks_are_left_out_and_letters_kept() -> None:
    assert as_shown("\u202e+38\r\n0671 Оксана\x1b") == "+380671 Оксана"


def test_a_mobile_telephone_takes_messages_and_a_telephone_on_the_wall_does_not() -> None:
    assert takes_sms("+380671234567")
    assert all(takes_sms(f"{one}1234567") for one in UKRAINIAN_MOBILES), "by the numbering plan too"
    assert not any(takes_sms(number) for number in ("+380457900012", "anonymous", "", None))
    assert gets_sms("+380671234567", UKRAINIAN_MOBILES)
    assert not any(gets_sms(one, ("+380", "+48")) for one in ("+380457900012", "+4915112345678", None))
