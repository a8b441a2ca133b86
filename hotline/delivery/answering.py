"""Links by which an applicant says whether the work is done: signed by us, for one notice, for some days.

A link names the notice that carried it, so it opens that recipient's appeal and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.delivery.outbox import Notice
from hotline.delivery.signed_links import TOKEN, SignedNumbers

__all__ = ["FOLLOW", "PATH", "TOKEN", "AnswerLinks"]
PATH = "/answer"
FOLLOW = "/my"
"""The page on which an appeal is followed by its number and code."""


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
        return self._signed.token(notice_id)

    def notice_id(self, token: str) -> int | None:
        """Give the id of a token (which is as TOKEN says) that we signed; None for any other."""
        return self._signed.number(token)

    @property
    def _signed(self) -> SignedNumbers:
        return SignedNumbers(self.key, "answer")

    def expired(self, notice: Notice, now: datetime) -> bool:
        return now > notice.owed_at + self.within
