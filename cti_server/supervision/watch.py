"""Watches calls and desks for the boards that are open, and tells them when something has changed.

A supervisor whose right has ended is taken off the talk on which they are, board or none. Leaving a talk by
hanging up is written down, and help that was asked for ends once a supervisor is on the talk.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import web

from cti_server.audit import Action
from cti_server.frame.onlookers import News, Onlooker, Onlookers
from cti_server.supervision.sources import SupervisionSources
from hotline.access.acting_heads import as_they_stand
from hotline.access.permissions import Permission
from hotline.access.users import AuditEntry
from hotline.events import Event
from hotline.supervision.listening import Listener

BOARD = "board"


class BoardWatch:
    """Compares how things stand with how they stood, while a board is open. The bus tells it."""

    def __init__(
        self,
        sources: SupervisionSources,
        *,
        follows: bool = True,
        noted: Callable[[int], None] = lambda _desk: None,
    ) -> None:
        """`follows`: it looks after who is on talks; else another process's does, and is told of `noted`."""
        self._sources = sources
        self._follows = follows
        self._noted = noted
        self._onlookers = Onlookers()
        self._news = News()
        self._last: object = None
        self._on_talks: Mapping[int, Listener] = {}
        """By their desks: who was connected with a talk at the last look."""
        self._written_down: set[int] = set()
        """Desks whose leaving is on record already, though they may be connected for a moment yet."""

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
        if self._follows:
            await self._follow_listeners()
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

    def written_down(self, desk: int) -> None:
        """Take note that the act by which this supervisor leaves a talk is on record already."""
        self._noted(desk)
        self.noted_elsewhere(desk)

    def noted_elsewhere(self, desk: int) -> None:
        """Take note of the same, said in another process."""
        if desk in self._on_talks:
            self._written_down.add(desk)

    async def _follow_listeners(self) -> None:
        """Write down who has left a talk, and end the help that was asked for where one has come."""
        before = self._on_talks
        now = {one.supervisor_id: one for one in self._sources.listening.listeners() if one.mode is not None}
        if now == before:
            return
        self._on_talks = now
        came = [one for desk, one in now.items() if not _same_talk(one, before.get(desk))]
        left = [one for desk, one in before.items() if not _same_talk(one, now.get(desk))]
        gone = [one for one in left if one.supervisor_id not in self._written_down]
        self._written_down -= {one.supervisor_id for one in left}
        users = {one.dispatcher_id: one for one in await self._sources.users.all()} if came or gone else {}
        at = self._sources.clock.now()
        for one in came:
            by = users.get(one.supervisor_id)
            if one.dispatcher_id is not None and by is not None:
                await self._sources.help.end(one.dispatcher_id, at, by=by.id)
        for one in gone:
            by = users.get(one.supervisor_id)
            await self._sources.audit.append(
                AuditEntry(
                    at=at,
                    user_id=by.id if by else None,
                    action=Action.SUPERVISE,
                    subject=f"call:{one.call_id}",
                    address="",
                    detail=f"left{whose(one)}",
                )
            )

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


def whose(one: Listener | None) -> str:
    """Say for the audit log in whose talk a supervisor takes part."""
    return f" dispatcher:{one.dispatcher_id}" if one is not None and one.dispatcher_id is not None else ""


def _same_talk(one: Listener, other: Listener | None) -> bool:
    return other is not None and one.call_id == other.call_id


WATCH_OF_BOARD: web.AppKey[BoardWatch] = web.AppKey("watch_of_board")
