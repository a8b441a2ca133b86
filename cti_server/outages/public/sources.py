"""Ports of the public pages of outages."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from aiohttp import web

from cti_server.outages.public.published import Published
from hotline.city.addresses import Streets


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicSources:
    """`number` is the one to ring; `address` where our pages are from outside, such as `https://hotline.city`."""

    published: Published
    streets: Streets
    timezone: ZoneInfo
    number: str
    address: str


PUBLIC: web.AppKey[PublicSources] = web.AppKey("public-outages")
