"""The open desks of all processes: the telephone waits for a caller to be shown in whichever it is open."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import msgspec

from cti_server.screens import Screen, Screens
from service.processes.neighbours import Neighbours
from service.processes.post import Post
from service.processes.wire import written
from storage.processes.letters import Letter

SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Seen:
    """A browser's word that a caller is on its screen."""

    dispatcher_id: int
    call_id: str


class SharedScreens(Screens):
    """The desks that are open here, and what is known of those elsewhere."""

    def __init__(self, shown_within: float, post: Post, neighbours: Neighbours) -> None:
        super().__init__(shown_within)
        self._post = post
        self._neighbours = neighbours
        post.on(SEEN, self._seen_elsewhere)

    @property
    def supervised(self) -> bool:
        return super().supervised or self._neighbours.supervised()

    @property
    def supervised_here(self) -> bool:
        return super().supervised

    @contextmanager
    def open(
        self,
        dispatcher_id: int,
        user_id: int,
        language: str,
        *,
        supervises: Callable[[], bool] = lambda: False,
    ) -> Iterator[Screen]:
        with super().open(dispatcher_id, user_id, language, supervises=supervises) as screen:
            self._neighbours.tell()  # the next caller is to wait for this screen
            yield screen

    def shows(self, dispatcher_id: int) -> bool:
        return super().shows(dispatcher_id) or self._neighbours.shows(dispatcher_id)

    def seen(self, dispatcher_id: int, call_id: str) -> None:
        super().seen(dispatcher_id, call_id)
        self._post.send(SEEN, written(Seen(dispatcher_id, call_id)))

    def _seen_elsewhere(self, letter: Letter) -> None:
        seen = msgspec.json.decode(letter.body, type=Seen)
        super().seen(seen.dispatcher_id, seen.call_id)
