"""Flows held in a chat: each message leads its flow on, to its next question, a dispatcher or the end.

Between messages nothing of a chat is in memory: its lines are its state, so that a restart changes nothing.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from attrs import define, field

from hotline.appeals.applicants import Guesses, GuessingRules
from hotline.calls.conversation import Next
from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import AGAIN, MOST_LINES, Button, Chat, ChatIsOver, Line, LineKind, NewLine
from hotline.errors import CallGone
from hotline.isolation import read_isolated
from hotline.voice.speech import Language
from ivr_flows import prompts
from ivr_flows.chat_road import ChatEnd, converse_in_chat
from ivr_flows.languages import in_chat
from ivr_flows.ports import FlowPorts
from service.chats.ports import AsksChat, ports_of
from service.chats.reports import ReportsOfChats
from service.chats.turns import ChatTurns
from service.chats.written_call import Stop, WrittenCall

log = logging.getLogger(__name__)

TO_MENU = "*"
Facts = dict[str, Any]
"""Columns of a chat that change."""


@define
class At:
    """A chat as it stands while its flow is held; `moved`: lines were kept meanwhile."""

    chat: Chat
    moved: bool = False


@define(eq=False, repr=False, kw_only=True)
class HeldFlows:
    """A chat's flow is led on in the turn of the chat, and ends or waits there."""

    turns: ChatTurns
    _city: FlowPorts
    _on_duty: Callable[[], Awaitable[bool]]
    """Tells whether any dispatcher is on duty."""
    reports: ReportsOfChats | None = field(default=None, init=False)
    surveys: AsksChat | None = field(default=None, init=False)
    _guesses: Guesses = field(factory=lambda: Guesses(GuessingRules()), init=False)

    async def lead_on(
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
        at = At(chat)
        led = await read_isolated(self._hold(at, past, kept, going, about), failure, otherwise=None)
        if led is not None:
            return led
        return await self.to_person(at.chat, [] if at.moved else kept)

    async def _hold(
        self, at: At, past: Sequence[NewLine], kept: Sequence[NewLine], going: Next | None, about: str
    ) -> Chat:
        call = self.call(at, past)
        call.asked_about = about or call.asked_about
        call.pending += kept
        end = await self.held(call, going_of(past) or going)
        if end is Stop.CHANGED:
            log.info("chat taken up from its menu, the city has changed chat=%s", at.chat.id)
            call = self.call(at, ())
            call.pending += [] if at.moved else kept
            call.message.say([prompts.RESUMED], call.language)
            end = await self.held(call, Next.MENU)
        facts: Facts = {} if call.language is at.chat.language else {"language": call.language.value}
        if end is Stop.ASKED:
            return await self.turns.add(at.chat, call.pending, **facts)
        if call.left_message:
            return await self._message_left(at.chat, call, facts)
        if call.message:
            call.pending.append(NewLine(kind=LineKind.TOLD, text=call.message.text))
        if end is ChatEnd.OVER:
            return await self.end(at.chat, "chat-over", call.pending, **facts)
        return await self.to_person(at.chat, call.pending, urgent=end is ChatEnd.URGENT, **facts)

    def call(self, at: At, past: Sequence[NewLine], *, ends: bool = False) -> WrittenCall:
        async def save(lines: Sequence[NewLine]) -> None:
            at.chat, at.moved = await self.turns.add(at.chat, lines), True

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

    async def held(self, call: WrittenCall, going: Next | None) -> ChatEnd | Stop | None:
        """Hold the flow until it ends, or has to wait; None: it has ended as one hangs up."""
        city = ports_of(call, self._city, self._guesses, self.reports, self.surveys)
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

    async def say_besides(
        self,
        chat: Chat,
        told: str,
        wrote: NewLine | None = None,
        *,
        asks: bool = True,
        of: str = "",
        received: str = "",
        **facts: Any,
    ) -> Chat:
        """Say what is no part of the flow, and the question once more that still waits.

        `of` names what it is about: the latest word about that stands for those before. `received` names what
        had it said, where the resident wrote nothing.
        """
        lines = await self.turns.chats.lines(chat.id)
        again = NewLine(kind=LineKind.TOLD, text=told, detail={AGAIN: of or True}, received=received)
        if asks and chat.state is ChatState.ASKING:
            asked = next((one for one in reversed(lines) if one.kind is LineKind.ASKED), None)
            if asked is not None:
                again = replace(again, text=f"{told}\n{asked.text}", buttons=asked.buttons)
        elif chat.state is ChatState.WAITING:
            again = replace(again, buttons=(to_menu(chat.language),))
        return await self.turns.add(chat, [*((wrote,) if wrote else ()), again], **facts)

    async def _message_left(self, chat: Chat, call: WrittenCall, facts: Facts) -> Chat:
        """Have it stand before dispatchers like any other; that it is kept has been said."""
        kept = NewLine(kind=LineKind.TOLD, text=call.message.text, buttons=(to_menu(call.language),))
        return await self.turns.add(chat, [*call.pending, kept], act=ChatAct.ASK_FOR_PERSON, **facts)

    async def to_person(
        self, chat: Chat, lines: Sequence[NewLine], *, urgent: bool = False, **facts: Any
    ) -> Chat:
        language = Language(facts.get("language", chat.language))
        if urgent:
            said = f"{in_chat('chat-urgent', language)}\n{in_chat('chat-urgent-waits', language)}"
        else:
            said = in_chat("chat-waits" if await self._on_duty() else "chat-waits-nobody", language)
        waits = NewLine(kind=LineKind.TOLD, text=said, buttons=(to_menu(language),))
        return await self.turns.add(
            chat, [*lines, waits], act=ChatAct.ASK_FOR_PERSON, urgent=urgent or chat.urgent, **facts
        )

    async def leave(self, chat_id: int, told: str) -> Chat:
        """End the chat in its turn, as one hangs up; one that is over stays as it is."""
        async with self.turns.of(chat_id) as chat:
            if chat.state is ChatState.OVER:
                return chat
            return await self.hang_up(chat, told)

    async def hang_up(self, chat: Chat, told: str = "chat-over") -> Chat:
        """End it; what the flow does for who hangs up is done."""
        at = At(chat)
        if chat.state is ChatState.ASKING:
            past = since_station(await self.turns.chats.lines(chat.id))
            held = self.held(self.call(at, past, ends=True), going_of(past))
            await read_isolated(held, f"flow of a chat that ends failed chat={chat.id}", otherwise=None)
        return await self.end(at.chat, told)

    async def ended_as_long(self, chat: Chat) -> Chat | None:
        """End a chat without room for another line; None: it has room. Raises ChatIsOver where it is over."""
        if chat.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        return None if chat.lines < MOST_LINES else await self.end(chat, "chat-long")

    async def end(self, chat: Chat, key: str, lines: Sequence[NewLine] = (), **facts: Any) -> Chat:
        return await self.turns.add(chat, [*lines, told_line(key, chat)], act=ChatAct.END, **facts)


OF_FLOW = frozenset({LineKind.STATION, LineKind.ASKED, LineKind.ANSWERED, LineKind.DID})


def since_station(lines: Sequence[Line]) -> Sequence[NewLine]:
    """Give the lines of the flow since it last reached a station, that of the station first."""
    since = max((at for at, one in enumerate(lines) if one.kind is LineKind.STATION), default=0)
    return [one for one in lines[since:] if one.kind in OF_FLOW]


def going_of(past: Sequence[NewLine]) -> Next | None:
    """Give the station at which the lines begin; None: the greeting."""
    if not past or past[0].kind is not LineKind.STATION or not past[0].detail["next"]:
        return None
    return Next(past[0].detail["next"])


def to_menu(language: Language) -> Button:
    return Button(key=TO_MENU, label=in_chat("chat-to-menu", language))


def told_line(key: str, chat: Chat) -> NewLine:
    """Make a line of the hotline's words under this key of the catalogue."""
    return NewLine(kind=LineKind.TOLD, text=in_chat(key, chat.language))
