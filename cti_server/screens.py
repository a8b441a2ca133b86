"""The open desks: each has a bounded queue of fragments.

A browser that does not keep up is dropped and reads everything again when it comes back, so that a slow or
dead one delays nobody.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hotline.events import DispatcherOffered

ROOM = 32
"""Fragments that may wait for one browser."""
SHOWN_SECONDS = 0.15
"""How long a telephone waits, before it rings, for a screen that does not answer, unless the city decides."""


class Screen:
    """One browser in which a dispatcher's desk is open."""

    def __init__(
        self,
        dispatcher_id: int,
        user_id: int,
        language: str,
        room: int = ROOM,
        *,
        supervises: Callable[[], bool] = lambda: False,
    ) -> None:
        self.dispatcher_id = dispatcher_id
        self.user_id = user_id
        self.supervises = supervises
        """Tells whether it is a head's at this moment: it shows who asks for help."""
        self.language = language
        self.dropped = asyncio.Event()
        self.shown: dict[str, str] = {}
        """The parts of the page that were sent last, by name: they are sent again only when they differ."""
        self._room = room
        self._waiting: deque[str] = deque()
        self._news = asyncio.Event()

    def put(self, fragment: str) -> None:
        """Queue the fragment; returns at once. When there is no room the screen is dropped instead."""
        if len(self._waiting) >= self._room:
            self.drop()
            return
        self._waiting.append(fragment)
        self._news.set()

    def begin(self, fragment: str) -> None:
        """Queue what the desk begins with, before the news that came while it was being read."""
        self._waiting.appendleft(fragment)
        self._news.set()

    def drop(self) -> None:
        """Make the browser reconnect and read everything again."""
        self._waiting.clear()
        self.dropped.set()

    async def next(self) -> str:
        """Wait for fragments to send; what waits by then goes together."""
        while not self._waiting:
            self._news.clear()
            await self._news.wait()
        waiting = "".join(self._waiting)
        self._waiting.clear()
        return waiting


class Screens:
    """All open desks of this process."""

    def __init__(self, shown_within: float = SHOWN_SECONDS) -> None:
        self._shown_within = shown_within
        self.opened = 0
        """The number of desks opened so far: data read before the last one may be old to it."""
        self._boards = 0
        self._open: dict[int, list[Screen]] = {}
        self._awaited: dict[tuple[int, str], asyncio.Event] = {}

    @property
    def supervised(self) -> bool:
        """Tell whether a head has a page open on which they see who asks for help."""
        return self._boards > 0 or any(one.supervises() for screens in self._open.values() for one in screens)

    @contextmanager
    def supervising(self) -> Iterator[None]:
        """Count a head's page in, on which a dispatcher who asks for help is seen."""
        self._boards += 1
        try:
            yield
        finally:
            self._boards -= 1

    @contextmanager
    def open(
        self,
        dispatcher_id: int,
        user_id: int,
        language: str,
        *,
        supervises: Callable[[], bool] = lambda: False,
    ) -> Iterator[Screen]:
        """Count a browser in for as long as the block lasts."""
        screen = Screen(dispatcher_id, user_id, language, supervises=supervises)
        self.opened += 1
        self._open.setdefault(dispatcher_id, []).append(screen)
        try:
            yield screen
        finally:
            screens = self._open[dispatcher_id]
            screens.remove(screen)
            if not screens:
                del self._open[dispatcher_id]

    def of(self, dispatcher_id: int) -> Sequence[Screen]:
        return tuple(self._open.get(dispatcher_id, ()))

    def dispatchers(self) -> Sequence[int]:
        """List the dispatchers who have a desk open."""
        return tuple(self._open)

    def seen(self, dispatcher_id: int, call_id: str) -> None:
        """Take a browser's word that the caller is on its screen now."""
        if awaited := self._awaited.get((dispatcher_id, call_id)):
            awaited.set()

    def shows(self, dispatcher_id: int) -> bool:
        """Tell whether this dispatcher has a desk open."""
        return dispatcher_id in self._open

    async def shown(self, offer: DispatcherOffered) -> None:
        """Wait until the caller is on a screen of this dispatcher; `shown_within` seconds at most."""
        if not self.shows(offer.dispatcher_id):
            return
        key = (offer.dispatcher_id, offer.call_id)
        self._awaited[key] = asyncio.Event()
        try:
            async with asyncio.timeout(self._shown_within):
                await self._awaited[key].wait()
        except TimeoutError:
            return
        finally:
            del self._awaited[key]
