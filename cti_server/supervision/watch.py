"""Watches calls and desks for the boards that are open, and tells them when something has changed.

A supervisor whose right has ended is taken off the talk on which they are, board or none.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from cti_server.frame.onlookers import News, Onlooker, Onlookers
from cti_server.supervision.sources import SupervisionSources
from hotline.access.acting_heads import as_they_stand
from hotline.access.permissions import Permission
from hotline.events import Event

BOARD = "board"


class BoardWatch:
    """Compares how things stand with how they stood, while a board is open. The bus tells it."""

    def __init__(self, sources: SupervisionSources) -> None:
        self._sources = sources
        self._onlookers = Onlookers()
        self._news = News()
        self._last: object = None

    def tell(self, _event: Event) -> None:
        """Take an event; returns at once."""
        self._news.tell()

    @contextmanager
    def looking(self) -> Iterator[Onlooker]:
        """Count a page in for as long as the block lasts; what changed since it was made is told."""
        self._last = None
        self._news.tell()
        with self._onlookers.looking() as one:
            yield one

    def end(self) -> None:
        self._onlookers.end()

    async def look(self) -> None:
        """Wait for news, a while at most, and tell the pages if anything changed; to be repeated for ever."""
        await self._news.wait()
        await self._end_without_right()
        if not self._onlookers:
            return
        sources = self._sources
        now = (
            await sources.calls.now(),
            await sources.dispatchers.all(),
            await sources.orders.standing(),
            await sources.help.open(),
            await sources.threats.standing(),
            sources.listening.listeners(),
        )
        if now != self._last:
            self._last = now
            self._onlookers.tell(BOARD)

    async def _end_without_right(self) -> None:
        sources = self._sources
        if not (listeners := sources.listening.listeners()):
            return
        users = {one.id: one for one in await sources.users.all() if one.active}
        # They had a one-time code when they began.
        standing = await as_they_stand(users, sources.acting_heads, sources.clock.now(), code_needed=False)
        may = {one.dispatcher_id for one in standing.values() if one.may(Permission.SUPERVISE)}
        for one in listeners:
            if one.supervisor_id not in may:
                await sources.listening.stop_listening(one.supervisor_id)


WATCH_OF_BOARD: web.AppKey[BoardWatch] = web.AppKey("watch_of_board")
