"""Conversations that go on elsewhere: in another medium by a code or a link, in a call, out of a call."""

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from attrs import define, evolve, field, frozen

from hotline.access.users import User
from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.chats.chat_states import ChatAct, ChatState
from hotline.chats.chats import AGAIN, Chat, ChatIsOver, Line, LineKind, Medium, NewLine
from hotline.errors import Outdated
from ivr_flows.languages import in_chat
from service.chats.begun_report import BegunReport, begun_report
from service.chats.call_to_go_on import LENGTH, LETTERS, LINK_VALID, CallToGoOn, address_of_link
from service.chats.handing_on import HandingOn
from service.chats.held_flows import At, Facts, HeldFlows, going_of, since_station, told_line
from service.chats.turns import ChatTurns

OPENED = "opened"
"""Names, in the detail of a line, the address of the link by which the chat came here."""
CALLED = "called"
"""Names, in the detail of a line, the call in which the chat goes on."""
_BY_LINK = re.compile(rf"/start ([{LETTERS}]{{{LENGTH}}})")
"""What Telegram brings of who has opened a link to the bot."""
_GO_ON = re.compile(r"(?:продовжити|continue)\W*(?:([0-9]{6})\W*)?", re.IGNORECASE)
"""The word by which a chat goes on in another medium, alone or with the code of it."""


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
class GoingOn:
    """The ways by which conversations leave their medium and come to another."""

    _turns: ChatTurns
    _flows: HeldFlows
    _free: Callable[[int, str], Awaitable[User | None]]
    """Finds the user where they may take the chat that goes on from this call at once."""
    _handing_on: HandingOn = field(factory=HandingOn, init=False)

    async def by_word(self, chat_id: int, said: str, received: str) -> Chat | None:
        """Take the word by which a chat goes on in another medium; None: it is none."""
        if goes_on := _GO_ON.fullmatch(said):
            return await self._go_on(chat_id, goes_on[1], received)
        if link := _BY_LINK.fullmatch(said):
            return await self._go_on_by_link(chat_id, link[1], received)
        return None

    def called_with(self, code: str) -> int | None:
        """Give the chat whose code the resident says by telephone, once; None for a wrong one."""
        return self._handing_on.said(code, self._turns.now())

    async def open_link(self, code: str, medium: Medium, address: str) -> Chat | None:
        """Have the conversation of this link go on here, once; None for a link that is not good any more.

        Opened here before, it is the chat of then. A dispatcher who sent it has the chat at once, where they
        are free.
        """
        found = await self._turns.chats.latest(Medium.WEB, address_of_link(code))
        if found is None:
            return await self.opened_here(code, medium, address)
        async with self._turns.of(found.id) as chat:
            late = self._turns.now() - chat.begun_at >= LINK_VALID
            lines = await self._turns.chats.lines(chat.id)
            if late or not lines or chat.state is ChatState.OVER:
                return None
            if chat.unopened:
                opened = NewLine(kind=LineKind.DID, text=OPENED, detail={OPENED: address_of_link(code)})
                try:
                    moved = await self._turns.add(chat, [opened], medium=medium.value, address=address)
                except Outdated:
                    pass  # another process was quicker: perhaps by the same browser's other press
                else:
                    return await self._begun_by_phone(moved, CallToGoOn.read(lines[0].detail))
        return await self.opened_here(code, medium, address)

    async def opened_here(self, code: str, medium: Medium, address: str) -> Chat | None:
        """Give the chat that this link has brought here, while it lives; None: it has brought none."""
        found = await self._turns.chats.latest(medium, address)
        if found is None:
            return None
        async with self._turns.of(found.id) as chat:
            lines = await self._turns.chats.lines(chat.id)
            here = any(one.detail.get(OPENED) == address_of_link(code) for one in lines)
            if not here or chat.state is ChatState.OVER:
                return None
            if lines[-1].kind is LineKind.DID and OPENED in lines[-1].detail:  # the process died there
                return await self._begun_by_phone(chat, CallToGoOn.read(lines[0].detail))
            return chat

    async def under_way(self, chat_id: int) -> UnderWay | None:
        """Tell where it stands; None where it is over, or nothing was said that would be said again."""
        return await self._under_way(await self._turns.chats.get(chat_id))

    async def goes_on_by_phone(self, chat_id: int, call_id: str) -> UnderWay | None:
        """Note that it goes on in this call, and tell where it stands; None where it is over by now."""
        async with self._turns.of(chat_id) as chat:
            found = await self._under_way(chat)
            if found is None:
                return None
            if found.going in {Next.APPEAL_STATE, Next.SURVEY}:
                found = evolve(found, going=Next.APPEAL_STATE, about=await self._asked_about(chat))
            told = replace(told_line("chat-by-phone", chat), detail={AGAIN: CALLED, CALLED: call_id})
            facts: Facts = {}
            if chat.medium is Medium.SMS and chat.sent == chat.lines:
                facts = {"sent": chat.lines + 1}  # no short message is paid for to say what they know
            await self._turns.add(chat, [told], **facts)
            return found

    async def _go_on(self, chat_id: int, code: str | None, received: str) -> Chat:
        """Give a code by which the chat goes on elsewhere, or have that of this code go on here."""
        now, here = self._turns.now(), await self._turns.chats.get(chat_id)
        if here.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        there = self._handing_on.take(code, f"{here.medium} {here.address}", now) if code else None
        moved = None if there in {None, chat_id} else await self._moved(there, here, received)
        if moved is not None:
            left = await self._flows.leave(chat_id, "chat-goes-on-there")
            await self._turns.chats.sent_up_to(left.id, left.lines)
            return moved
        async with self._turns.of(chat_id) as chat:
            if ended := await self._flows.ended_as_long(chat):
                return ended
            text = in_chat("chat-code-wrong" if code else "chat-code", chat.language)
            told = text if code else text.format(code=self._handing_on.code_for(chat_id, now))
            return await self._flows.say_besides(chat, told, _goes_on(chat, received))

    async def _go_on_by_link(self, chat_id: int, code: str, received: str) -> Chat:
        """Have the conversation of a link go on here, in the place of the one that began with it."""
        here = await self._turns.chats.get(chat_id)
        if here.state is ChatState.OVER:
            raise ChatIsOver("The chat is over: begin another.")
        opened = await self.open_link(code, here.medium, here.address)
        if opened is not None and opened.id != chat_id:
            left = await self._flows.leave(chat_id, "chat-goes-on-there")
            await self._turns.chats.sent_up_to(left.id, left.lines)
            return opened
        async with self._turns.of(chat_id) as chat:
            told = in_chat("chat-goes-on" if opened else "chat-link-wrong", chat.language)
            return await self._flows.say_besides(chat, told, _goes_on(chat, received))

    async def _moved(self, chat_id: int, here: Chat, received: str) -> Chat | None:
        """Have the chat go on where `here` is; None where it is over."""
        async with self._turns.of(chat_id) as chat:
            if chat.state is ChatState.OVER:
                return None
            facts: Facts = {"medium": here.medium.value, "address": here.address}
            facts |= {"sent": chat.lines, "sending": None}
            facts |= {"number": here.number} if here.number else {}
            told = in_chat("chat-goes-on", chat.language)
            return await self._flows.say_besides(chat, told, _goes_on(chat, received), **facts)

    async def _begun_by_phone(self, chat: Chat, began: CallToGoOn) -> Chat:
        if began.going not in {Next.DISPATCHER, Next.EMERGENCY}:
            return await self._flows.lead_on(chat, (), (), going=began.going, about=began.about)
        chat = await self._flows.to_person(chat, [], urgent=began.going is Next.EMERGENCY)
        if began.user_id is None or not (user := await self._free(began.user_id, began.call_id)):
            return chat
        return await self._turns.add(chat, [told_line("chat-taken", chat)], act=ChatAct.TAKE, user_id=user.id)

    async def _under_way(self, chat: Chat) -> UnderWay | None:
        if chat.state is ChatState.OVER:
            return None
        lines = await self._turns.chats.lines(chat.id)
        past = since_station(lines)
        going = going_of(past)
        if chat.state is not ChatState.ASKING:
            going = Next.EMERGENCY if chat.urgent else Next.DISPATCHER
        elif going is None or going is Next.MENU or past[-1].kind is not LineKind.ASKED:
            return None
        return UnderWay(chat=chat, going=going, begun=begun_report(lines), called=_called(lines))

    async def _asked_about(self, chat: Chat) -> str:
        """Give the appeal that it is about: its flow is held anew, up to the question that waits."""
        past = since_station(await self._turns.chats.lines(chat.id))
        call = self._flows.call(At(chat), past)
        await self._flows.held(call, going_of(past))
        asked = [told["appeal"] for step, told in call.steps if step is Step.APPEAL_ASKED]
        return str(asked[-1]) if asked else ""


def _called(lines: Sequence[Line]) -> str:
    """Name the call in which the chat went on last."""
    return next((str(one.detail[CALLED]) for one in reversed(lines) if CALLED in one.detail), "")


def _goes_on(chat: Chat, received: str) -> NewLine:
    """Make the line of who goes on elsewhere; the code stands in none."""
    return NewLine(kind=LineKind.WROTE, text=in_chat("chat-go-on", chat.language), received=received)
