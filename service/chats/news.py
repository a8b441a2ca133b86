"""News that a messenger's people have asked to be told, such as of the power, carried into their chats."""

from collections.abc import Collection, Sequence

from attrs import define

from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import MOST_LINES, Chat, LineKind, Medium, NewChat, NewLine
from hotline.delivery.handing_over import Known, Message, NotTaken, Word
from hotline.errors import Outdated
from hotline.voice.speech import Language
from service.chats.held_flows import HeldFlows
from service.chats.told_ahead import person_of
from service.chats.turns import ChatTurns


class MessengerBehind(Exception):  # noqa: N818 - reads as what happened
    """A messenger has not been given what was written before: news would come after what they tell of."""


@define(eq=False, repr=False, kw_only=True)
class NewsInChats:
    """Tells people news in the conversation that they are in, or in one of its own that is over at once."""

    _turns: ChatTurns
    _flows: HeldFlows

    async def tell(self, to: NewChat, text: str, *, name: str) -> Chat:
        """Tell it; of the same `name` once. Raises MessengerBehind."""
        chats = self._turns.chats
        chat = await chats.latest(to.medium, to.address)
        if chat is not None and await chats.has_received(to.medium, to.address, name):
            return chat
        if chat is not None and chat.sent < chat.lines:
            raise MessengerBehind(f"lines of chat {chat.id} are not sent yet")
        if chat is None or chat.state is ChatState.OVER:
            told = NewLine(kind=LineKind.TOLD, text=text, received=name)
            return await self.closed(to, [told])
        async with self._turns.of(chat.id) as chat:
            if chat.state is ChatState.OVER:
                raise MessengerBehind(f"chat {chat.id} ends at this moment")
            if chat.state is ChatState.ASKING and chat.lines >= MOST_LINES:
                told = NewLine(kind=LineKind.TOLD, text=text, received=name)
                return await self._flows.end(chat, "chat-long", [told])
            return await self._flows.say_besides(chat, text, received=name)

    async def closed(self, new: NewChat, lines: Sequence[NewLine]) -> Chat:
        """Write them into a chat of their own, in which nothing is asked."""
        begun = await self._turns.chats.begin(new, self._turns.now())
        async with self._turns.of(begun.id) as chat:
            return await self._turns.add(chat, lines, act=ChatAct.END)


@define(eq=False, repr=False, kw_only=True)
class CarriesNews:
    """`hotline.delivery.handing_over.Carrier` into chats: what is handed over again is known by its key."""

    repeatable = True
    asks_by_key = False
    asks_by_id = False

    _news: NewsInChats
    _media: Collection[Medium]
    """Those by which people are reached now."""

    async def hand_over(self, message: Message) -> str:
        medium, address = person_of(message.address)
        if medium not in self._media:
            raise NotTaken(f"{medium} is not reached: it has no road")
        to = NewChat(medium=medium, address=address, language=Language(message.language))
        try:
            chat = await self._news.tell(to, message.text, name=f"notice {message.key}")
        except (MessengerBehind, Outdated) as error:
            raise NotTaken(str(error)) from error
        return chat.call_id

    async def ask(self, *, key: str, provider_id: str) -> Word:
        """Know nothing of it: handed over again, it is there once."""
        del key, provider_id
        return Word(known=Known.UNKNOWN)
