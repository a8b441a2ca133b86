"""Pages that are told which of their parts have changed (server-sent events), until they go or may not look.

What a part shows is read by a request of its own.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from aiohttp import web

from cti_server.auth.revocation import lasting

LOOK_SECONDS = 1.0
"""How soon a change is seen that nobody told: another process's, or a call's that is written down late."""
TOGETHER_SECONDS = 0.1
"""Changes within this time are told together."""
SIGN_OF_LIFE_SECONDS = 5.0
"""A page that hears nothing for longer says that its figures are old."""


class Onlooker:
    """A browser that shows the page, and the parts that have changed since it was told last."""

    def __init__(self) -> None:
        self.over = False
        """The hotline is about to end."""
        self._changed: dict[str, None] = {}
        self._news = asyncio.Event()

    def put(self, part: str) -> None:
        self._changed[part] = None
        self._news.set()

    def end(self) -> None:
        self.over = True
        self._news.set()

    async def next(self) -> Sequence[str]:
        """Wait for parts that have changed; none when it is over."""
        await self._news.wait()
        self._news.clear()
        changed, self._changed = list(self._changed), {}
        return changed


class Onlookers:
    """The open browsers of one page."""

    def __init__(self) -> None:
        self._open: set[Onlooker] = set()

    def __bool__(self) -> bool:
        return bool(self._open)

    @contextmanager
    def looking(self) -> Iterator[Onlooker]:
        """Count a page in for as long as the block lasts."""
        one = Onlooker()
        self._open.add(one)
        try:
            yield one
        finally:
            self._open.discard(one)

    def tell(self, part: str) -> None:
        for one in tuple(self._open):
            one.put(part)

    def end(self) -> None:
        """Let the streams end: nobody waits for them when the hotline does."""
        for one in tuple(self._open):
            one.end()


class News:
    """Wakes a watch when something may have changed."""

    def __init__(self) -> None:
        self._came = asyncio.Event()

    def tell(self) -> None:
        self._came.set()

    async def wait(self) -> None:
        """Wait for news, LOOK_SECONDS at most, and for what else comes together with it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await self._came.wait()
        await asyncio.sleep(TOGETHER_SECONDS)
        self._came.clear()


async def stream_to(request: web.Request, onlooker: Onlooker) -> web.StreamResponse:
    """Serve one page until it goes, or the right to it ends: names of parts, and a sign of life."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)
    with lasting(request) as ended, suppress(ConnectionError):
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
