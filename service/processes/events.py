"""The bus of events where there are several processes: each tells the others what it was told."""

from hotline.events import CallArrived, CallEnded, Event, LineChanged, ListeningChanged, TalkHeard
from service.node.bus import Bus, Listener
from service.processes.neighbours import Neighbours
from service.processes.post import Haste, Post
from service.processes.wire import read_event, written_event
from storage.processes.letters import Letter

EVENT = "event"
UNHURRIED = (CallArrived, CallEnded, LineChanged)
"""Of every call there are some, and what shows them is drawn anew a few times a second at most."""


class SharedBus(Bus):
    """`hotline.events.Events` over all processes."""

    def __init__(
        self, *listeners: Listener, post: Post, neighbours: Neighbours, at_once: bool = True
    ) -> None:
        """`at_once`: somebody here shows events to people or tells them to other systems."""
        super().__init__(*listeners)
        self._post = post
        self._neighbours = neighbours
        post.on(EVENT, self._told_elsewhere, at_once=at_once)

    def tell(self, event: Event) -> None:
        if isinstance(event, ListeningChanged):
            self._neighbours.tell()  # who shows it asks who is on the talk: that comes first
        if not isinstance(event, TalkHeard):  # what was heard is in this process alone
            haste = Haste.SOON if isinstance(event, UNHURRIED) else Haste.AT_ONCE
            self._post.send(EVENT, written_event(event), haste)
        super().tell(event)

    def _told_elsewhere(self, letter: Letter) -> None:
        event = read_event(letter.body)
        if event is not None:
            super().tell(event)
