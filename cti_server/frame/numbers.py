"""Telephone numbers as people read them."""

import phonenumbers


def phone(number: str | None) -> str:
    """Format an E.164 number for reading aloud: `+380 4579 00001`; empty for a hidden one.

    The three digits of emergency services stay as they are.
    """
    if number is None:
        return ""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
