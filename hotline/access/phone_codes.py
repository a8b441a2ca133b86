"""The code by which the head is known on the telephone: digits, kept as a hash, tried seldom.

Ten keys make a weak secret, and a caller's number can be forged: so whoever guesses is slowed down both by
number and over all numbers together.
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
"""So many different ones, or it is the first that anybody tries."""


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
    """Tell when the next code may be tried, given what failed of late in all, and from this number."""
    waits = (of_number.wait_until(free=3, most=LONGEST_WAIT), of_all.wait_until(free=10, most=LONGEST_WAIT))
    return max((wait for wait in waits if wait is not None), default=None)


class PhoneCodes(Protocol):
    """Who may do what on the telephone."""

    async def whose(self, code: str, *, number: str | None, call_id: str) -> User | CodeRefused:
        """Find whose code was pressed; every attempt is counted and audited, the code itself never kept."""
        ...
