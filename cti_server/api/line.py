"""The waiting line: who waits, is being offered, or talks, in the order of service."""

from enum import StrEnum
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.operation import operation
from cti_server.api.paging import Moment, Page
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.contact.numbers import masked
from hotline.line.line import Priority
from hotline.line.queue_entry_states import QueueEntryState


class Precedence(StrEnum):
    """The priority: emergencies, then callers who come back, then the others."""

    ORDINARY = "ordinary"
    RETURNING = "returning"
    EMERGENCY = "emergency"


class Waiting(msgspec.Struct, kw_only=True):
    """A caller in the line."""

    call_id: str
    number: Annotated[str | None, Meta(description="E.164, or masked; null when hidden.")]
    state: QueueEntryState
    priority: Precedence
    entered_at: Moment
    skill: str | None
    topic: Annotated[
        str | None, Meta(description="A second skill: who has both is offered the caller first.")
    ]
    wanted_dispatcher_id: int | None
    dispatcher_id: Annotated[int | None, Meta(description="Who is offered the call, or talks.")]


class WaitingPage(Page, kw_only=True):
    """The whole line, in the order of service; `next` is always null."""

    items: list[Waiting]


@operation("GET", "/line", Permission.SEE_LINE, scopes=(Scope.LINE,), summary=N_("Read the waiting line"))
async def read_line(request: web.Request) -> WaitingPage:
    """Everyone who waits, is being offered or talks. Numbers are whole only for those who may see calls."""
    found, token = await request.app[API].callers.in_line(), request[TOKEN]
    whole = token.personal and token.may(Permission.SEE_CALLS) and token.opens(Scope.CALLS)
    if whole:
        await audit(request, Action.VIEW, "line")
    return WaitingPage(
        items=[
            Waiting(
                call_id=one.entry.call_id,
                number=one.number if whole else masked(one.number) if one.number else None,
                state=one.entry.state,
                priority=precedence(one.entry.priority),
                entered_at=one.entry.entered_at,
                skill=one.entry.skill,
                topic=one.entry.topic,
                wanted_dispatcher_id=one.entry.wanted_dispatcher_id,
                dispatcher_id=one.entry.dispatcher_id,
            )
            for one in found
        ]
    )


def precedence(priority: Priority) -> Precedence:
    """Tell it to programs; who has a slower place is the centre's own matter."""
    return Precedence.ORDINARY if priority is Priority.SLOWER else Precedence(priority.name.lower())
