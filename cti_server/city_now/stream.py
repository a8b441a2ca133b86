"""The stream of changes (server-sent events): names of parts of the page, and a sign of life."""

import asyncio
from contextlib import suppress

from aiohttp import web

from cti_server.auth.access import allowed
from cti_server.auth.revocation import lasting
from cti_server.city_now.watch import CityWatch, Onlooker
from hotline.access.permissions import Permission

SIGN_OF_LIFE_SECONDS = 5.0
"""A page that hears nothing for longer says that its figures are old."""
WATCH_OF_CITY: web.AppKey[CityWatch] = web.AppKey("watch_of_city")


@allowed(Permission.SEE_CONTROL)
async def changes(request: web.Request) -> web.StreamResponse:
    """Serve one page until it goes, or the right to it ends."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    with (
        request.app[WATCH_OF_CITY].looking() as onlooker,
        lasting(request) as ended,
        suppress(ConnectionError),
    ):
        await _tell(response, onlooker, ended)
    return response


async def _tell(response: web.StreamResponse, onlooker: Onlooker, ended: asyncio.Event) -> None:
    over = asyncio.create_task(ended.wait())
    news = asyncio.create_task(onlooker.next())
    try:
        while not (over.done() or onlooker.over):
            await asyncio.wait(
                {over, news}, timeout=SIGN_OF_LIFE_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            told = "event: alive\ndata:\n\n"
            if news.done():
                told = "".join(f"event: {part}\ndata:\n\n" for part in news.result())
                news = asyncio.create_task(onlooker.next())
            if told and not over.done():
                await response.write(told.encode())
    finally:
        over.cancel()
        news.cancel()
