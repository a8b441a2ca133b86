"""Statements on the list of what waits: for the second person, and back with their author."""

from collections.abc import Sequence

from aiohttp import web

from cti_server.control.sources import CONTROL
from cti_server.control.todo_parts import STATEMENTS_PART, TodoQuery
from cti_server.keys import USER
from cti_server.statements.sources import STATEMENTS
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.statements.statement_states import StatementAct
from hotline.statements.statements import Statement


async def statement_work(request: web.Request, query: TodoQuery) -> Sequence[Statement]:
    """Read those that wait for this user."""
    if not query.shows(STATEMENTS_PART):
        return ()
    found = await _waiting(request)
    return await saying(found, lambda one: one.uk.title, query.typed, request.app[CONTROL].lemmas)


async def count_statements(request: web.Request, _part: str, _most: int) -> int:
    """Count them; they are few."""
    return len(await _waiting(request))


async def _waiting(request: web.Request) -> Sequence[Statement]:
    user = request[USER]
    if STATEMENTS not in request.app or not user.may(Permission.PREPARE_STATEMENTS):
        return ()
    approves = user.may(Permission.APPROVE_STATEMENTS)
    return [
        one
        for one in await request.app[STATEMENTS].statements.unfinished()
        if (approves and StatementAct.APPROVE in one.possible(user.id))
        or (one.refusal and StatementAct.SUBMIT in one.possible(user.id))
    ]
