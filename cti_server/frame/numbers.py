"""Telephone numbers as people read them."""

import phonenumbers


def phone(number: str | None) -> str:
    """Write an E.164 number so that it is easily read out: `+380 4579 00001`; empty for a hidden one.

    Emergency services' three digits stand as they are.
    """
    if number is None:
        return ""
    if not number.startswith("+"):
        return number
    parsed = phonenumbers.parse(number)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
