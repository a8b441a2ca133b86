"""Codes by which somebody follows an appeal: ten digits, to be read out, written down or keyed in.

We sign them for the appeal, so that nothing is stored. To the portal the applicant is somebody who has number
and code: they see what was said, and their word counts.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime

from hotline.appeals.appeal import Appeal

DIGITS = 10
_HALF = DIGITS // 2


@dataclass(frozen=True, slots=True)
class FollowCodes:
    """Makes the codes and compares them. `key` signs them, as it does applicants' links."""

    key: bytes

    def code(self, appeal: Appeal) -> str:
        """Give the code: `0123456789`. An appeal of the same number in another register has another."""
        return self.of(appeal.number, appeal.registered_at)

    def of(self, number: str, registered_at: datetime) -> str:
        """Give the code of the appeal with this number that was registered at this moment."""
        signed = f"follow:{number}:{int(registered_at.timestamp())}"
        digest = hmac.digest(self.key, signed.encode(), "sha256")
        return f"{int.from_bytes(digest[:8], 'big') % 10**DIGITS:0{DIGITS}d}"

    def holds(self, appeal: Appeal, typed: str) -> bool:
        """Tell whether it is the appeal's code, however people group its digits."""
        digits = "".join(one for one in typed if one.isalnum())
        return hmac.compare_digest(self.code(appeal).encode(), digits.encode())


def grouped(code: str) -> str:
    """Write a code as people read it: `01234 56789`."""
    return f"{code[:_HALF]} {code[_HALF:]}"
