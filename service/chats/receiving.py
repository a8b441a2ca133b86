"""Messages that messengers bring: each begins a chat or goes on with it, in order, and is taken once."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from attrs import define, field

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_NUMBER, Chat, ChatIsOver, Chats, Medium, NewChat, UnusableText
from hotline.chats.keywords import Keyword, keyword_of
from hotline.chats.messengers import Brought, PhotoRefused, SentPhoto, Taken
from service.chats.conversations import MENU_WORDS, Conversations

WRITTEN = TokenLimits(per_second=0.5, at_once=20)
"""Messages of one person."""
BEGUN = TokenLimits(per_second=10 / 3600, at_once=10)
"""Chats that one person begins."""
BEGUN_IN_ALL = TokenLimits(per_second=1.0, at_once=120)
"""Chats that all together begin by one messenger: accounts are made by programs."""
REFUSED = TokenLimits(per_second=1 / 30, at_once=2)
"""Refusals that one person is told."""
REFUSALS: Mapping[Taken, str] = {
    Taken.TOO_FAST: "chat-too-fast",
    Taken.TOO_LONG: "chat-too-long",
    Taken.EMPTY: "chat-only-text",
    Taken.PHOTO_LARGE: "chat-photo-large",
    Taken.PHOTO_KIND: "chat-photo-kind",
    Taken.PHOTO_DAMAGED: "chat-photo-damaged",
    Taken.PHOTOS_MANY: "chat-photos-many",
    Taken.PHOTO_LATER: "chat-photo-later",
}
"""What a messenger's people are told of what is not taken: keys of the chats' catalogue."""


@define(eq=False, repr=False, kw_only=True)
class Receiving:
    """Takes what the messengers bring."""

    _chats: Chats
    _conversations: Conversations
    _written: Rates = field(factory=lambda: Rates(WRITTEN))
    _begun: Rates = field(factory=lambda: Rates(BEGUN))
    _begun_in_all: Rates = field(factory=lambda: Rates(BEGUN_IN_ALL))
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(factory=WeakValueDictionary, init=False)

    async def take(self, came: Brought) -> Taken:
        """Take it behind those of the same person that came before."""
        async with self._turn(f"{came.medium} {came.address}"):
            latest = await self._chats.latest(came.medium, came.address)
            if await self._chats.has_received(came.medium, came.address, came.name):
                if latest is not None:
                    await self._conversations.take_up(latest.id)
                return Taken.AGAIN
            try:
                self._written.take(f"{came.medium} {came.address}")
                return await self._take(came, latest)
            except TooManyRequests:
                return Taken.TOO_FAST
            except UnusableText as error:
                return Taken.TOO_LONG if error.values else Taken.EMPTY

    async def is_for_people(self, medium: Medium, address: str) -> bool:
        """Tell whether a dispatcher has the chat of this address, or an emergency in it waits for one."""
        chat = await self._chats.latest(medium, address)
        if chat is None:
            return False
        return chat.state is ChatState.TALKING or (chat.urgent and chat.state is ChatState.WAITING)

    async def gone(self, medium: Medium, address: str) -> None:
        """End the chat of somebody to whom the messenger brings nothing any more."""
        await self._conversations.stop_telling(medium, address)
        chat = await self._chats.latest(medium, address)
        if chat is not None:
            await self.lost(chat)

    async def lost(self, chat: Chat) -> None:
        """End this chat, and what was told in it: nobody gets what is written there."""
        await self._conversations.stop_telling(chat.medium, chat.address)
        chat = await self._conversations.leave(chat.id, "chat-unreachable")
        await self._chats.sent_up_to(chat.id, chat.lines)

    async def _take(self, came: Brought, chat: Chat | None) -> Taken:
        if chat is not None and chat.state is ChatState.OVER:
            chat = None
        if chat is None and came.choice:
            return Taken.OLD
        if chat is None and await self._stopped(came):
            return Taken.YES
        if chat is None or not chat.lines:
            nothing_else = not came.number and came.photo is None
            only_begins = nothing_else and came.text.strip().casefold() in MENU_WORDS
            chat = await self._greeted(came, chat, came.name if only_begins else "")
            if only_begins:
                return Taken.YES
        try:
            return await self._answered(came, chat)
        except ChatIsOver:  # a colleague has ended it in this moment
            return await self._take(came, None)

    async def _greeted(self, came: Brought, chat: Chat | None, received: str) -> Chat:
        """Begin a chat; one before whose first word the process died is greeted now."""
        if chat is not None:
            return await self._conversations.take_up(chat.id, received=received)
        return await self._conversations.begin(self._new(came), received=received)

    async def _stopped(self, came: Brought) -> bool:
        """Take the word of who wants no more news, and is in no conversation: no other is begun by it."""
        if keyword_of(came.text)[0] is not Keyword.STOP:
            return False
        if not await self._conversations.stop_telling(came.medium, came.address, _number_of(came)):
            return False
        await self._conversations.stopped(self._new(came), came.text, came.name)
        return True

    def _new(self, came: Brought) -> NewChat:
        """Give the chat that their message begins. Raises TooManyRequests."""
        self._begun_in_all.take(came.medium)
        self._begun.take(f"{came.medium} {came.address}")
        return NewChat(
            medium=came.medium,
            address=came.address,
            number=_number_of(came),
            language=came.language,
        )

    async def _answered(self, came: Brought, chat: Chat) -> Taken:
        if came.number:
            await self._conversations.prove(chat.id, came.number, received=came.name)
            return Taken.YES
        refused = None
        if came.photo is not None:
            refused = await self._with_photo(came, came.photo, chat)
            if not came.text:
                return refused or Taken.YES
        text, seen = (came.text, None) if not came.choice else (await self._words(came, chat), came.seen)
        if text is None or (seen is not None and seen != chat.lines):
            return Taken.OLD
        await self._conversations.write(chat.id, text, seen=seen, received=came.name)
        return refused or Taken.YES

    async def _with_photo(self, came: Brought, photo: SentPhoto, chat: Chat) -> Taken | None:
        """Take the photo, before the words below it; None: it was, or tell why not."""
        name = f"{came.name} photo" if came.text else came.name
        if await self._chats.has_received(came.medium, came.address, name):
            return None
        try:
            await self._conversations.add_photo(chat.id, photo, received=name, words_follow=bool(came.text))
        except PhotoRefused as error:
            return error.taken
        return None

    async def _words(self, came: Brought, chat: Chat) -> str | None:
        """Give the words of the choice that was pressed; None where it is none of the last question."""
        lines = await self._chats.lines(chat.id, after=chat.lines - 1)
        return next((one.label for line in lines for one in line.buttons if one.key == came.choice), None)

    @asynccontextmanager
    async def _turn(self, person: str) -> AsyncIterator[None]:
        lock = self._turns.setdefault(person, asyncio.Lock())
        async with lock:
            yield


def _number_of(came: Brought) -> str | None:
    """Give the number of who is known by it, as a caller's: that of a short message may be forged."""
    return came.address if came.medium in BY_NUMBER else None
