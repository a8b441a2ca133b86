"""Orders of the council, its committee and the mayor, whose points are tasks."""

from datetime import date
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import operation
from cti_server.api.paging import Limit, Page
from cti_server.api.requests import KeyedRequest
from cti_server.api.task import Id
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from cti_server.tasks.sources import TASKS
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.tasks import directives
from hotline.tasks.directives import LONGEST_NUMBER, LONGEST_TITLE
from hotline.tasks.task import OF_ORDERS, TaskKind

_ISSUER = N_("Choose who issued it.")


class DirectivesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of orders."""

    limit: Limit = 50
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,7}$", description="`next` of the page before.")] | None = (
        None
    )


class NewDirective(Input, kw_only=True):
    """An order to be entered."""

    kind: Annotated[TaskKind, Meta(description="`council`, `committee` or `mayor`.")]
    number: Annotated[str, Meta(min_length=1, max_length=LONGEST_NUMBER, pattern=r"\S")]
    dated: date
    title: Annotated[str, Meta(min_length=1, max_length=LONGEST_TITLE, pattern=r"\S")]


class Directive(msgspec.Struct, kw_only=True):
    """An order as it was issued; its points are the tasks with `record` as theirs."""

    id: Id
    kind: TaskKind
    number: str
    dated: date
    title: str
    record: str


class DirectivePage(Page, kw_only=True):
    """Orders, the latest first."""

    items: list[Directive]


@operation("GET", "/directives", Permission.SEE_TASKS, scopes=(Scope.TASKS_READ,), summary=N_("List orders"))
async def list_directives(request: web.Request, query: DirectivesAsked) -> DirectivePage:
    """List the orders of the council, its committee and the mayor."""
    skip = int(query.cursor or "0")
    found = await request.app[TASKS].directives.latest(query.limit + 1, skip)
    return DirectivePage(
        items=[_shown(one) for one in found[: query.limit]],
        next=str(skip + query.limit) if len(found) > query.limit else None,
    )


@operation(
    "POST",
    "/directives",
    Permission.GIVE_TASKS,
    scopes=(Scope.TASKS_ACT,),
    summary=N_("Enter an order"),
    status=201,
)
async def enter_directive(request: web.Request, headers: KeyedRequest, body: NewDirective) -> Directive:
    """Enter an order; one of this issuer, number and date that is there already is given instead."""
    del headers
    sources = request.app[TASKS]
    if body.kind not in OF_ORDERS:
        raise Invalid(Fault("body.kind", _ISSUER))
    new = directives.Directive(kind=body.kind, number=body.number, dated=body.dated, title=body.title)
    one = await sources.directives.enter(new, request[TOKEN].user_id, sources.clock.now())
    await audit(request, Action.ADD, f"directive:{one.id}")
    return _shown(one)


def _shown(one: directives.Directive) -> Directive:
    return Directive(
        id=one.id,
        kind=one.kind,
        number=one.number,
        dated=one.dated,
        title=one.title,
        record=one.source.record,
    )
