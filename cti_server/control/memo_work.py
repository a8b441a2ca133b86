"""Memos on the list of what waits: those whose answer did not come by its day."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import MEMOS_PART, TodoQuery
from cti_server.keys import USER
from cti_server.memos.listing import text_of
from cti_server.memos.sources import MEMOS
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.memos.memos import Memo


async def memo_work(request: web.Request, query: TodoQuery) -> Sequence[Memo]:
    """Read those that wait for this user."""
    if not query.shows(MEMOS_PART):
        return ()
    return await saying(await _waiting(request), text_of, query.typed, request.app[CONTROL].lemmas)


async def count_memos(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    return len(await _waiting(request))


async def _waiting(request: web.Request) -> Sequence[Memo]:
    if MEMOS not in request.app or not request[USER].may(Permission.WRITE_MEMOS):
        return ()
    sources = request.app[MEMOS]
    today = sources.today()
    return [one for one in await sources.memos.waiting() if one.unanswered(today)]
