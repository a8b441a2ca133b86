"""The code by which the head proves who they are in a call: digits, stored as a hash, few attempts.

Ten keys make a weak secret, and a caller's number can be forged: wrong codes therefore slow down further
attempts both from their number and from all numbers together.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

from hotline.access.sign_in import Failures
from hotline.access.users import User

SHORTEST = 6
LONGEST = 12
ATTEMPTS = "#phone-code"
"""The login under which attempts by telephone are counted, all together; no account can be called so."""
LONGEST_WAIT = timedelta(minutes=15)
_FEWEST_DIGITS = 3
"""A code has at least this many different digits, or the first guess finds it."""


class CodeRefused(StrEnum):
    """Why a code does not open anything."""

    WRONG = "wrong"
    TOO_MANY = "too-many"
    """Too many wrong ones came before: this one was not even looked at."""


def acceptable_code(code: str) -> bool:
    """Whether it is long enough, and neither a row of keys nor a few keys over and over."""
    if not (code.isascii() and code.isdigit() and SHORTEST <= len(code) <= LONGEST):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(code)}
    return len(set(code)) >= _FEWEST_DIGITS and len(steps) > 1


def may_press_at(of_all: Failures, of_number: Failures) -> datetime | None:
    """Return the earliest moment of the next attempt, given recent failures in all and from this number."""
    waits = (of_number.wait_until(free=3, most=LONGEST_WAIT), of_all.wait_until(free=10, most=LONGEST_WAIT))
    return max((wait for wait in waits if wait is not None), default=None)


class PhoneCodes(Protocol):
    """Codes by telephone: which user a code belongs to."""

    async def asked_of(self, number: str) -> bool:
        """Tell whether somebody with a code has this telephone: only there the menu offers its key."""
        ...

    async def whose(self, code: str, *, number: str | None, call_id: str) -> User | CodeRefused:
        """Find the user with this code; each attempt is counted and audited, the code itself never stored."""
        ...
