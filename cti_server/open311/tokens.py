"""Tokens of the standard: a request has its id at once here, so that a token is that id."""

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.frame.language import N_
from cti_server.open311.asking import count_in
from cti_server.open311.faults import NotKnown
from cti_server.open311.formats import answer
from cti_server.open311.listing import by_ids


@open_to_all
async def token(request: web.Request) -> web.Response:
    """Give the id that belongs to a token; raises NotKnown."""
    count_in(request)
    given = request.match_info["id"]
    if not await by_ids(request, [given]):
        raise NotKnown(N_("token %(token)s was not found."), token=given)
    return answer(request, "service_requests", [{"service_request_id": given, "token": given}])
