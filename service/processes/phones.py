"""The browser phones open in any process: the others are asked, since one that had a phone may have died."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

import msgspec
from aiohttp import web

from cti_server.desk.open_phones import LEAVING_SECONDS, OpenPhones
from service.processes.post import Post
from service.processes.wire import written
from storage.processes.letters import Letter

ASKED, THERE, OPENED = "phone-asked", "phone-there", "phone-opened"
ANSWERED_SECONDS = 0.3
"""How long a process may take to say that a phone is open in it; one that has died says nothing."""
LOOK_SECONDS = 0.1


class SharedPhones(OpenPhones):
    """Those of this process, and of the others by letters that name the dispatcher."""

    def __init__(self, post: Post) -> None:
        super().__init__()
        self._post = post
        self._asked: WeakValueDictionary[int, asyncio.Event] = WeakValueDictionary()
        """An answer is for all who ask at this moment."""
        self._putting_out: set[asyncio.Task[None]] = set()
        post.on(ASKED, self._is_asked)
        post.on(THERE, self._is_there)
        post.on(OPENED, self._opened_elsewhere)

    async def is_open(self, dispatcher_id: int) -> bool:
        return await super().is_open(dispatcher_id) or await self._is_elsewhere(dispatcher_id)

    async def stays_open(self, dispatcher_id: int) -> bool:
        return await super().stays_open(dispatcher_id) or await self._stays_elsewhere(dispatcher_id)

    @asynccontextmanager
    async def opened(self, dispatcher_id: int, socket: web.WebSocketResponse) -> AsyncIterator[None]:
        self._post.send(OPENED, written(dispatcher_id))
        async with super().opened(dispatcher_id, socket):
            yield

    async def _stays_elsewhere(self, dispatcher_id: int) -> bool:
        loop = asyncio.get_running_loop()
        until = loop.time() + LEAVING_SECONDS
        while await self._is_elsewhere(dispatcher_id):
            if loop.time() >= until:
                return True
            await asyncio.sleep(LOOK_SECONDS)
        return False

    async def _is_elsewhere(self, dispatcher_id: int) -> bool:
        there = self._asked.setdefault(dispatcher_id, asyncio.Event())
        self._post.send(ASKED, written(dispatcher_id))
        try:
            await asyncio.wait_for(there.wait(), ANSWERED_SECONDS)
        except TimeoutError:
            return False
        return True

    def _is_asked(self, letter: Letter) -> None:
        if _dispatcher(letter) in self._open:
            self._post.send(THERE, letter.body)

    def _is_there(self, letter: Letter) -> None:
        if (asked := self._asked.get(_dispatcher(letter))) is not None:
            asked.set()

    def _opened_elsewhere(self, letter: Letter) -> None:
        task = asyncio.create_task(self.put_out(_dispatcher(letter)), name="phone-put-out")
        self._putting_out.add(task)
        task.add_done_callback(self._putting_out.discard)


def _dispatcher(letter: Letter) -> int:
    return msgspec.json.decode(letter.body, type=int)
