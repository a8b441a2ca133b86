"""The bus of events where there are several processes: each tells the others what it was told."""

from hotline.events import Event, ListeningChanged, TalkHeard
from service.node.bus import Bus, Listener
from service.processes.neighbours import Neighbours
from service.processes.post import Post
from service.processes.wire import read_event, written_event
from storage.processes.letters import Letter

EVENT = "event"


class SharedBus(Bus):
    """`hotline.events.Events` over all processes."""

    def __init__(self, *listeners: Listener, post: Post, neighbours: Neighbours) -> None:
        super().__init__(*listeners)
        self._post = post
        self._neighbours = neighbours
        post.on(EVENT, self._told_elsewhere)

    def tell(self, event: Event) -> None:
        if isinstance(event, ListeningChanged):
            self._neighbours.tell()  # who shows it asks who is on the talk: that comes first
        if not isinstance(event, TalkHeard):  # what was heard is in this process alone
            self._post.send(EVENT, written_event(event))
        super().tell(event)

    def _told_elsewhere(self, letter: Letter) -> None:
        event = read_event(letter.body)
        if event is not None:
            super().tell(event)
