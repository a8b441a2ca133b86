"""Telephone numbers: one written form for all of them, and one masked form for logs."""

import re
from collections.abc import Sequence

import phonenumbers

COUNTRY = "UA"
E164 = "+"
"""Begins a number of E.164; an emergency service's has three digits."""
_USUAL = re.compile(r"(?:\+?38)?(0[3-9][0-9]{8})")
"""A whole number as trunks write it: nearly all are, and the parser takes a hundred times as long."""
_TOO_SHORT = re.compile(r"\+380[0-9]{0,8}")
"""A number of ours with digits missing: a trunk cut it, and no parser need be asked."""
_HAS_DIGIT = re.compile(r"\d")
LONGEST_DIALLED = 40
LONGEST_SHOWN = 80
_OF_NUMBERS = re.compile(r"[0-9\s()+\-./№#]+")
_MOBILE = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
HIDDEN = 5
SHOWN_AT_THE_END = 2
"""Visible digits of a masked number; a number of no more digits than these is hidden whole."""


def e164(shown: str, *, country: str = COUNTRY) -> str | None:
    """Write the number in E.164 (`+380457900012`); None for an anonymous, internal or malformed one.

    Takes what trunks and people write: `0457900012`, `380457900012`, `+38 (04579) 0-00-12`.
    """
    text = shown.strip()
    if country == COUNTRY and (usual := _USUAL.fullmatch(text)):
        return f"+38{usual[1]}"
    if _TOO_SHORT.fullmatch(text):
        return None
    if not _HAS_DIGIT.search(text):  # `anonymous`: the parser takes a hundred times as long to find as much
        return None
    if len(text) > LONGEST_DIALLED:  # no dialled number is longer, and the parser's work grows with its input
        return None
    for candidate in (text, f"+{text}"):
        try:
            parsed = phonenumbers.parse(candidate, country)
        except phonenumbers.NumberParseException:
            continue
        # A number that is complete only within its town (90012) names nobody outside it.
        if phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE:
            return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return None


def digits_of_part(text: str) -> str:
    """Read a part of a number, however short: its digits; empty when the text is none."""
    return re.sub(r"[^0-9]", "", text) if _OF_NUMBERS.fullmatch(text) else ""


def as_shown(raw: str) -> str:
    """Make what a trunk shows of a caller fit to be stored and put on a screen: one line, at most 80 signs.

    Control signs and marks that turn the writing direction are left out.
    """
    return "".join(sign for sign in raw if sign.isprintable())[:LONGEST_SHOWN]


def takes_sms(number: str | None) -> bool:
    """Whether an E.164 number is of a mobile telephone, as far as the numbering plan says."""
    if number is None:
        return False
    try:
        kind = phonenumbers.number_type(phonenumbers.parse(number, COUNTRY))
    except phonenumbers.NumberParseException:
        return False
    return kind in _MOBILE


def gets_sms(number: str | None, prefixes: Sequence[str]) -> bool:
    """Whether a short message goes there: a mobile telephone that begins with one of these."""
    return number is not None and begins_with(number, prefixes) and takes_sms(number)


def begins_with(number: str, prefixes: Sequence[str]) -> bool:
    """Tell whether an E.164 number begins with one of these, such as `+38067`."""
    return number.startswith(tuple(prefixes))


def masked(number: str | None) -> str:
    """Write the number as logs may show it: `+38045*****12`."""
    if not number:
        return "anonymous"
    if len(number) <= SHOWN_AT_THE_END + HIDDEN:
        return "*" * len(number)
    head = number[: -SHOWN_AT_THE_END - HIDDEN]
    return f"{head}{'*' * HIDDEN}{number[-SHOWN_AT_THE_END:]}"
