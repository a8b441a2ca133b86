"""Links by which an applicant says whether it is done: signed by us, for one notice, for so many days.

A link names the notice that it was sent in, so it opens the appeal of whoever was told, and nothing else. Its
signature has 96 bits: it cannot be guessed, and short messages have little room.
"""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.notices import Notice

PATH = "/answer"
TOKEN = r"\d{1,18}\.[A-Za-z0-9_-]{16}"  # noqa: S105 - what tokens look like
_SIGNED_BYTES = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerLinks:
    """Makes and reads them. `address` is where our pages are from outside; empty: there are no links."""

    key: bytes
    address: str
    within: timedelta

    def link(self, notice: Notice) -> str:
        return f"{self.address}{PATH}/{self.token(notice.id)}" if self.address else ""

    def token(self, notice_id: int) -> str:
        """Sign the notice's id: `17.q83vEjRWeJASNFZ4`."""
        digest = hmac.digest(self.key, f"answer:{notice_id}".encode(), "sha256")
        return f"{notice_id}.{base64.urlsafe_b64encode(digest[:_SIGNED_BYTES]).decode()}"

    def notice_id(self, token: str) -> int | None:
        """Give the id of a token (which is as TOKEN says) that we signed; None for any other."""
        notice_id = int(token.partition(".")[0])
        return notice_id if hmac.compare_digest(self.token(notice_id).encode(), token.encode()) else None

    def expired(self, notice: Notice, now: datetime) -> bool:
        return now > notice.owed_at + self.within
