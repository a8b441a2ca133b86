"""Short messages of residents: keywords and the flows' own answers, at a price that is bounded.

Answers go through the outbox, one for each line of the chat, whatever dies. Only a mobile telephone of the
allowed networks is answered: no short code, no name, no paid number.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from weakref import WeakValueDictionary

from attrs import define, field

from cti_server.auth.errors import TooManyRequests
from cti_server.auth.rates import Rates, TokenLimits
from hotline.chats.chats import Chat, Medium
from hotline.chats.keywords import Keyword, in_messages, keyword_of, short_answer
from hotline.chats.messengers import Brought, Letter, Taken
from hotline.clock import Clock
from hotline.contact.channel import Channel
from hotline.contact.numbers import e164, gets_sms, masked
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import CHAT_ANSWER, WRITER, NewNotice, Outbox
from hotline.delivery.wording import ROOM_OF_ANSWER
from hotline.outages.subscriptions import OutageSubscriptions
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.receiving import Receiving

log = logging.getLogger(__name__)

DAY = 86_400
OF_NUMBER = TokenLimits(per_second=20 / DAY, at_once=20)
"""Answers to one number: twenty a day."""
OF_ALL = TokenLimits(per_second=1000 / DAY, at_once=1000)
"""Answers to all numbers together: a thousand a day."""
MOST_ALIKE = 3
"""The same words from one number so often in a row are a machine that answers us: it is not answered."""
ALIKE_WITHIN = timedelta(hours=1)
"""Who asks the same later than that after the last time is a person again: the power of today."""
REMEMBERED = 10_000
_ALL = "all"
_MENU, _STATE_KEY = "меню", "2"
_NO_POWER: Mapping[Language, str] = {Language.UKRAINIAN: "немає світла", Language.ENGLISH: "no power at"}
_OF_FLOWS = frozenset({Keyword.STATE, Keyword.POWER})
_SHORTEST_ALIKE = 4
"""Letters: shorter ones are answers to questions, which may be the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """The last message of a number, how often its words came in a row, and when they last came."""

    name: str
    said: str
    times: int
    at: datetime


@define(eq=False, repr=False, kw_only=True)
class SmsChats:
    """Takes what residents send; `hotline.chats.messengers.Messenger` for what is written to them."""

    _receiving: Receiving
    _outbox: Outbox
    _subscriptions: OutageSubscriptions
    _clock: Clock
    _prefixes: Sequence[str]
    _settled: Callable[[], None]
    """Is told that all steps of a message are worked off."""
    _of_number: Rates = field(factory=lambda: Rates(OF_NUMBER), init=False)
    _of_all: Rates = field(factory=lambda: Rates(OF_ALL), init=False)
    _alike: OrderedDict[str, _Alike] = field(factory=OrderedDict, init=False)
    _at_work: set[str] = field(factory=set, init=False)
    _turns: WeakValueDictionary[str, asyncio.Lock] = field(factory=WeakValueDictionary, init=False)

    async def take(self, name: str, sender: str, text: str) -> None:
        """Take one message; `name` is the gateway's own for it. Brought twice, it is one."""
        number = e164(sender)
        if number is None or not gets_sms(number, self._prefixes):
            log.info("short message of nobody whom we answer sender=%s", masked(number))
            return
        if self._same_again(name, number, text):
            log.warning("short messages all alike are not answered number=%s", masked(number))
            return
        async with self._turns.setdefault(number, asyncio.Lock()):  # a keyword's steps stay together
            self._at_work.add(number)
            try:
                await self._take(name, number, text)
            finally:
                self._at_work.discard(number)
                self._settled()

    def ready(self, chat: Chat) -> bool:
        """Tell whether the chat may be answered: a message of several steps gets one answer."""
        return chat.address not in self._at_work

    async def give(self, letter: Letter) -> None:
        """Owe the answer; beyond the limits it is left, and the chat stays for dispatchers to read."""
        chat = letter.chat
        messages = in_messages(short_answer(letter.texts, letter.buttons), ROOM_OF_ANSWER)
        for at, said in enumerate(messages):
            matter = f"chat-{chat.id}-{letter.seen}" + (f"-{at + 1}" if at else "")
            await self._owe(matter, f"{chat.id}", chat.address, said, chat.language)

    async def _take(self, name: str, number: str, text: str) -> None:
        word, rest = keyword_of(text)
        if word in _OF_FLOWS and await self._receiving.is_for_people(Medium.SMS, number):
            word = None  # a person reads it: the menu would take them out of the line
        language = Language.ENGLISH if text.isascii() and word else Language.UKRAINIAN
        match word:
            case Keyword.STOP:
                await self._subscriptions.stop(Channel.SMS, number, self._clock.now())
                await self._tell(name, number, "chat-sms-stopped", language)
            case Keyword.HELP:
                await self._tell(name, number, "chat-sms-help", language)
            case Keyword.STATE:
                await self._write(name, number, language, [_MENU, _STATE_KEY, *([rest] if rest else [])])
            case Keyword.POWER:
                await self._write(name, number, language, [_MENU, f"{_NO_POWER[language]} {rest}".strip()])
            case None:
                await self._write(name, number, language, [text])

    async def _write(self, name: str, number: str, language: Language, steps: Sequence[str]) -> None:
        """Write them one after the other; each has a name of its own, so that what dies is gone on with."""
        for at, step in enumerate(steps):
            came = Brought(
                medium=Medium.SMS, address=number, name=f"{name}/{at}", text=step, language=language
            )
            if await self._receiving.take(came) not in {Taken.YES, Taken.AGAIN}:
                return

    async def _tell(self, name: str, number: str, key: str, language: Language) -> None:
        """Say what belongs to no chat."""
        await self._owe(f"sms-{name}", number, number, in_chat(key, language), language)

    async def _owe(self, matter: str, whom: str, number: str, said: str, language: Language) -> None:
        try:
            self._of_number.take(number)
            self._of_all.take(_ALL)
        except TooManyRequests:
            log.warning("short message not answered: too many today number=%s", masked(number))
            return
        answer = NewNotice(
            matter=matter,
            to=f"{WRITER}:{whom}",
            channel=Channel.SMS,
            address=number,
            about=CHAT_ANSWER,
            facts=notice_facts(language, texts={"said": said}),
        )
        await self._outbox.owe([answer], self._clock.now())

    def _same_again(self, name: str, number: str, text: str) -> bool:
        """Tell a machine by its words; what the gateway brings once more counts once."""
        said, now = " ".join(text.casefold().split()), self._clock.now()
        last, times = self._alike.pop(number, None), 1
        if last is not None and last.said == said and now - last.at < ALIKE_WITHIN:
            times = last.times if last.name == name else last.times + 1
        self._alike[number] = _Alike(name=name, said=said, times=times, at=now)
        if len(self._alike) > REMEMBERED:
            self._alike.popitem(last=False)
        return times > MOST_ALIKE and len(said) >= _SHORTEST_ALIKE
