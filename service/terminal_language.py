"""The language in which commands speak: Ukrainian, unless the terminal's locale names English."""

from collections.abc import Mapping
from typing import TypeVar

_Words = TypeVar("_Words")


def locale_of(environ: Mapping[str, str]) -> str:
    """Give the POSIX locale of messages, such as `uk_UA.UTF-8`; empty when none is set."""
    return environ.get("LC_ALL") or environ.get("LC_MESSAGES") or environ.get("LANG", "")


def in_locale(locale: str, *, ukrainian: _Words, english: _Words) -> _Words:
    """Choose the words by a POSIX locale."""
    return english if locale.lower().startswith("en") else ukrainian
