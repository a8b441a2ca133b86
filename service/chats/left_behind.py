"""Chats whose dispatcher has gone: each waits again, where it stood, so that a colleague answers."""

import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta

from attrs import define

from hotline.access.permissions import Permission
from hotline.access.users import User, Users
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import BY_RESIDENT, Chat, Chats
from hotline.clock import Clock
from hotline.errors import ForbiddenTransition, Outdated
from hotline.line.line import Dispatchers
from hotline.line.presence_states import Presence

log = logging.getLogger(__name__)

ANSWERED_IN = timedelta(minutes=2)
"""The time in which a dispatcher who went off duty may still answer what was written to them."""


@define(eq=False, repr=False, kw_only=True)
class ChatsLeftBehind:
    """Looks at the chats that dispatchers have: without one it reads nothing more."""

    _chats: Chats
    _users: Users
    _dispatchers: Dispatchers
    _give_back: Callable[[int, int], Awaitable[Chat]]
    """Has a chat wait again, if it still is of this version."""
    _clock: Clock

    async def look(self) -> None:
        """Have those wait again whose dispatcher may answer no more, or went home with a message in it."""
        taken = [one for one in await self._chats.waiting() if one.state is ChatState.TALKING]
        if not taken:
            return
        users = await self._users.those({one.user_id for one in taken if one.user_id is not None})
        for chat in taken:
            user = users.get(chat.user_id or 0)
            if user is None or await self._is_answered_by(user, chat):
                continue
            try:
                await self._give_back(chat.id, chat.version)
            except (ForbiddenTransition, Outdated):  # somebody has acted, or written, meanwhile
                continue
            log.info("chat waits again, its dispatcher has gone chat=%s user=%s", chat.id, user.id)

    async def _is_answered_by(self, user: User, chat: Chat) -> bool:
        if not user.active or not user.may(Permission.ANSWER_CHATS):
            return False
        if user.dispatcher_id is None or self._clock.now() - chat.changed_at < ANSWERED_IN:
            return True
        if (await self._dispatchers.get(user.dispatcher_id)).presence is not Presence.AWAY:
            return True
        lines = await self._chats.lines(chat.id)
        return not lines or lines[-1].kind not in BY_RESIDENT
