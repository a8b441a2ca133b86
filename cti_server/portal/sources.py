"""Ports of the pages by which residents report."""

from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from cti_server.portal.counted import EndsByDay, OpenByStreet
from hotline.city.addresses import Streets
from hotline.city.city_map import CityMaps
from hotline.delivery.signed_links import SignedNumbers
from hotline.portal.accounts import Accounts
from hotline.portal.closings import ClosingDigests
from hotline.portal.matters import PublicMatters
from hotline.reports.public_rating import PublicRatings

SENDS = TokenLimits(per_second=0.2, at_once=20)
"""Forms with photos from one network: each photo is looked into and redrawn."""
READS = TokenLimits(per_second=2.0, at_once=60)
"""Pages of the public list for one network."""
DIGESTS = TokenLimits(per_second=20.0, at_once=1000)
"""Digests for one network: a reader who verifies the chain fetches years of them."""
FREE_ASKED = 5
"""Codes asked for from one address within an hour, before it has to wait."""
FREE_WRONG = 10
SOONEST = timedelta(seconds=3)
"""Nobody fills the form in faster."""
OLDEST = timedelta(days=14)
"""A form that was kept without a network is sent within this time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PortalSources:
    """`key` signs the moment at which a form was shown."""

    key: bytes
    maps: CityMaps
    accounts: Accounts
    matters: PublicMatters
    open_by_street: OpenByStreet
    streets: Streets
    closings: ClosingDigests
    ends_by_day: EndsByDay
    ratings: PublicRatings
    digest_reads: Rates = field(default_factory=lambda: Rates(DIGESTS))
    reads: Rates = field(default_factory=lambda: Rates(READS))
    sends: Rates = field(default_factory=lambda: Rates(SENDS))

    asked: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_ASKED))
    wrong: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))

    @property
    def awaited(self) -> SignedNumbers:
        """Sign the code that is awaited: it opens nothing but the field for it."""
        return SignedNumbers(self.key, "resident-code")

    @property
    def shown(self) -> SignedNumbers:
        return SignedNumbers(self.key, "report-form")


PORTAL: web.AppKey[PortalSources] = web.AppKey("portal")
