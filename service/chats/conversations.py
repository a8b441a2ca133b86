"""Conversations in writing: what residents write leads their flow on, dispatchers' words reach them.

One message of a chat is worked off after the other. Between messages nothing of a chat is in memory: its
lines are its state, so that a restart of the service changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime

from attrs import define, field

from hotline.access.users import User
from hotline.calls.conversation import Next
from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import (
    AGAIN,
    ANSWERED_WITHIN,
    PHOTO,
    Chat,
    LineKind,
    Medium,
    NewChat,
    NewLine,
    usable,
)
from hotline.chats.keywords import Keyword, keyword_of
from hotline.chats.messengers import PhotoRefused, SentPhoto, Taken
from hotline.errors import ForbiddenTransition, Outdated
from hotline.isolation import run_isolated
from hotline.speech.hearing import typed
from hotline.speech.topics import Topic
from hotline.speech.understanding import Understanding
from hotline.voice.speech import Language
from ivr_flows.languages import in_chat
from service.chats.going_on import GoingOn
from service.chats.held_flows import OF_FLOW, TO_MENU, HeldFlows, going_of, since_station, told_line
from service.chats.news import NewsInChats
from service.chats.photos import PhotosOfChats
from service.chats.ports import AsksChat
from service.chats.reports import ReportsOfChats
from service.chats.surveys import AsksInChats
from service.chats.told_ahead import StopsTelling
from service.chats.turns import ChatTurns, Told
from service.chats.written_call import MASK, MOST_WORDS, SECRET, key_of

BEGAN = "began"
"""Names what is done by the message with which a chat begins."""
STOPPED = "chat-ahead-stopped"
MENU_WORDS = frozenset({TO_MENU, "меню", "menu", "/menu", "/start"})
ONLY_IN_WRITING = frozenset({"лише письмово", "тільки письмово", "не телефонуйте", "only in writing"})
"""Words by which somebody wants no call about what they wrote."""
_QUOTED = ' .!«»“”"'
"""Signs around words that are written as we have named them."""
NotesWish = Callable[[Medium, str], Awaitable[int]]
MOST_ENDED_AT_ONCE = 50
_TOGETHER = 10
"""Words by which parts of a long text overlap: an expression may be as long."""


@define(eq=False, repr=False, kw_only=True)
class Conversations:
    """All chats of the service, as residents and dispatchers write in them."""

    _turns: ChatTurns
    _flows: HeldFlows
    going_on: GoingOn
    """How chats go on in other media and calls."""
    _understanding: Understanding
    _only_in_writing: NotesWish | None = None
    """Notes who wants no call about what they wrote from an address."""
    _telling: StopsTelling | None = None
    """Ends what people asked to be told."""
    _photos: PhotosOfChats | None = field(default=None, init=False)

    def tell(self, told: Told) -> None:
        """Have this told of each change."""
        self._turns.tell(told)

    def survey(self, surveys: AsksChat) -> None:
        """From now on ask in chats whether what was reported there is done."""
        self._flows.surveys = surveys

    @property
    def asking(self) -> AsksInChats:
        """Begins surveys in chats."""
        return AsksInChats(turns=self._turns, flows=self._flows)

    @property
    def news(self) -> NewsInChats:
        """Tells in chats what people asked to be told."""
        return NewsInChats(turns=self._turns, flows=self._flows)

    def register(self, reports: ReportsOfChats) -> None:
        """From now on register what residents report, with its photos."""
        self._flows.reports, self._photos = reports, reports.photos

    async def begin(self, new: NewChat, *, received: str = "") -> Chat:
        """Begin a chat: the resident is greeted and asked. `received` names the message that began it."""
        chat = await self._turns.chats.begin(new, self._turns.now())
        async with self._turns.of(chat.id) as chat:
            return await self._flows.lead_on(chat, (), _began(received))

    async def write(self, chat_id: int, text: str, *, seen: int | None = None, received: str = "") -> Chat:
        """Take what the resident wrote. Raises UnusableText, ChatIsOver.

        `seen` is how many lines there were as they pressed a choice: pressed twice, or on a page that is old,
        it is none to the question of now, and changes nothing. `received` is the messenger's name of it.
        """
        said = usable(text)
        if done := await self._by_word(chat_id, said, received):
            return done
        async with self._turns.of(chat_id) as chat:
            if seen is not None and chat.lines != seen:
                return chat
            if ended := await self._flows.ended_as_long(chat):
                return ended
            topic = await self._topic(said, chat.language)
            if chat.state is ChatState.ASKING:
                return await self._answered(chat, said, topic, received)
            wrote = NewLine(kind=LineKind.WROTE, text=said, received=received)
            if chat.state is ChatState.WAITING and await self._wants_menu(chat, said):
                return await self._back_to_menu(chat, wrote)
            return await self._wrote(chat, wrote, topic)

    async def _by_word(self, chat_id: int, said: str, received: str) -> Chat | None:
        """Take a word that means the same whatever was asked; None: it is none."""
        if moved := await self.going_on.by_word(chat_id, said, received):
            return moved
        if said.strip(_QUOTED).casefold() in ONLY_IN_WRITING and self._only_in_writing is not None:
            return await self._wants_no_call(chat_id, said, received, self._only_in_writing)
        if keyword_of(said)[0] is Keyword.STOP:
            return await self._wants_no_news(chat_id, said, received)
        return None

    async def _wants_no_news(self, chat_id: int, said: str, received: str) -> Chat | None:
        """End what they have asked to be told, and ask on; None: nobody knows who they are."""
        async with self._turns.of(chat_id) as chat:
            if not await self.stop_telling(chat.medium, chat.address, chat.number):
                return None
            if ended := await self._flows.ended_as_long(chat):
                return ended
            wrote = NewLine(kind=LineKind.WROTE, text=said, received=received)
            return await self._flows.say_besides(chat, in_chat(STOPPED, chat.language), wrote)

    async def stop_telling(self, medium: Medium, address: str, number: str | None = None) -> bool:
        """End what somebody has asked to be told; False: nobody knows who they are."""
        if self._telling is None:
            return False
        return await self._telling.stop(medium, address, number, self._turns.now())

    async def stopped(self, new: NewChat, said: str, received: str) -> Chat:
        """Answer who wanted no more news, and is in no conversation."""
        wrote = NewLine(kind=LineKind.WROTE, text=said, received=received)
        told = NewLine(kind=LineKind.TOLD, text=in_chat(STOPPED, new.language))
        return await self.news.closed(new, [wrote, told])

    async def _wants_no_call(self, chat_id: int, said: str, received: str, note: NotesWish) -> Chat:
        """Note that nobody is to call them about what they wrote here, and ask on."""
        async with self._turns.of(chat_id) as chat:
            if ended := await self._flows.ended_as_long(chat):
                return ended
            await note(chat.medium, chat.address)
            wrote = NewLine(kind=LineKind.WROTE, text=said, received=received)
            return await self._flows.say_besides(chat, in_chat("chat-only-in-writing", chat.language), wrote)

    async def add_photo(
        self, chat_id: int, sent: SentPhoto, *, received: str = "", words_follow: bool = False
    ) -> Chat:
        """Take a photo of the resident; what waits is asked once more, unless their words follow.

        Raises PhotoRefused, ChatIsOver.
        """
        if self._photos is None:
            raise PhotoRefused(Taken.PHOTO_LATER)
        photo = await self._photos.take(await self._turns.chats.get(chat_id), sent)
        async with self._turns.of(chat_id) as chat:
            if ended := await self._flows.ended_as_long(chat):
                return ended
            wrote = NewLine(
                kind=LineKind.WROTE,
                text=in_chat("chat-photo", chat.language),
                detail={PHOTO: photo.key},
                received=received,
            )
            if chat.state is not ChatState.ASKING:
                return await self._turns.add(chat, [wrote])
            going = going_of(since_station(await self._turns.chats.lines(chat.id)))
            told = await self._photos.place(chat, reporting=going is Next.REPORT)
            return await self._flows.say_besides(chat, told, wrote, asks=not words_follow, of=PHOTO)

    async def prove(self, chat_id: int, number: str, *, received: str = "") -> Chat:
        """Take the resident's own number, which the messenger proves: they go on as a caller from it.

        Raises ChatIsOver.
        """
        async with self._turns.of(chat_id) as chat:
            if ended := await self._flows.ended_as_long(chat):
                return ended
            told = told_line("chat-number-proven", chat)
            said = [NewLine(kind=LineKind.WROTE, text=number, received=received), told]
            proven = await self._turns.add(chat, said, number=number)
            if proven.state is not ChatState.ASKING:
                return proven
            return await self._flows.lead_on(proven, (), (), going=Next.THEIR_OUTAGES)

    async def take_up(self, chat_id: int, *, received: str = "") -> Chat:
        """Lead on a chat whose last message was taken, and not worked off: the process has died there.

        `received` names the message that began it, where it has not been greeted.
        """
        async with self._turns.of(chat_id) as chat:
            if chat.state is not ChatState.ASKING:
                return chat
            lines = await self._turns.chats.lines(chat.id)
            if lines and (lines[-1].kind is LineKind.ASKED or lines[-1].detail.get(AGAIN)):
                return chat
            if lines and lines[-1].kind not in OF_FLOW:
                return await self._flows.lead_on(chat, (), (), going=Next.MENU)
            past = since_station(lines)
            return await self._flows.lead_on(
                chat, past if going_of(past) else (), () if lines else _began(received)
            )

    async def leave(self, chat_id: int, told: str = "chat-over") -> Chat:
        """End it as the resident wishes: as one hangs up. `told` is the catalogue's key of the last words."""
        return await self._flows.leave(chat_id, told)

    async def take(self, chat_id: int, user: User) -> Chat:
        """Let the dispatcher have it. Raises ForbiddenTransition where somebody has it, or it is over."""
        async with self._turns.of(chat_id) as chat:
            taken = [told_line("chat-taken", chat)]
            return await self._turns.add(chat, taken, act=ChatAct.TAKE, user_id=user.id)

    async def reply(self, chat_id: int, user: User, text: str) -> Chat:
        """Write to the resident. Raises UnusableText, ForbiddenTransition where it is not theirs."""
        said = usable(text)
        async with self._turns.of(chat_id) as chat:
            _require_theirs(chat, user)
            return await self._turns.add(chat, [NewLine(kind=LineKind.REPLIED, text=said, user_id=user.id)])

    async def give_back(self, chat_id: int, seen: int | None = None) -> Chat:
        """Have it wait again, where it stood; any dispatcher may: who took it may have gone home.

        Raises ForbiddenTransition where nobody has it, Outdated where it is another version than was `seen`.
        """
        async with self._turns.of(chat_id) as chat:
            if seen is not None and chat.version != seen:
                raise Outdated(f"Chat {chat_id} has a later version than {seen}.")
            return await self._turns.add(chat, [told_line("chat-given-back", chat)], act=ChatAct.GIVE_BACK)

    async def close(self, chat_id: int, user: User) -> Chat:
        """End it. Raises ForbiddenTransition where it is not theirs."""
        async with self._turns.of(chat_id) as chat:
            _require_theirs(chat, user)
            return await self._flows.end(chat, "chat-over")

    async def give_photos(self, chat_id: int, user: User, number: str) -> int:
        """Give the appeal the photos of the chat; how many.

        Raises NotFound for an unknown appeal, ForbiddenTransition where the chat is not theirs.
        """
        async with self._turns.of(chat_id) as chat:
            _require_theirs(chat, user)
            return 0 if self._photos is None else await self._photos.give_to(chat_id, number)

    async def end_silent(self) -> None:
        """End those in which no answer has come for long."""
        since = self._turns.now() - ANSWERED_WITHIN
        for one in await self._turns.chats.silent(since, MOST_ENDED_AT_ONCE):
            await run_isolated(lambda one=one: self._end_silent(one, since), f"chat not ended chat={one.id}")  # type: ignore[misc]

    async def _end_silent(self, one: Chat, since: datetime) -> None:
        async with self._turns.of(one.id) as chat:
            if chat.state is ChatState.ASKING and chat.changed_at < since:
                await (self._flows.end(chat, "chat-over") if chat.unopened else self._flows.hang_up(chat))

    async def _answered(self, chat: Chat, said: str, topic: Topic | None, received: str) -> Chat:
        lines = await self._turns.chats.lines(chat.id)
        asked = next((one for one in reversed(lines) if one.kind is LineKind.ASKED), None)
        secret = asked is not None and bool(asked.detail.get(SECRET))
        if asked is not None and any(one.label.casefold() == said.casefold() for one in asked.buttons):
            topic = None  # a choice says what it leads to, whatever words it is made of
        detail = {"topic": topic.value} if topic else {}
        answer = NewLine(kind=LineKind.ANSWERED, text=said, detail=detail)
        masked = secret and topic is not Topic.EMERGENCY and any(map(str.isdecimal, said))
        kept = replace(answer, text=MASK if masked else said, received=received)
        if topic is Topic.EMERGENCY:
            return await self._flows.to_person(chat, [kept], urgent=True)
        if said.casefold() in MENU_WORDS - {TO_MENU}:
            return await self._flows.lead_on(chat, (), [kept], going=Next.MENU)
        return await self._flows.lead_on(chat, [*since_station(lines), answer], [kept])

    async def _wants_menu(self, chat: Chat, said: str) -> bool:
        last = [one for one in await self._turns.chats.lines(chat.id) if one.buttons][-1:]
        said = said.strip().casefold()
        return said in MENU_WORDS or any(key_of(said, one.buttons) == TO_MENU for one in last)

    async def _back_to_menu(self, chat: Chat, wrote: NewLine) -> Chat:
        chat = await self._turns.add(chat, [wrote], act=ChatAct.BACK_TO_MENU, urgent=False)
        return await self._flows.lead_on(chat, (), (), going=Next.MENU)

    async def _wrote(self, chat: Chat, wrote: NewLine, topic: Topic | None) -> Chat:
        lines = [wrote]
        if topic is not Topic.EMERGENCY or chat.urgent:
            return await self._turns.add(chat, lines)
        lines.append(told_line("chat-urgent", chat))
        return await self._turns.add(chat, lines, urgent=True)

    async def _topic(self, said: str, language: Language) -> Topic | None:
        """Find the topic of the first words; an emergency counts at any place of the text.

        Each word costs a quarter of a millisecond: calls go on between the parts.
        """
        words = said.split()
        first: Topic | None = None
        for at in range(0, max(1, len(words) - _TOGETHER), MOST_WORDS - _TOGETHER):
            part = " ".join(words[at : at + MOST_WORDS])
            topic = await self._understanding.topic(typed(part, language))
            if topic is Topic.EMERGENCY:
                return topic
            first = topic if at == 0 else first
            await asyncio.sleep(0)
        return first

    async def changed_elsewhere(self, chat_id: int) -> None:
        """Have a chat told that another process has changed."""
        self._turns.changed(await self._turns.chats.get(chat_id))


def _began(received: str) -> Sequence[NewLine]:
    return [NewLine(kind=LineKind.DID, text=BEGAN, received=received)] if received else []


def _require_theirs(chat: Chat, user: User) -> None:
    if chat.state is not ChatState.TALKING or chat.user_id != user.id:
        raise ForbiddenTransition("The chat is not yours now: somebody else has it, or it is over.")
