"""Has duty contacts rung for a chat with an emergency while no dispatcher is on duty to read it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Protocol

from attrs import define, field

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat, Chats
from hotline.clock import Clock

LOOKED_AFTER = timedelta(minutes=1)
"""Between two looks at who may be rung for one chat."""


class RingsForChats(Protocol):
    """Rings those who are on duty; `service.calls.alarm_calls.AlarmCalls` does it."""

    async def sound_for_chat(self, call_id: str, number: str | None) -> bool: ...
    def told_of(self, call_id: str) -> bool: ...
    def holds_no_longer(self, call_id: str, *, served: bool) -> None: ...


@define(eq=False, repr=False, kw_only=True)
class ChatAlarm:
    """Looks at the chats with an emergency that nobody has taken: without one it reads nothing.

    Contacts are rung again and again until one of them takes it or a dispatcher is there. What was taken is
    not kept: after a restart they are rung once more.
    """

    _chats: Chats
    _alarm: RingsForChats
    _on_duty: Callable[[], Awaitable[bool]]
    _clock: Clock
    _alone: bool = True
    """No other process changes chats; else they are read now and then: what one tells dies with it."""
    _waiting: dict[int, Chat] | None = field(default=None, init=False)
    """None: not read yet since the start."""
    _read_at: datetime = field(init=False)
    _sounded: dict[int, datetime] = field(factory=dict, init=False)
    """A chat → when contacts were last rung for it."""

    def tell(self, chat: Chat) -> None:
        """Hear that a chat has changed."""
        if self._waiting is None:
            return
        if chat.urgent and chat.state is ChatState.WAITING:
            self._waiting[chat.id] = chat
        elif self._waiting.pop(chat.id, None) is not None:
            self._is_served(chat)

    async def look(self) -> None:
        """Have contacts rung where it is needed."""
        await self._read()
        if not self._waiting or await self._on_duty():
            return
        for chat in list(self._waiting.values()):
            last, now = self._sounded.get(chat.id), self._clock.now()
            if last and (now - last < LOOKED_AFTER or self._alarm.told_of(chat.call_id)):
                continue
            self._sounded[chat.id] = now
            await self._alarm.sound_for_chat(chat.call_id, chat.number)

    async def _read(self) -> None:
        """Read who waits where it may be unknown here."""
        now = self._clock.now()
        if self._waiting is None:
            self._waiting = {}
        elif self._alone or abs(now - self._read_at) < LOOKED_AFTER:
            return
        self._read_at, known = now, list(self._waiting.values())
        waiting = await self._chats.waiting()
        for chat in waiting:
            self.tell(chat)
        found = {one.id for one in waiting}
        for chat in known:
            if chat.id not in found and self._waiting.pop(chat.id, None) is not None:
                self._is_served(chat)

    def _is_served(self, chat: Chat) -> None:
        if self._sounded.pop(chat.id, None) is not None:
            self._alarm.holds_no_longer(chat.call_id, served=True)
