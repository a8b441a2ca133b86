"""Telephone numbers, numbers of appeals, shares and means as people read them, and read them out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache

import phonenumbers

DIGITS: Mapping[str, tuple[str, ...]] = {
    "uk": ("нуль", "один", "два", "три", "чотири", "п’ять", "шість", "сім", "вісім", "дев’ять"),
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}

HOME = "+38"
NOTHING = "—"
"""A figure of nothing: a share of no calls, a mean of no days."""
_WHOLE = 100
_LATELY = 1000


@lru_cache(_LATELY)  # one page shows the same number in several places, and a list those of the page before
def phone(number: str | None) -> str:
    """Format an E.164 number for reading aloud: `+380 4579 00001`; empty for a hidden one.

    The three digits of emergency services stay as they are, and so does what another city's hotline gives as
    a number that is none.
    """
    if number is None:
        return ""
    if not number.startswith("+"):
        return number
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def beginnings(prefixes: Sequence[str]) -> str:
    """Write the beginnings of numbers as people at home know them: `050, 063, 067`."""
    return ", ".join(one.removeprefix(HOME) for one in prefixes)


def grouped(number: str) -> str:
    """Write the number as it is easily read: `26 000 01`."""
    return " ".join([number[:2], *(number[at : at + 3] for at in range(2, len(number), 3))])


def read_out(number: str, language: str) -> str:
    """Write the number digit by digit, in groups that one can take down."""
    groups = grouped(number).split()
    return ", ".join(" ".join(DIGITS[language][int(digit)] for digit in group) for group in groups)


def percent(part: float | None) -> str:
    """Write a share from 0 to 1; never 100 % of what is not whole, nor 0 % of something."""
    if part is None:
        return NOTHING
    rounded = round(part * _WHOLE)
    if part < 1:
        rounded = min(rounded, _WHOLE - 1)
    return f"{max(rounded, 1) if part > 0 else 0}\N{NO-BREAK SPACE}%"


def thousands(number: int | Decimal) -> str:
    """Write a number in groups of three digits: `12 340`."""
    return f"{number:,}".replace(",", "\N{NO-BREAK SPACE}")


def hryvnias(language: str, sum_: Decimal) -> str:
    """Write a sum of money: `1 870,00 ₴`."""
    written = f"{thousands(sum_)}\N{NO-BREAK SPACE}₴"
    return written.replace(".", ",") if language == "uk" else written


def tenths(language: str, value: float) -> str:
    """Write a mean with one digit behind the language's own decimal sign."""
    written = f"{value:.1f}"
    return written.replace(".", ",") if language == "uk" else written
