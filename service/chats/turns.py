"""The turn of a chat: one message of it is worked off after the other, and all are told of what changes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from attrs import define, field

from hotline.chats.chat_states import ChatAct
from hotline.chats.chats import Chat, Chats, NewLine
from hotline.clock import Clock

Told = Callable[[Chat], None]
"""Is told of each chat that has changed; it does not wait for anything."""


@define(eq=False, repr=False, kw_only=True)
class ChatTurns:
    """A change of a chat waits for the turn of the chat, and all are told of it."""

    chats: Chats
    _clock: Clock
    _others: Callable[[int], None]
    """Tells other processes which chat has changed."""
    _told: list[Told] = field(factory=list, init=False)
    _locks: WeakValueDictionary[int, asyncio.Lock] = field(factory=WeakValueDictionary, init=False)

    def now(self) -> datetime:
        return self._clock.now()

    def tell(self, told: Told) -> None:
        """Have this told of each change."""
        self._told.append(told)

    @asynccontextmanager
    async def of(self, chat_id: int) -> AsyncIterator[Chat]:
        """Wait until the message before is worked off, and give the chat as it stands then."""
        lock = self._locks.setdefault(chat_id, asyncio.Lock())
        async with lock:
            yield await self.chats.get(chat_id)

    async def add(
        self, chat: Chat, lines: Sequence[NewLine], *, act: ChatAct | None = None, **facts: Any
    ) -> Chat:
        """Add lines to the chat in its turn, and carry out the act (`hotline.chats.chats.Chats.add`)."""
        changed = await self.chats.add(chat, lines, self.now(), act=act, **facts)
        self.changed(changed)
        self._others(changed.id)
        return changed

    def changed(self, chat: Chat) -> None:
        """Have all told of a chat that has changed."""
        for told in self._told:
            told(chat)
