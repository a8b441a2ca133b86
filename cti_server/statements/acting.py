"""One statement with its versions, and the acts on it."""

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.filters import whole
from cti_server.frame.forms import LONGEST_REASON, read_reason
from cti_server.frame.language import N_
from cti_server.frame.noted import Noted, noted_at
from cti_server.frame.pages import render
from cti_server.keys import ACCOUNTS, USER
from cti_server.statements.listing import PATH
from cti_server.statements.sources import STATEMENTS
from cti_server.statements.words import ACTS, CONTEXT, WITH_REASON
from cti_server.statements.writing import statement_of
from hotline.access.permissions import Permission
from hotline.access.users import User
from hotline.errors import ForbiddenTransition, Outdated
from hotline.statements.statement_states import BY_SECOND_PERSON, StatementAct, StatementState
from hotline.statements.statements import LONGEST_ALT, Statement

OVERTAKEN = N_("Somebody else has acted in the meantime: look at how it stands now.")
WHY = N_("Write why, in at most 300 characters.")
_OF_HEAD = BY_SECOND_PERSON | {StatementAct.WITHDRAW}


@allowed(Permission.PREPARE_STATEMENTS)
async def page(request: web.Request) -> web.Response:
    """The statement, the instruction, what was approved of it."""
    one = await statement_of(request)
    await audit(request, Action.VIEW, f"statement:{one.id}")
    return await show(request, one)


@allowed(Permission.PREPARE_STATEMENTS)
async def act(request: web.Request) -> web.Response:
    """Do the `act` on the statement as it was seen."""
    one, form = await statement_of(request), await request.post()
    wanted, seen = str(form.get("act", "")), whole(str(form.get("version", "")))
    if wanted not in acts_of(one, request[USER]) or seen != one.version:
        return await show(request, one, OVERTAKEN, HTTPStatus.CONFLICT)
    chosen, reason = StatementAct(wanted), read_reason(form)
    if chosen in WITH_REASON and not reason:
        return await show(request, one, WHY, HTTPStatus.UNPROCESSABLE_ENTITY)
    sources = request.app[STATEMENTS]
    try:
        await sources.statements.move(
            one, chosen, sources.clock.now(), user_id=request[USER].id, reason=reason
        )
    except (Outdated, ForbiddenTransition):
        return await show(request, await statement_of(request), OVERTAKEN, HTTPStatus.CONFLICT)
    await audit(request, Action.CHANGE, f"statement:{one.id}", chosen.value)
    if chosen is StatementAct.DISCARD:
        return noted_at(PATH, Noted.STATEMENT_DISCARDED)
    if chosen is StatementAct.CORRECT:
        raise web.HTTPSeeOther(f"{PATH}/{one.id}/edit")
    return noted_at(f"{PATH}/{one.id}", _NOTED[chosen])


_NOTED: Mapping[StatementAct, Noted] = {
    StatementAct.SUBMIT: Noted.STATEMENT_SUBMITTED,
    StatementAct.TAKE_BACK: Noted.STATEMENT_TAKEN_BACK,
    StatementAct.REFUSE: Noted.STATEMENT_REFUSED,
    StatementAct.APPROVE: Noted.STATEMENT_APPROVED,
    StatementAct.DROP: Noted.STATEMENT_DROPPED,
    StatementAct.WITHDRAW: Noted.STATEMENT_WITHDRAWN,
}


def acts_of(one: Statement, user: User) -> frozenset[StatementAct]:
    """Give the acts that this user may do now; who does not approve sees none of the second person's."""
    possible = one.possible(user.id)
    if one.state is StatementState.CORRECTING and not one.correction:
        possible -= {StatementAct.SUBMIT}  # readers are told what is corrected
    return possible if user.may(Permission.APPROVE_STATEMENTS) else possible - _OF_HEAD


async def show(
    request: web.Request, one: Statement, fault: str = "", status: int = HTTPStatus.OK
) -> web.Response:
    """Show the statement, its versions and what may be done."""
    sources, possible = request.app[STATEMENTS], acts_of(one, request[USER])
    ready = {act: text for act, text in ACTS.items() if act in possible}
    return render(
        request,
        "statements/one.html.jinja2",
        status=status,
        **CONTEXT,
        one=one,
        versions=await sources.statements.versions(one.id),
        names={user.id: user.name for user in await request.app[ACCOUNTS].users.all()},
        acts=ready,
        with_reason={act: text for act, text in WITH_REASON.items() if act in possible},
        may_write=StatementAct.CHANGE in possible,
        now=sources.clock.now(),
        fault=fault,
        longest=LONGEST_REASON,
        longest_alt=LONGEST_ALT,
    )
