"""Ports of the public pages of outages."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits
from cti_server.outages.public.published import Published
from hotline.city.addresses import Streets
from hotline.city.city_rules import QUIET_AT_NIGHT, Hours

OFFERS = TokenLimits(per_second=2.0, at_once=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSources:
    """`number` is the one to ring; `address` where our pages are from outside, such as `https://hotline.city`."""

    published: Published
    streets: Streets
    timezone: ZoneInfo
    number: str
    address: str
    trial: bool = False
    """This is no real city: programs that warn people are told that it is a test."""
    power_quiet: Hours = QUIET_AT_NIGHT
    """Offered to who wants to be told ahead of the power (`CityRules.power_quiet`)."""
    offers: Rates = field(default_factory=lambda: Rates(OFFERS))
    """Of offered addresses, for each network."""


PUBLIC: web.AppKey[PublicSources] = web.AppKey("public-outages")
