"""The list of statements: one box and parts. They are few: each is looked at as it is read."""

from collections.abc import Mapping, Sequence

from aiohttp import web

from cti_server.audit import Action, audit
from cti_server.auth.access import allowed
from cti_server.frame.language import N_
from cti_server.frame.leafing import Read, leaf_of, sifted
from cti_server.frame.lists import MOST_COUNTED, Kept, Part, chips, without_part
from cti_server.frame.pages import render
from cti_server.frame.views import KeptList, views_of
from cti_server.statements.sources import STATEMENTS
from cti_server.statements.words import CONTEXT
from hotline.access.permissions import Permission
from hotline.city.search_terms import saying
from hotline.statements.statement_states import WAITING, StatementState
from hotline.statements.statements import Statement

PATH = "/statements"
PAGE_ROWS = 50
VIEWS = KeptList(name="statements", path=PATH, filters=("q", "part"), see=Permission.PREPARE_STATEMENTS)
_PARTS: Mapping[str, frozenset[StatementState]] = {
    "waiting": WAITING,
    "drafts": frozenset({StatementState.DRAFT, StatementState.CORRECTING}),
    "approved": frozenset(
        {StatementState.APPROVED, StatementState.CORRECTING, StatementState.CORRECTION_SUBMITTED}
    ),
    "withdrawn": frozenset({StatementState.WITHDRAWN}),
}
PARTS = (
    Part(text=N_("Wait for approval"), query={"part": "waiting"}),
    Part(text=N_("Being written"), query={"part": "drafts"}),
    Part(text=N_("Approved"), query={"part": "approved"}),
    Part(text=N_("Withdrawn"), query={"part": "withdrawn"}),
)
_LONGEST = 200


@allowed(Permission.PREPARE_STATEMENTS)
async def page(request: web.Request) -> web.Response:
    """The statements that are asked for, those that wait for approval first."""
    kept = {name: request.query.get(name, "").strip()[:_LONGEST] for name in VIEWS.filters}
    await audit(request, Action.SEARCH if kept["q"] else Action.VIEW, "statements", request.query_string)
    return render(
        request,
        "statements/list.html.jinja2",
        status=200,
        **CONTEXT,
        leaf=await leaf_of(request, _found(request, kept), PAGE_ROWS),
        kept=kept,
        chips=chips(PARTS, kept, VIEWS.address, await _counts(request, kept)),
        most_counted=MOST_COUNTED,
        **await views_of(request, VIEWS, kept),
    )


def _found(request: web.Request, kept: Kept) -> Read[Statement]:
    sources, states = request.app[STATEMENTS], _PARTS.get(kept["part"])

    async def sift(some: Sequence[Statement]) -> Sequence[Statement]:
        fit = [one for one in some if states is None or one.state in states]
        return await saying(fit, _text, kept["q"], sources.lemmas)

    return sifted(sources.statements.latest, sift)


def _text(one: Statement) -> str:
    return f"{one.number} {one.instructed_by} {one.uk.title} {one.uk.text} {one.en.title}"


async def _counts(request: web.Request, kept: Kept) -> Sequence[int] | None:
    """Count the parts while nothing else narrows the list."""
    if VIEWS.narrowed(without_part(PARTS, kept)):
        return None
    by_state = await request.app[STATEMENTS].statements.by_state()
    return [sum(by_state.get(state, 0) for state in _PARTS[one.query["part"]]) for one in PARTS]
