"""Numbers that we signed, for links: nobody can make up another, and one purpose's are no other's.

A signature has 96 bits: it cannot be guessed, and short messages have little room.
"""

import base64
import hmac
import re
from dataclasses import dataclass

TOKEN = r"\d{1,18}\.[A-Za-z0-9_-]{16}"  # noqa: S105 - what tokens look like
_SIGNED_BYTES = 12


@dataclass(frozen=True, slots=True)
class SignedNumbers:
    """Signs numbers for one purpose."""

    key: bytes
    purpose: str

    def token(self, number: int) -> str:
        """Sign it: `17.q83vEjRWeJASNFZ4`."""
        digest = hmac.digest(self.key, f"{self.purpose}:{number}".encode(), "sha256")
        return f"{number}.{base64.urlsafe_b64encode(digest[:_SIGNED_BYTES]).decode()}"

    @staticmethod
    def signed(token: str) -> bool:
        """Tell whether it has the form of a token: only of such a number is asked for."""
        return re.fullmatch(TOKEN, token) is not None

    def number(self, token: str) -> int | None:
        """Give the number of a token (which is as TOKEN says) that we signed; None for any other."""
        number = int(token.partition(".")[0])
        return number if hmac.compare_digest(self.token(number).encode(), token.encode()) else None
