"""Callers go on with chats of theirs: found by their number without a question to the database."""

from datetime import timedelta

from attrs import define

from hotline.access.users import Users
from hotline.calls.conversation import Next
from hotline.chats.chats import Chat
from hotline.clock import Clock
from hotline.line.line import Dispatchers
from hotline.line.presence_states import Presence
from ivr_flows.ports import Carried
from service.chats.begun_report import BegunReport
from service.chats.by_number import ChatsByNumber
from service.chats.going_on import GoingOn, UnderWay


@define(eq=False, repr=False, kw_only=True)
class ChatsByPhone:
    """`ivr_flows.ports.ChatsOfCallers`; `within` that time after its last line a chat is offered."""

    _going_on: GoingOn
    _known: ChatsByNumber
    _users: Users
    _dispatchers: Dispatchers
    _clock: Clock
    _within: timedelta

    async def unfinished(self, number: str) -> bool:
        """Tell whether a chat of this number is under way; for numbers without one nothing is read."""
        chat = self._recent(number)
        return chat is not None and await self._going_on.under_way(chat.id) is not None

    async def take_along(self, number: str, call_id: str) -> Carried | None:
        """Have it go on in this call; None where it is over by now."""
        chat = self._recent(number)
        found = chat and await self._going_on.goes_on_by_phone(chat.id, call_id)
        if not found:
            return None
        return Carried(
            chat_id=found.chat.id,
            going=found.going,
            about=found.about,
            dispatcher_id=await self._free(found),
        )

    async def begun_report(self, number: str, call_id: str) -> BegunReport | None:
        """Give what was told in the report with which this call goes on."""
        chat = self._known.of(number)
        found = chat and await self._going_on.under_way(chat.id)
        return found.begun if found and found.called == call_id else None

    def _recent(self, number: str) -> Chat | None:
        chat = self._known.of(number)
        return chat if chat is not None and self._clock.now() - chat.changed_at < self._within else None

    async def _free(self, found: UnderWay) -> int | None:
        """Give the dispatcher who has the chat, where they could be rung now."""
        if found.going not in {Next.DISPATCHER, Next.EMERGENCY} or found.chat.user_id is None:
            return None
        user = await self._users.get(found.chat.user_id)
        if user.dispatcher_id is None:
            return None
        one = await self._dispatchers.get(user.dispatcher_id)
        return one.id if one.presence is Presence.READY else None
