"""`/health/live` and `/health/ready`: the process breathes; calls are answered."""

from collections.abc import Mapping

from aiohttp import web

from cti_server.status.board import BOARD


async def live(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


async def ready(request: web.Request) -> web.Response:
    """200 when Asterisk and the database both serve calls; else 503, saying which does not."""
    parts: Mapping[str, bool] = await request.app[BOARD].parts()
    well = all(parts.values())
    return web.json_response({"ready": well, **parts}, status=200 if well else 503)
