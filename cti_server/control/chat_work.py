"""Chats on the list of what waits: those that no dispatcher has taken."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.chats.sources import CHATS
from cti_server.control.todo_parts import CHATS_PART, TodoQuery
from cti_server.keys import USER
from hotline.access.permissions import Permission
from hotline.chats.chat_states import ChatState
from hotline.chats.chats import Chat


async def chat_work(request: web.Request, query: TodoQuery) -> Sequence[Chat]:
    """Read them, emergencies first; what residents wrote is not looked through."""
    return await _waiting(request) if query.shows(CHATS_PART) and not query.typed else ()


async def count_chats(request: web.Request, _part: str, _most: int) -> int:
    return len(await _waiting(request))


async def _waiting(request: web.Request) -> Sequence[Chat]:
    if CHATS not in request.app or not request[USER].may(Permission.ANSWER_CHATS):
        return ()
    return [one for one in await request.app[CHATS].chats.waiting() if one.state is ChatState.WAITING]
