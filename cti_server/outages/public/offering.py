"""Addresses offered while a reader types theirs: as many a minute as a person needs."""

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.clients import counted_as
from cti_server.outages.public.address_query import LONGEST_ADDRESS
from cti_server.outages.public.sources import PUBLIC
from hotline.city.address_search import offered_addresses

PATH = "/outages/addresses"
_KEPT = {"Cache-Control": "public, max-age=300", "X-Robots-Tag": "noindex"}


@open_to_all
async def addresses(request: web.Request) -> web.Response:
    """List streets, or houses of the one meant, for `?address=` as typed so far; raises TooManyRequests."""
    sources = request.app[PUBLIC]
    sources.offers.take(counted_as(request))
    typed = request.query.get("address", "")[:LONGEST_ADDRESS]
    offered = await offered_addresses(sources.streets, typed)
    texts = [*(one.name for one in offered.streets), *(one.text for one in offered.houses)]
    return web.json_response(texts, headers=_KEPT)
