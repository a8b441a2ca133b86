"""The latest chat of each number: a desk shows it when the number calls, and asks no database for it."""

from collections import OrderedDict
from datetime import timedelta

from attrs import define, field

from hotline.chats.chats import Chat, Chats
from hotline.clock import Clock

SHOWN_FOR = timedelta(hours=24)
"""The time since its last line for which a chat is what somebody calls about."""
MOST = 10_000
"""Numbers that are remembered; the one whose chat has been silent for longest goes."""


@define(eq=False, repr=False, kw_only=True)
class ChatsByNumber:
    """Chats of proven numbers, kept up by being told of each that changes."""

    _chats: Chats
    _clock: Clock
    _latest: OrderedDict[str, Chat] = field(factory=OrderedDict, init=False)

    async def load(self) -> None:
        """Read those of the last day: the process is new."""
        for one in await self._chats.with_number(self._clock.now() - SHOWN_FOR):
            self.tell(one)

    def tell(self, chat: Chat) -> None:
        """Hear that a chat has changed."""
        if chat.number is None or chat.unopened:
            return
        self._latest[chat.number] = chat
        self._latest.move_to_end(chat.number)
        if len(self._latest) > MOST:
            self._latest.popitem(last=False)

    def of(self, number: str) -> Chat | None:
        """Find the chat that this number had last; None where it was longer ago."""
        found = self._latest.get(number)
        return found if found is not None and self._clock.now() - found.changed_at < SHOWN_FOR else None
