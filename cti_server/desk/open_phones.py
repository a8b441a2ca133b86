"""The browser phones that are open: of each dispatcher one, and opening a second puts the first out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

ELSEWHERE = 4001
"""Close code: the same dispatcher's phone was opened elsewhere."""
LEAVING_SECONDS = 1.0
"""How long a reloading page may take to release its phone."""


@dataclass(slots=True, kw_only=True)
class _OpenPhone:
    socket: web.WebSocketResponse
    left: asyncio.Event = field(default_factory=asyncio.Event)


class OpenPhones:
    """The browser phones that are connected through this process, by the dispatcher's id."""

    def __init__(self) -> None:
        self.ending = False
        """These pages are about to end: the browsers stay, and find others."""
        self._open: dict[int, _OpenPhone] = {}

    async def is_open(self, dispatcher_id: int) -> bool:
        return dispatcher_id in self._open

    async def stays_open(self, dispatcher_id: int) -> bool:
        """Tell whether it is open, and not left within a moment as a page that reloads leaves it."""
        if (there := self._open.get(dispatcher_id)) is None:
            return False
        try:
            await asyncio.wait_for(there.left.wait(), LEAVING_SECONDS)
        except TimeoutError:
            return True
        return False

    @asynccontextmanager
    async def opened(self, dispatcher_id: int, socket: web.WebSocketResponse) -> AsyncIterator[None]:
        """Count it in for the time of the block, in the place of another."""
        here = _OpenPhone(socket=socket)
        before, self._open[dispatcher_id] = self._open.get(dispatcher_id), here
        try:
            if before is not None:
                await close_socket(before.socket, ELSEWHERE, "elsewhere")
            yield
        finally:
            here.left.set()
            if self._open.get(dispatcher_id) is here:
                del self._open[dispatcher_id]

    async def put_out(self, dispatcher_id: int) -> None:
        """Close it: it was opened in another process."""
        if (there := self._open.get(dispatcher_id)) is not None:
            await close_socket(there.socket, ELSEWHERE, "elsewhere")


async def close_socket(socket: web.WebSocketResponse, code: int, word: str) -> None:
    if not socket.closed:
        await socket.close(code=code, message=word.encode())


OPEN_PHONES: web.AppKey[OpenPhones] = web.AppKey("open_phones")
