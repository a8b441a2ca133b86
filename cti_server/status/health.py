"""`/health/live` and `/health/ready`: the process breathes; calls are answered."""

from aiohttp import web

from cti_server.auth.access import public
from cti_server.status.board import BOARD


@public
async def live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


@public
async def ready(request: web.Request) -> web.Response:
    """Answer 200 when Asterisk and the database both serve calls; else 503, saying which does not."""
    parts = await request.app[BOARD].parts()
    well = all(parts.values())
    return web.json_response({"ready": well, **parts}, status=200 if well else 503)
