"""Ports of the pages of chats."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from aiohttp import web

from cti_server.auth.rates import Rates, TokenLimits, WrongTokens
from cti_server.frame.onlookers import Onlookers
from hotline.access.users import User
from hotline.chats.chats import Chat, Chats, Medium, NewChat
from hotline.chats.messengers import SentPhoto
from hotline.clock import Clock

FREE_BEGUN = 10
"""Chats begun from one address within an hour, before it has to wait."""
FREE_WRONG = 10
"""Links that are not good, from one address, before it has to wait."""
WRITTEN = TokenLimits(per_second=0.5, at_once=20)
"""Messages from one address."""
PHOTOGRAPHED = TokenLimits(per_second=20 / 3600, at_once=10)
"""Photos from one address: each is redrawn."""
MOST_STREAMS = 500
"""Open pages of residents that are told of news; the others are read anew by hand."""
STREAMS_OF_ADDRESS = 6


class GoingOn(Protocol):
    """Conversations go on elsewhere; `service.chats.going_on.GoingOn` is what does it."""

    async def open_link(self, code: str, medium: Medium, address: str) -> Chat | None: ...
    async def opened_here(self, code: str, medium: Medium, address: str) -> Chat | None: ...
    def called_with(self, code: str) -> int | None: ...


class Conversations(Protocol):
    """Residents write and leave chats; dispatchers take, answer, give back and close them.

    `service.chats.conversations.Conversations` is the one that does it.
    """

    @property
    def going_on(self) -> GoingOn: ...
    async def begin(self, new: NewChat) -> Chat: ...
    async def write(self, chat_id: int, text: str, *, seen: int | None = None) -> Chat: ...
    async def add_photo(self, chat_id: int, sent: SentPhoto) -> Chat: ...
    async def leave(self, chat_id: int) -> Chat: ...
    async def take(self, chat_id: int, user: User) -> Chat: ...
    async def reply(self, chat_id: int, user: User, text: str) -> Chat: ...
    async def give_back(self, chat_id: int) -> Chat: ...
    async def close(self, chat_id: int, user: User) -> Chat: ...
    async def give_photos(self, chat_id: int, user: User, number: str) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatSources:
    """`begun`, `written`, `photographed` count by the network of a request; `watched` are the open pages."""

    chats: Chats
    conversations: Conversations
    clock: Clock
    kept: timedelta
    """The time for which a chat is kept after its last line."""
    begun: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_BEGUN))
    wrong_links: WrongTokens = field(default_factory=lambda: WrongTokens(FREE_WRONG))
    written: Rates = field(default_factory=lambda: Rates(WRITTEN))
    photographed: Rates = field(default_factory=lambda: Rates(PHOTOGRAPHED))
    watched: dict[int, Onlookers] = field(default_factory=dict)
    streams: dict[str, int] = field(default_factory=dict)
    """A network → the number of its open streams."""

    def tell(self, chat: Chat) -> None:
        """Tell the open pages of this chat that it has changed."""
        if onlookers := self.watched.get(chat.id):
            onlookers.tell("lines")


CHATS: web.AppKey[ChatSources] = web.AppKey("chats")
