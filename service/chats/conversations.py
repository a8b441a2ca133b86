"""Conversations in writing: what residents write leads their flow on, dispatchers' words reach them.

One message of a chat is worked off after the other. Between messages nothing of a chat is in memory: its
lines are its state, so that a restart of the service changes nothing.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from weakref import WeakValueDictionary

from attrs import define, evolve, field, frozen

from hotline.access.users import User
from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import (
    AGAIN,
    ANSWERED_WITHIN,
    MOST_LINES,
    PHOTO,
    Button,
    Chat,
    ChatIsOver,
    Chats,
    Line,
    LineKind,
    Medium,
    NewChat,
    NewLine,
    usable,
)
from hotline.chats.messengers import PhotoRefused, SentPhoto, Taken
from hotline.clock import Clock
from hotline.errors import CallGone, ForbiddenTransition, Outdated
from hotline.isolation import read_isolated, run_isolated
from hotline.speech.hearing import typed
from hotline.speech.topics import Topic
from hotline.voice.speech import Language
from ivr_flows import prompts
from ivr_flows.chat_road import ChatEnd, converse_in_chat
from ivr_flows.languages import in_chat
from ivr_flows.ports import FlowPorts
from service.chats.begun_report import BegunReport, begun_report
from service.chats.call_to_go_on import LENGTH, LETTERS, LINK_VALID, CallToGoOn, address_of_link
from service.chats.handing_on import HandingOn
from service.chats.photos import PhotosOfChats
from service.chats.ports import ports_of
from service.chats.reports import ReportsOfChats
from service.chats.written_call import MASK, MOST_WORDS, SECRET, Stop, WrittenCall, key_of

log = logging.getLogger(__name__)

TO_MENU = "*"
CALLED = "called"
"""Names, in the detail of a line, the call in which the chat goes on."""
BEGAN = "began"
"""Names what is done by the message with which a chat begins."""
MENU_WORDS = frozenset({TO_MENU, "меню", "menu", "/menu", "/start"})
_BY_LINK = re.compile(rf"/start ([{LETTERS}]{{{LENGTH}}})")
"""What Telegram brings of who has opened a link to the bot."""
_GO_ON = re.compile(r"(?:продовжити|continue)\W*(?:([0-9]{6})\W*)?", re.IGNORECASE)
"""The word by which a chat goes on in another medium, alone or with the code of it."""
MOST_ENDED_AT_ONCE = 50
_TOGETHER = 10
"""Words by which parts of a long text overlap: an expression may be as long."""

Facts = dict[str, Any]
"""Columns of a chat that change."""
Told = Callable[[Chat], None]
"""Is told of each chat that has changed; it does not wait for anything."""


async def _nobody_is(user_id: int, call_id: str) -> User | None:
    del user_id, call_id
    return None


@frozen(kw_only=True)
class UnderWay:
    """Where a conversation in writing stands: its station, the appeal that it is about, a report begun."""

    chat: Chat
    going: Next
    begun: BegunReport
    called: str
    """The call in which it goes on; empty: none."""
    about: str = ""


@define(eq=False, repr=False, kw_only=True)
class Conversations:
    """All chats of the service."""

    _chats: Chats
    _city: FlowPorts
    _clock: Clock
    _on_duty: Callable[[], Awaitable[bool]]
    """Tells whether any dispatcher is on duty."""
    _free: Callable[[int, str], Awaitable[User | None]] = _nobody_is
    """Finds the user where they may take the chat that goes on from this call at once."""
    _others: Callable[[int], None] = lambda _chat_id: None
    """Tells other processes which chat has changed."""
    _told: list[Told] = field(factory=list, init=False)
    _reports: ReportsOfChats | None = field(default=None, init=False)
    _photos: PhotosOfChats | None = field(default=None, init=False)
    _handing_on: HandingOn = field(factory=HandingOn, init=False)
    _guesses: Guesses = field(factory=lambda: Guesses(GuessingRules()), init=False)
    _turns: WeakValueDictionary[int, asyncio.Lock] = field(factory=WeakValueDictionary, init=False)

    def tell(self, told: Told) -> None:
        """Have this told of each change."""
        self._told.append(told)

    def register(self, reports: ReportsOfChats) -> None:
        """From now on register what residents report, with its photos."""
        self._reports, self._photos = reports, reports.photos

    async def begin(self, new: NewChat, *, received: str = "") -> Chat:
        """Begin a chat: the resident is greeted and asked. `received` names the message that began it."""
        chat = await self._chats.begin(new, self._clock.now())
        async with self._turn(chat.id) as chat:
            return await self._lead_on(chat, (), _began(received))

    async def open_link(self, code: str, medium: Medium, address: str) -> Chat | None:
        """Have the conversation of this link go on here, once; None for a link that is not good any more.

        A dispatcher who sent it has the chat at once, where they are free.
        """
        found = await self._chats.latest(Medium.WEB, address_of_link(code))
        if found is None:
            return None
        async with self._turn(found.id) as chat:
            late = self._clock.now() - chat.begun_at >= LINK_VALID
            lines = await self._chats.lines(chat.id)
            if late or not chat.unopened or not lines or chat.state is ChatState.OVER:
                return None
            try:
                moved = await self._add(chat, [], medium=medium.value, address=address)
            except Outdated:  # another process was quicker
                return None
            return await self._begun_by_phone(moved, CallToGoOn.read(lines[0].detail))

    async def _begun_by_phone(self, chat: Chat, began: CallToGoOn) -> Chat:
        if began.going not in {Next.DISPATCHER, Next.EMERGENCY}:
            return await self._lead_on(chat, (), (), going=began.going, about=began.about)
        chat = await self._to_person(chat, [], urgent=began.going is Next.EMERGENCY)
        if began.user_id is None or not (user := await self._free(began.user_id, began.call_id)):
            return chat
        return await self._add(chat, [self._line("chat-taken", chat)], act=ChatAct.TAKE, user_id=user.id)

    async def write(self, chat_id: int, text: str, *, seen: int | None = None, received: str = "") -> Chat:
        """Take what the resident wrote. Raises UnusableText, ChatIsOver.

        `seen` is how many lines there were as they pressed a choice: pressed twice, or on a page that is old,
        it is none to the question of now, and changes nothing. `received` is the messenger's name of it.
        """
        said = usable(text)
        if moved := await self._goes_elsewhere(chat_id, said, received):
            return moved
        async with self._turn(chat_id) as chat:
            if seen is not None and chat.lines != seen:
                return chat
            if ended := await self._ended_as_long(chat):
                return ended
            topic = await self._topic(said, chat.language)
            if chat.state is ChatState.ASKING:
                return await self._answered(chat, said, topic, received)
            wrote = NewLine(kind=LineKind.WROTE, text=said, received=received)
            if chat.state is ChatState.WAITING and await self._wants_menu(chat, said):
                return await self._back_to_menu(chat, wrote)
            return await self._wrote(chat, wrote, topic)

    async def add_photo(
        self, chat_id: int, sent: SentPhoto, *, received: str = "", words_follow: bool = False
    ) -> Chat:
        """Take a photo of the resident; what waits is asked once more, unless their words follow.

        Raises PhotoRefused, ChatIsOver.
        """
        if self._photos is None:
            raise PhotoRefused(Taken.PHOTO_LATER)
        photo = await self._photos.take(await self._chats.get(chat_id), sent)
        async with self._turn(chat_id) as chat:
            if ended := await self._ended_as_long(chat):
                return ended
            wrote = NewLine(
                kind=LineKind.WROTE,
                text=in_chat("chat-photo", chat.language),
                detail={PHOTO: photo.key},
                received=received,
            )
            if chat.state is not ChatState.ASKING:
                return await self._add(chat, [wrote])
            going = _going(_since_station(await self._chats.lines(chat.id)))
            told = await self._photos.place(chat, reporting=going is Next.REPORT)
            return await self._said_besides(chat, told, wrote, asks=not words_follow, of=PHOTO)

    async def prove(self, chat_id: int, number: str, *, received: str = "") -> Chat:
        """Take the resident's own number, which the messenger proves: they go on as a caller from it.

        Raises ChatIsOver.
        """
        async with self._turn(chat_id) as chat:
            if ended := await self._ended_as_long(chat):
                return ended
            told = self._line("chat-number-proven", chat)
            said = [NewLine(kind=LineKind.WROTE, text=number, received=received), told]
            proven = await self._add(chat, said, number=number)
            if proven.state is not ChatState.ASKING:
                return proven
            return await self._lead_on(proven, (), (), going=Next.THEIR_OUTAGES)

    async def take_up(self, chat_id: int, *, received: str = "") -> Chat:
        """Lead on a chat whose last message was taken, and not worked off: the process has died there.

        `received` names the message that began it, where it has not been greeted.
        """
        async with self._turn(chat_id) as chat:
            if chat.state is not ChatState.ASKING:
                return chat
            lines = await self._chats.lines(chat.id)
            if lines and (lines[-1].kind is LineKind.ASKED or lines[-1].detail.get(AGAIN)):
                return chat
            if lines and lines[-1].kind not in _OF_FLOW:
                return await self._lead_on(chat, (), (), going=Next.MENU)
            past = _since_station(lines)
            return await self._lead_on(chat, past if _going(past) else (), () if lines else _began(received))

    async def _goes_elsewhere(self, chat_id: int, said: str, received: str) -> Chat | None:
        """Take the word by which a chat goes on in another medium; None: it is none."""
        if goes_on := _GO_ON.fullmatch(said):
            return await self._go_on(chat_id, goes_on[1], received)
        if link := _BY_LINK.fullmatch(said):
            return await self._go_on_by_link(chat_id, link[1], received)
        return None

    async def _go_on(self, chat_id: int, code: str | None, received: str) -> Chat:
        """Give a code by which the chat goes on elsewhere, or have that of this code go on here."""
        now, here = self._clock.now(), await self._chats.get(chat_id)
        if here.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        there = self._handing_on.take(code, f"{here.medium} {here.address}", now) if code else None
        moved = None if there in {None, chat_id} else await self._moved(there, here, received)
        if moved is not None:
            left = await self.leave(chat_id, "chat-goes-on-there")
            await self._chats.sent_up_to(left.id, left.lines)
            return moved
        async with self._turn(chat_id) as chat:
            if ended := await self._ended_as_long(chat):
                return ended
            text = in_chat("chat-code-wrong" if code else "chat-code", chat.language)
            told = text if code else text.format(code=self._handing_on.code_for(chat_id, now))
            return await self._said_besides(chat, told, _goes_on(chat, received))

    async def _go_on_by_link(self, chat_id: int, code: str, received: str) -> Chat:
        """Have the conversation of a link go on here, in the place of the one that began with it."""
        here = await self._chats.get(chat_id)
        if here.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        opened = await self.open_link(code, here.medium, here.address)
        if opened is not None:
            left = await self.leave(chat_id, "chat-goes-on-there")
            await self._chats.sent_up_to(left.id, left.lines)
            return opened
        async with self._turn(chat_id) as chat:
            told = in_chat("chat-link-wrong", chat.language)
            return await self._said_besides(chat, told, _goes_on(chat, received))

    async def _moved(self, chat_id: int, here: Chat, received: str) -> Chat | None:
        """Have the chat go on where `here` is; None where it is over."""
        async with self._turn(chat_id) as chat:
            if chat.state is ChatState.OVER:
                return None
            facts: Facts = {"medium": here.medium.value, "address": here.address}
            facts |= {"sent": chat.lines, "sending": None}
            facts |= {"number": here.number} if here.number else {}
            told = in_chat("chat-goes-on", chat.language)
            return await self._said_besides(chat, told, _goes_on(chat, received), **facts)

    async def _said_besides(
        self, chat: Chat, told: str, wrote: NewLine, *, asks: bool = True, of: str = "", **facts: Any
    ) -> Chat:
        """Say what is no part of the flow, and the question once more that still waits.

        `of` names what it is about: the latest word about that stands for those before.
        """
        lines = await self._chats.lines(chat.id)
        again = NewLine(kind=LineKind.TOLD, text=told, detail={AGAIN: of or True})
        if asks and chat.state is ChatState.ASKING:
            asked = next((one for one in reversed(lines) if one.kind is LineKind.ASKED), None)
            if asked is not None:
                again = replace(again, text=f"{told}\n{asked.text}", buttons=asked.buttons)
        elif chat.state is ChatState.WAITING:
            again = replace(again, buttons=(_to_menu(chat.language),))
        return await self._add(chat, [wrote, again], **facts)

    async def leave(self, chat_id: int, told: str = "chat-over") -> Chat:
        """End it as the resident wishes: as one hangs up. `told` is the catalogue's key of the last words."""
        async with self._turn(chat_id) as chat:
            if chat.state is ChatState.OVER:
                return chat
            return await self._hang_up(chat, told)

    async def under_way(self, chat_id: int) -> UnderWay | None:
        """Tell where it stands; None where it is over, or nothing was said that would be said again."""
        return await self._under_way(await self._chats.get(chat_id))

    async def goes_on_by_phone(self, chat_id: int, call_id: str) -> UnderWay | None:
        """Note that it goes on in this call, and tell where it stands; None where it is over by now."""
        async with self._turn(chat_id) as chat:
            found = await self._under_way(chat)
            if found is None:
                return None
            if found.going is Next.APPEAL_STATE:
                found = evolve(found, about=await self._asked_about(chat))
            told = replace(self._line("chat-by-phone", chat), detail={AGAIN: CALLED, CALLED: call_id})
            facts: Facts = {}
            if chat.medium is Medium.SMS and chat.sent == chat.lines:
                facts = {"sent": chat.lines + 1}  # no short message is paid for to say what they know
            await self._add(chat, [told], **facts)
            return found

    async def _under_way(self, chat: Chat) -> UnderWay | None:
        if chat.state is ChatState.OVER:
            return None
        lines = await self._chats.lines(chat.id)
        past = _since_station(lines)
        going = _going(past)
        if chat.state is not ChatState.ASKING:
            going = Next.EMERGENCY if chat.urgent else Next.DISPATCHER
        elif going is None or going is Next.MENU or past[-1].kind is not LineKind.ASKED:
            return None
        return UnderWay(chat=chat, going=going, begun=begun_report(lines), called=_called(lines))

    async def _asked_about(self, chat: Chat) -> str:
        """Give the appeal that it is about: its flow is held anew, up to the question that waits."""
        past = _since_station(await self._chats.lines(chat.id))
        call = self._call(_At(chat), past)
        await self._held(call, _going(past))
        asked = [told["appeal"] for step, told in call.steps if step is Step.APPEAL_ASKED]
        return str(asked[-1]) if asked else ""

    def called_with(self, code: str) -> int | None:
        """Give the chat whose code the resident says by telephone, once; None for a wrong one."""
        return self._handing_on.said(code, self._clock.now())

    async def take(self, chat_id: int, user: User) -> Chat:
        """Let the dispatcher have it. Raises ForbiddenTransition where somebody has it, or it is over."""
        async with self._turn(chat_id) as chat:
            taken = [self._line("chat-taken", chat)]
            return await self._add(chat, taken, act=ChatAct.TAKE, user_id=user.id)

    async def reply(self, chat_id: int, user: User, text: str) -> Chat:
        """Write to the resident. Raises UnusableText, ForbiddenTransition where it is not theirs."""
        said = usable(text)
        async with self._turn(chat_id) as chat:
            _require_theirs(chat, user)
            return await self._add(chat, [NewLine(kind=LineKind.REPLIED, text=said, user_id=user.id)])

    async def give_back(self, chat_id: int) -> Chat:
        """Have it wait again, where it stood; any dispatcher may: who took it may have gone home.

        Raises ForbiddenTransition where nobody has it.
        """
        async with self._turn(chat_id) as chat:
            return await self._add(chat, [self._line("chat-given-back", chat)], act=ChatAct.GIVE_BACK)

    async def close(self, chat_id: int, user: User) -> Chat:
        """End it. Raises ForbiddenTransition where it is not theirs."""
        async with self._turn(chat_id) as chat:
            _require_theirs(chat, user)
            return await self._end(chat, "chat-over")

    async def give_photos(self, chat_id: int, user: User, number: str) -> int:
        """Give the appeal the photos of the chat; how many.

        Raises NotFound for an unknown appeal, ForbiddenTransition where the chat is not theirs.
        """
        async with self._turn(chat_id) as chat:
            _require_theirs(chat, user)
            return 0 if self._photos is None else await self._photos.give_to(chat_id, number)

    async def end_silent(self) -> None:
        """End those in which no answer has come for long."""
        since = self._clock.now() - ANSWERED_WITHIN
        for one in await self._chats.silent(since, MOST_ENDED_AT_ONCE):
            await run_isolated(lambda one=one: self._end_silent(one, since), f"chat not ended chat={one.id}")  # type: ignore[misc]

    async def _end_silent(self, one: Chat, since: datetime) -> None:
        async with self._turn(one.id) as chat:
            if chat.state is ChatState.ASKING and chat.changed_at < since:
                await (self._end(chat, "chat-over") if chat.unopened else self._hang_up(chat))

    @asynccontextmanager
    async def _turn(self, chat_id: int) -> AsyncIterator[Chat]:
        """Wait until the message before is worked off, and give the chat as it stands then."""
        lock = self._turns.setdefault(chat_id, asyncio.Lock())
        async with lock:
            yield await self._chats.get(chat_id)

    async def _answered(self, chat: Chat, said: str, topic: Topic | None, received: str) -> Chat:
        lines = await self._chats.lines(chat.id)
        asked = next((one for one in reversed(lines) if one.kind is LineKind.ASKED), None)
        secret = asked is not None and bool(asked.detail.get(SECRET))
        if asked is not None and any(one.label.casefold() == said.casefold() for one in asked.buttons):
            topic = None  # a choice says what it leads to, whatever words it is made of
        detail = {"topic": topic.value} if topic else {}
        answer = NewLine(kind=LineKind.ANSWERED, text=said, detail=detail)
        masked = secret and topic is not Topic.EMERGENCY and any(map(str.isdecimal, said))
        kept = replace(answer, text=MASK if masked else said, received=received)
        if topic is Topic.EMERGENCY:
            return await self._to_person(chat, [kept], urgent=True)
        if said.casefold() in MENU_WORDS - {TO_MENU}:
            return await self._lead_on(chat, (), [kept], going=Next.MENU)
        return await self._lead_on(chat, [*_since_station(lines), answer], [kept])

    async def _lead_on(
        self,
        chat: Chat,
        past: Sequence[NewLine],
        kept: Sequence[NewLine],
        *,
        going: Next | None = None,
        about: str = "",
    ) -> Chat:
        """Hold the flow on behind `past`; an error in it leads to a dispatcher, as on the telephone.

        `kept` are lines to be kept with what follows; `about` is the appeal with which it begins.
        """
        failure = f"flow of a chat failed, given to dispatchers chat={chat.id}"
        at = _At(chat)
        led = await read_isolated(self._hold(at, past, kept, going, about), failure, otherwise=None)
        if led is not None:
            return led
        return await self._to_person(at.chat, [] if at.moved else kept)

    async def _hold(
        self, at: "_At", past: Sequence[NewLine], kept: Sequence[NewLine], going: Next | None, about: str
    ) -> Chat:
        call = self._call(at, past)
        call.asked_about = about or call.asked_about
        call.pending += kept
        end = await self._held(call, _going(past) or going)
        if end is Stop.CHANGED:
            log.info("chat taken up from its menu, the city has changed chat=%s", at.chat.id)
            call = self._call(at, ())
            call.pending += [] if at.moved else kept
            call.message.say([prompts.RESUMED], call.language)
            end = await self._held(call, Next.MENU)
        facts: Facts = {} if call.language is at.chat.language else {"language": call.language.value}
        if end is Stop.ASKED:
            return await self._add(at.chat, call.pending, **facts)
        if call.left_message:
            return await self._message_left(at.chat, call, facts)
        if call.message:
            call.pending.append(NewLine(kind=LineKind.TOLD, text=call.message.text))
        if end is ChatEnd.OVER:
            return await self._end(at.chat, "chat-over", call.pending, **facts)
        return await self._to_person(at.chat, call.pending, urgent=end is ChatEnd.URGENT, **facts)

    def _call(self, at: "_At", past: Sequence[NewLine], *, ends: bool = False) -> WrittenCall:
        async def save(lines: Sequence[NewLine]) -> None:
            at.chat, at.moved = await self._add(at.chat, lines), True

        chat = at.chat
        return WrittenCall(
            chat.call_id,
            number=chat.number,
            language=chat.language,
            past=past,
            save=save,
            ends=ends,
            medium=chat.medium,
            address=chat.address,
        )

    async def _held(self, call: WrittenCall, going: Next | None) -> ChatEnd | Stop | None:
        """Hold the flow until it ends, or has to wait; None: it has ended as one hangs up."""
        city = ports_of(call, self._city, self._guesses, self._reports)
        flow = asyncio.create_task(converse_in_chat(going, call, city, call.arrive))
        try:
            await asyncio.wait((flow, call.stopped), return_when=asyncio.FIRST_COMPLETED)
            if not flow.done():
                return call.stopped.result()
            with suppress(CallGone):
                return flow.result()
            return None
        finally:
            flow.cancel()
            await asyncio.wait({flow})

    async def _message_left(self, chat: Chat, call: WrittenCall, facts: Facts) -> Chat:
        """Have it stand before dispatchers like any other; that it is kept has been said."""
        kept = NewLine(kind=LineKind.TOLD, text=call.message.text, buttons=(_to_menu(call.language),))
        return await self._add(chat, [*call.pending, kept], act=ChatAct.ASK_FOR_PERSON, **facts)

    async def _to_person(
        self, chat: Chat, lines: Sequence[NewLine], *, urgent: bool = False, **facts: Any
    ) -> Chat:
        language = Language(facts.get("language", chat.language))
        if urgent:
            said = f"{in_chat('chat-urgent', language)}\n{in_chat('chat-urgent-waits', language)}"
        else:
            said = in_chat("chat-waits" if await self._on_duty() else "chat-waits-nobody", language)
        waits = NewLine(kind=LineKind.TOLD, text=said, buttons=(_to_menu(language),))
        return await self._add(
            chat, [*lines, waits], act=ChatAct.ASK_FOR_PERSON, urgent=urgent or chat.urgent, **facts
        )

    async def _wants_menu(self, chat: Chat, said: str) -> bool:
        last = [one for one in await self._chats.lines(chat.id) if one.buttons][-1:]
        said = said.strip().casefold()
        return said in MENU_WORDS or any(key_of(said, one.buttons) == TO_MENU for one in last)

    async def _back_to_menu(self, chat: Chat, wrote: NewLine) -> Chat:
        chat = await self._add(chat, [wrote], act=ChatAct.BACK_TO_MENU, urgent=False)
        return await self._lead_on(chat, (), (), going=Next.MENU)

    async def _wrote(self, chat: Chat, wrote: NewLine, topic: Topic | None) -> Chat:
        lines = [wrote]
        if topic is not Topic.EMERGENCY or chat.urgent:
            return await self._add(chat, lines)
        lines.append(self._line("chat-urgent", chat))
        return await self._add(chat, lines, urgent=True)

    async def _hang_up(self, chat: Chat, told: str = "chat-over") -> Chat:
        """End it; what the flow does for who hangs up is done."""
        at = _At(chat)
        if chat.state is ChatState.ASKING:
            past = _since_station(await self._chats.lines(chat.id))
            held = self._held(self._call(at, past, ends=True), _going(past))
            await read_isolated(held, f"flow of a chat that ends failed chat={chat.id}", otherwise=None)
        return await self._end(at.chat, told)

    async def _ended_as_long(self, chat: Chat) -> Chat | None:
        """End a chat without room for another line; None: it has room. Raises ChatIsOver where it is over."""
        if chat.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        return None if chat.lines < MOST_LINES else await self._end(chat, "chat-long")

    async def _end(self, chat: Chat, key: str, lines: Sequence[NewLine] = (), **facts: Any) -> Chat:
        return await self._add(chat, [*lines, self._line(key, chat)], act=ChatAct.END, **facts)

    def _line(self, key: str, chat: Chat) -> NewLine:
        return NewLine(kind=LineKind.TOLD, text=in_chat(key, chat.language))

    async def _topic(self, said: str, language: Language) -> Topic | None:
        """Find the topic of the first words; an emergency counts at any place of the text.

        Each word costs a quarter of a millisecond: calls go on between the parts.
        """
        words = said.split()
        first: Topic | None = None
        for at in range(0, max(1, len(words) - _TOGETHER), MOST_WORDS - _TOGETHER):
            part = " ".join(words[at : at + MOST_WORDS])
            topic = await self._city.understanding.topic(typed(part, language))
            if topic is Topic.EMERGENCY:
                return topic
            first = topic if at == 0 else first
            await asyncio.sleep(0)
        return first

    async def _add(
        self, chat: Chat, lines: Sequence[NewLine], *, act: ChatAct | None = None, **facts: Any
    ) -> Chat:
        changed = await self._chats.add(chat, lines, self._clock.now(), act=act, **facts)
        self._tell(changed)
        self._others(changed.id)
        return changed

    async def changed_elsewhere(self, chat_id: int) -> None:
        """Have a chat told that another process has changed."""
        self._tell(await self._chats.get(chat_id))

    def _tell(self, changed: Chat) -> None:
        for told in self._told:
            told(changed)


@define
class _At:
    """A chat as it stands while its flow is held; `moved`: lines were kept meanwhile."""

    chat: Chat
    moved: bool = False


def _since_station(lines: Sequence[Line]) -> Sequence[NewLine]:
    """Give the lines of the flow since it last reached a station, that of the station first."""
    since = max((at for at, one in enumerate(lines) if one.kind is LineKind.STATION), default=0)
    return [one for one in lines[since:] if one.kind in _OF_FLOW]


_OF_FLOW = frozenset({LineKind.STATION, LineKind.ASKED, LineKind.ANSWERED, LineKind.DID})


def _called(lines: Sequence[Line]) -> str:
    """Name the call in which the chat went on last."""
    return next((str(one.detail[CALLED]) for one in reversed(lines) if CALLED in one.detail), "")


def _began(received: str) -> Sequence[NewLine]:
    return [NewLine(kind=LineKind.DID, text=BEGAN, received=received)] if received else []


def _goes_on(chat: Chat, received: str) -> NewLine:
    """Make the line of who goes on elsewhere; the code stands in none."""
    return NewLine(kind=LineKind.WROTE, text=in_chat("chat-go-on", chat.language), received=received)


def _to_menu(language: Language) -> Button:
    return Button(key=TO_MENU, label=in_chat("chat-to-menu", language))


def _going(past: Sequence[NewLine]) -> Next | None:
    """Give the station at which the lines begin; None: the greeting."""
    if not past or past[0].kind is not LineKind.STATION or not past[0].detail["next"]:
        return None
    return Next(past[0].detail["next"])


def _require_theirs(chat: Chat, user: User) -> None:
    if chat.state is not ChatState.TALKING or chat.user_id != user.id:
        raise ForbiddenTransition("The chat is not yours now: somebody else has it, or it is over.")
