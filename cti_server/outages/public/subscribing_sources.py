"""Ports of subscribing to outages."""

from dataclasses import dataclass, field

from aiohttp import web

from cti_server.auth.rates import WrongTokens
from hotline.delivery.outbox import Notice, Outbox
from hotline.delivery.signed_links import SignedNumbers
from hotline.outages.subscriptions import OutageSubscriptions

FREE_ASKED = 5
"""Subscriptions asked for from one address within an hour, before it has to wait."""
FREE_WRONG = 10
"""Links that nobody signed, and wrong codes, from one address within an hour, before it has to wait."""
CONFIRM = "/outages/confirm"
STOP = "/stop"
"""Short: short messages have little room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLinks:
    """Links in messages: by one it is confirmed, by the other it ends. Each names the notice it came in."""

    key: bytes
    address: str

    @property
    def confirming(self) -> SignedNumbers:
        return SignedNumbers(self.key, "confirm-subscription")

    @property
    def stopping(self) -> SignedNumbers:
        return SignedNumbers(self.key, "stop-subscriptions")

    @property
    def awaited(self) -> SignedNumbers:
        """Sign the subscription whose code is awaited: it opens nothing but the field for the code."""
        return SignedNumbers(self.key, "awaited-code")

    def confirm(self, notice: Notice) -> str:
        return f"{self.address}{CONFIRM}/{self.confirming.token(notice.id)}"

    def stop(self, notice: Notice) -> str:
        return f"{self.address}{STOP}/{self.stopping.token(notice.id)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscribingSources:
    """`asked` and `wrong` count by the address whence requests come, so that nobody floods others."""

    subscriptions: OutageSubscriptions
    outbox: Outbox
    links: SubscriptionLinks
    asked: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_ASKED))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))


SUBSCRIBING: web.AppKey[SubscribingSources] = web.AppKey("subscribing")
