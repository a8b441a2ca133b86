"""The chats that wait for a dispatcher: desks show them beside the line, and ask no database for them."""

from collections.abc import Sequence

from attrs import define, field

from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat, Chats


@define(eq=False, repr=False)
class ChatsInLine:
    """Kept up by being told of each chat that changes."""

    _chats: Chats
    _waiting: dict[int, Chat] = field(factory=dict, init=False)

    async def load(self) -> None:
        """Read them: the process is new."""
        for one in await self._chats.waiting():
            self.tell(one)

    def tell(self, chat: Chat) -> None:
        """Hear that a chat has changed."""
        if chat.state is ChatState.WAITING:
            self._waiting[chat.id] = chat
        else:
            self._waiting.pop(chat.id, None)

    def all(self) -> Sequence[Chat]:
        """Give those that wait: emergencies first, then as they came."""
        return sorted(self._waiting.values(), key=lambda one: (not one.urgent, one.waits_since, one.id))
