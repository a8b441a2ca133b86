"""Codes by which a caller shows that an appeal is theirs: a number on the line can be forged.

The message that the work is done carries four digits: with them the applicant gives their word, and hears the
answer, in which a person may be named. We sign them for the appeal and that report, so that
nothing is stored; wrong ones stand in the appeal's history, and after a few no code is taken any more.
"""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.appeals.acts.applicants_word import WrongCode
from hotline.appeals.appeal import AppealState
from hotline.appeals.handling import Entry

DIGITS = 4
MOST_WRONG = 5
"""Wrong codes taken for one report: of ten thousand, and the city sees each in the history."""


class CodeCheck(Protocol):
    """Compares codes, as a conversation asks it."""

    def holds(self, history: Sequence[Entry], number: str, typed: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class WordCodes:
    """Makes the codes and compares them. `key` signs them, as it does applicants' links."""

    key: bytes

    def code(self, number: str, version: int) -> str:
        """Give the code of a report: the appeal's `version` after it."""
        digest = hmac.digest(self.key, f"code:{number}:{version}".encode(), "sha256")
        return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

    def holds(self, history: Sequence[Entry], number: str, typed: str) -> bool:
        """Tell whether it is the code of the latest report, and codes of that report are still taken."""
        version = reported_at(history)
        if version is None or not taken(history):
            return False
        return hmac.compare_digest(self.code(number, version).encode(), typed.encode())


def taken(history: Sequence[Entry]) -> bool:
    """Tell whether a code is asked for: one was sent, and not too many wrong ones have come since."""
    return reported_at(history) is not None and not spent(history)


def reported_at(history: Sequence[Entry]) -> int | None:
    """Give the appeal's version after it was last reported done; None where it never was."""
    reports = (
        one for one in reversed(history) if one.after is AppealState.DONE and one.before is not one.after
    )
    return next((one.version for one in reports), None)


def spent(history: Sequence[Entry]) -> bool:
    """Tell whether too many wrong codes came: none is taken until the work is reported done again."""
    since = reported_at(history) or 0
    return sum(one.act == WrongCode.name and one.version > since for one in history) >= MOST_WRONG
