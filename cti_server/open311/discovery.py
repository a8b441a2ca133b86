"""The discovery file: it tells clients where to ask, and who gives a key."""

from aiohttp import web

from cti_server.auth.access import open_to_all
from cti_server.open311.formats import Value, answer
from cti_server.open311.sources import OPEN311

CHANGED = "2026-11-30T00:00:00Z"
"""When the interface last changed in what it serves."""
PREFIX = "/open311"
V2 = f"{PREFIX}/v2"
_SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
_FORMATS = ("text/xml", "application/json")


@open_to_all
async def discovery(request: web.Request) -> web.Response:
    """Tell the one endpoint, and that keys are given by the head of the centre."""
    sources = request.app[OPEN311]
    document: Value = {
        "changeset": CHANGED,
        "contact": sources.number,
        "key_service": f"{sources.address}/api/",
        "endpoints": [
            {
                "specification": _SPECIFICATION,
                "url": sources.address + V2,
                "changeset": CHANGED,
                "type": "production",
                "formats": list(_FORMATS),
            }
        ],
    }
    return answer(request, "discovery", document)
