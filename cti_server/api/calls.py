"""Calls: the list, and one with its journey and the data of its recordings."""

from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.masking import number_for, sees_personal
from cti_server.api.operation import operation
from cti_server.api.paging import Cursor, Limit, Moment, Page, PageCursor, next_cursor, read_cursor, within
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.inputs import CallId, Number
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.access.tokens import Token
from hotline.calls.call import CallRecord, Direction, Outcome, Scalar, Step
from hotline.calls.history import CallFilter, PastCall, Position
from hotline.errors import NotFound
from hotline.voice.speech import Language


class CallsAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of calls."""

    since: Annotated[Moment | None, Meta(description="Arrived at this moment or later.")] = None
    until: Annotated[Moment | None, Meta(description="Arrived before this moment.")] = None
    number: Number | None = None
    outcome: Outcome | None = None
    dispatcher: Annotated[int, Meta(ge=1, le=2**31, description="Talked with this dispatcher.")] | None = None
    direction: Direction | None = None
    missed: Annotated[bool, Meta(description="Only those to whom the hotline owes a call.")] = False
    limit: Limit = 50
    cursor: Cursor | None = None


class CallAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a call."""

    id: CallId


class Call(msgspec.Struct, kw_only=True):
    """One call."""

    id: str
    direction: Annotated[
        Direction, Meta(description="Outgoing: a dispatcher called. Trial: training, no citizen.")
    ]
    number: Annotated[str | None, Meta(description="The citizen's: E.164, or masked; null when hidden.")]
    arrived_at: Moment
    answered_at: Moment | None
    ended_at: Moment | None
    language: Language
    outcome: Annotated[Outcome | None, Meta(description="null while it goes on.")]


class ListedCall(Call, kw_only=True):
    """One call of the list."""

    dispatchers: Annotated[list[int], Meta(description="Who talked, in the order of the talks.")]
    talk_seconds: float


class CallPage(Page, kw_only=True):
    """Calls, the newest first."""

    items: list[ListedCall]


class JourneyStep(msgspec.Struct, kw_only=True):
    """One step of a call's journey."""

    at: Moment
    step: Step
    detail: Annotated[dict[str, Scalar] | None, Meta(description="null without personal data.")]


class Recording(msgspec.Struct, kw_only=True):
    """The data of a talk's recording."""

    id: str
    dispatcher_id: Annotated[int | None, Meta(description="null: the talk with a duty contact.")]
    started_at: Moment
    seconds: float | None
    ready: Annotated[bool, Meta(description="It can be listened to, and its copy fetched.")]
    master: Annotated[bool, Meta(description="Its master can be fetched, too.")]


class Message(msgspec.Struct, kw_only=True):
    """The data of a message left on the machine."""

    id: str
    began_at: Moment
    seconds: float | None
    heard_at: Moment | None


class WholeCall(Call, kw_only=True):
    """One call with its journey."""

    journey: list[JourneyStep]
    recordings: list[Recording]
    messages: list[Message]


@operation("GET", "/calls", Permission.SEE_CALLS, scopes=(Scope.CALLS,), summary=N_("List calls"))
async def list_calls(request: web.Request, query: CallsAsked) -> CallPage:
    """Calls that match all filters, the newest first."""
    wanted = CallFilter(
        since=within(query.since),
        until=within(query.until),
        number=query.number,
        outcome=query.outcome,
        dispatcher_id=query.dispatcher,
        missed=query.missed,
        direction=query.direction,
    )
    behind = read_cursor(query.cursor)
    found = await request.app[API].history.find(
        wanted,
        limit=query.limit + 1,
        behind=Position(arrived_at=behind.at, call_id=behind.id) if behind else None,
    )
    if sees_personal(request):
        await audit(request, Action.SEARCH if query.number else Action.VIEW, "calls", request.query_string)
    return CallPage(
        items=[_listed(one, request[TOKEN]) for one in found[: query.limit]],
        next=next_cursor(found, query.limit, lambda one: PageCursor(one.call.arrived_at, one.call.id)),
    )


@operation("GET", "/calls/{id}", Permission.SEE_CALLS, scopes=(Scope.CALLS,), summary=N_("Read a call"))
async def read_call(request: web.Request, path: CallAsked) -> WholeCall:
    """One call with the steps of its journey and its recordings' metadata."""
    sources = request.app[API]
    call = await sources.calls.find(path.id)
    if call is None:
        raise NotFound(f"Call {path.id} is not on record.")
    steps = sorted(await sources.calls.journey(call.id), key=lambda step: (step.at, step.number))
    personal = sees_personal(request)
    if personal:
        await audit(request, Action.VIEW, f"call:{call.id}")
    return WholeCall(
        **_shown(call, request[TOKEN]),
        journey=[
            JourneyStep(at=one.at, step=one.step, detail=dict(one.detail) if personal else None)
            for one in steps
        ],
        recordings=[
            Recording(
                id=one.id,
                dispatcher_id=one.dispatcher_id,
                started_at=one.started_at,
                seconds=one.seconds,
                ready=bool(one.listening_file),
                master=bool(one.master_file),
            )
            for one in await sources.calls.recordings(call.id)
        ],
        messages=[
            Message(id=one.id, began_at=one.began_at, seconds=one.seconds, heard_at=one.heard_at)
            for one in await sources.history.messages(call.id)
        ],
    )


def _listed(past: PastCall, token: Token) -> ListedCall:
    return ListedCall(
        **_shown(past.call, token), dispatchers=list(past.dispatchers), talk_seconds=past.talk_seconds
    )


def _shown(call: CallRecord, token: Token) -> dict[str, Any]:
    return {
        "id": call.id,
        "direction": call.direction,
        "number": number_for(token, call.number),
        "arrived_at": call.arrived_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "language": call.language,
        "outcome": call.outcome,
    }
