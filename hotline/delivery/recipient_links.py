"""Links that open a page for one recipient who needs no account: signed by us, each for its own purpose."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.delivery.outbox import Notice
from hotline.delivery.signed_links import SignedNumbers

PAGES: Mapping[str, str] = {
    "invitee": "/meetings/invited",
    "consent": "/specialists/consent",
    "specialist": "/specialists/drawn-in",
}
"""The page to which a recipient's link leads, by the word before their number in `Notice.to`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientLinks:
    """Makes and reads them. `address` is where our pages are from outside; empty: there are no links."""

    key: bytes
    address: str

    def link(self, notice: Notice) -> str:
        """Give the recipient's link; empty for one who has none."""
        word, _, number = notice.to.partition(":")
        if word not in PAGES or not self.address:
            return ""
        return f"{self.address}{PAGES[word]}/{self.token(word, int(number))}"

    def token(self, word: str, number: int) -> str:
        return self._signed(word).token(number)

    def number(self, word: str, token: str) -> int | None:
        """Give the number of a token (which is as TOKEN says) that we signed; None for any other."""
        return self._signed(word).number(token)

    def _signed(self, word: str) -> SignedNumbers:
        return SignedNumbers(self.key, f"recipient-{word}")
