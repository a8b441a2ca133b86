"""E-mail addresses as people type them: checked, and written in one form."""

import re

LONGEST = 254
"""RFC 5321, 4.5.3.1, with the errata."""
_LONGEST_NAME = 64
_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


def mail_address(typed: str) -> str | None:
    """Write the address as servers take it; None for what cannot be one.

    A domain in Ukrainian letters becomes its ASCII form (IDNA); the name before the `@` has to be in Latin
    letters, as few servers take others.
    """
    name, at, domain = typed.strip().rpartition("@")
    if not at or not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        return None
    try:
        ascii_domain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = ascii_domain.split(".")
    whole = f"{name}@{ascii_domain}"
    right = len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdecimal()
    return whole if right and len(whole) <= LONGEST else None


def masked_mail(address: str) -> str:
    """Write the address as logs may show it: `m***@example.org`."""
    name, _at, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}"
