"""Links by short message with which a call goes on in a chat: once a call, few a day, to mobiles."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from attrs import define, field

from hotline.calls.conversation import Next
from hotline.chats.chats import Chat, Chats, LineKind, Medium, NewChat, NewLine
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.contact.numbers import gets_sms, masked
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import CHAT_LINK, WRITER, NewNotice
from hotline.errors import AlreadyTaken
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.call_to_go_on import CallToGoOn, address_of_link, new_link_code

log = logging.getLogger(__name__)

DAY = timedelta(days=1)
OF_NUMBER = 3
"""Links to one number within a day."""
PATH = "/chat/go"


class BeginsWithNotice(Protocol):
    """Begins chats of which somebody is told: neither is without the other, whatever dies."""

    async def begin_owing(
        self, new: NewChat, line: NewLine, owes: Callable[[Chat], NewNotice], at: datetime
    ) -> Chat:
        """Raises AlreadyTaken where a chat of this call was begun already."""
        ...


@define(eq=False, repr=False, kw_only=True)
class Links:
    """`ivr_flows.ports.SendsLinks`, and for dispatchers; `most` go to all numbers within a day.

    They are counted in the table of chats: a restart forgives none.
    """

    _chats: Chats
    _begins: BeginsWithNotice
    _clock: Clock
    _prefixes: Sequence[str]
    _address: str
    """Of our pages, from outside."""
    _bot: str = ""
    """The name of the bot in Telegram; empty: none."""
    _most: int
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)
    """Has who counts the links begin theirs before another counts."""

    def goes_to(self, number: str | None) -> bool:
        """Tell whether a short message goes to this telephone."""
        return gets_sms(number, self._prefixes)

    async def send(
        self, call_id: str, number: str, *, going: Next, language: Language, about: str = ""
    ) -> bool:
        """Send one, once a call; False where today's limit is reached. `about` is an appeal's number."""
        call = CallToGoOn(call_id=call_id, going=going, about=about)
        return await self._sent(call, number, language) is not None

    async def send_for(self, user_id: int, call_id: str, number: str, language: Language) -> Chat | None:
        """Send one of a talk: the chat comes to this dispatcher. None where today's limit is reached."""
        call = CallToGoOn(call_id=call_id, going=Next.DISPATCHER, user_id=user_id)
        return await self._sent(call, number, language)

    async def _sent(self, call: CallToGoOn, number: str, language: Language) -> Chat | None:
        if not self.goes_to(number):
            return None
        async with self._turn:
            if (sent := await self._chats.of_call(call.call_id)) is not None:
                return sent
            return await self._begun(call, number, language)

    async def _begun(self, call: CallToGoOn, number: str, language: Language) -> Chat | None:
        now, code = self._clock.now(), new_link_code()
        to_all, to_number = await self._chats.from_calls(now - DAY, number)
        if to_all >= self._most or to_number >= OF_NUMBER:
            log.warning("no link to a chat sent: too many today number=%s", masked(number))
            return None
        new = NewChat(
            medium=Medium.WEB,
            address=address_of_link(code),
            number=number,
            language=language,
            from_call=call.call_id,
        )
        said = in_chat("chat-from-call", language)
        line = NewLine(kind=LineKind.TOLD, text=said, detail=call.detail)
        try:
            return await self._begins.begin_owing(
                new, line, lambda chat: self._notice(chat, number, code), now
            )
        except AlreadyTaken:  # the caller and their dispatcher, by two processes at once
            return await self._chats.of_call(call.call_id)

    def _notice(self, chat: Chat, number: str, code: str) -> NewNotice:
        telegram = f"https://t.me/{self._bot}?start={code}" if self._bot else ""
        texts = {"chat": f"{self._address}{PATH}/{code}", "telegram": telegram}
        return NewNotice(
            matter=f"chat-{chat.id}-link",
            to=f"{WRITER}:{chat.id}",
            channel=Channel.SMS,
            address=number,
            about=CHAT_LINK,
            facts=notice_facts(chat.language, texts=texts),
        )
