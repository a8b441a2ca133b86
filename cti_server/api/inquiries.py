"""Requests for information: the centre asks an enterprise, whose own system answers."""

from datetime import date, datetime
from typing import Annotated

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import AppealNumber, own_executor
from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import acts_on, operation
from cti_server.api.paging import Limit, Moment, Page
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.audit import Action, audit
from cti_server.frame.inputs import Input
from cti_server.frame.language import N_
from cti_server.inquiries.asking import NO_APPEAL, NO_ENTERPRISE, term_of
from cti_server.inquiries.inputs import NO_DAY, InquiryReturned, InquirySeen, InquiryWord
from cti_server.inquiries.sources import INQUIRIES
from cti_server.keys import TOKEN
from hotline.access.permissions import Permission
from hotline.access.scopes import Scope
from hotline.errors import NotFound, Outdated
from hotline.inquiries import inquiries
from hotline.inquiries.inquiries import LONGEST_TEXT, MOST_APPEALS
from hotline.inquiries.inquiry_states import InquiryAct, InquiryState

_CENTRE, _ENTERPRISE = Permission.ASK_ENTERPRISES, Permission.WORK_ON_APPEALS
_SCOPES = (Scope.INQUIRIES,)
_BY_ENTERPRISE = frozenset({InquiryAct.ANSWER})


class InquiryAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The path of a request for information."""

    id: Annotated[int, Meta(ge=1, le=2**31 - 1)]


class InquiriesAsked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """The query of a list of requests."""

    limit: Limit = 50
    cursor: Annotated[str, Meta(pattern=r"^[0-9]{1,7}$", description="`next` of the page before.")] | None = (
        None
    )


class NewInquiry(Input, kw_only=True):
    """A request to be sent."""

    executor_id: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Of `/executors`.")]
    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
    appeals: Annotated[list[AppealNumber], Meta(max_length=MOST_APPEALS)] = msgspec.field(
        default_factory=list
    )
    due: Annotated[date, Meta(description="The last day, in the city; a year ahead at most.")]


class Inquiry(msgspec.Struct, kw_only=True):
    """A request for information. `text` and `answer` are null without personal data."""

    id: int
    version: Annotated[int, Meta(description="Grows with each act: send it with the next one.")]
    state: InquiryState
    executor_id: int
    text: str | None
    appeals: list[str]
    asked_at: Moment
    due_at: Annotated[Moment, Meta(description="The first moment that is too late.")]
    overdue: bool
    answer: str | None
    answered_at: Moment | None
    in_time: Annotated[bool | None, Meta(description="The first answer came in its term.")]
    acts: Annotated[list[InquiryAct], Meta(description="What this token may do with it now.")]


class InquiryPage(Page, kw_only=True):
    """Requests: those that wait for somebody first, by their terms."""

    items: list[Inquiry]


_act = acts_on("/inquiries/{id}", scopes=_SCOPES)


@operation(
    "GET", "/inquiries", _CENTRE, _ENTERPRISE, scopes=_SCOPES, summary=N_("List requests for information")
)
async def list_inquiries(request: web.Request, query: InquiriesAsked) -> InquiryPage:
    """Requests to enterprises; an enterprise's token finds those to its own."""
    sources, own, skip = request.app[INQUIRIES].inquiries, own_executor(request), int(query.cursor or "0")
    if own is None:
        found = await sources.latest(query.limit + 1, skip)
    else:
        found = await sources.of_enterprise(own, query.limit + 1, skip)
    if request[TOKEN].personal:
        await audit(request, Action.VIEW, "inquiries", request.query_string)
    return InquiryPage(
        items=[_shown(request, one) for one in found[: query.limit]],
        next=str(skip + query.limit) if len(found) > query.limit else None,
    )


@operation(
    "GET",
    "/inquiries/{id}",
    _CENTRE,
    _ENTERPRISE,
    scopes=_SCOPES,
    summary=N_("Read a request for information"),
)
async def read_inquiry(request: web.Request, path: InquiryAsked) -> Inquiry:
    """Give a request for information with its state, its answer and what this token may do with it."""
    one = await seen(request, path)
    if request[TOKEN].personal:
        await audit(request, Action.VIEW, f"inquiry:{one.id}")
    return _shown(request, one)


@operation(
    "POST",
    "/inquiries",
    _CENTRE,
    scopes=_SCOPES,
    summary=N_("Ask an enterprise for information"),
    status=201,
    location=lambda one: f"/inquiries/{one.id}",
    problems=frozenset({409}),
)
async def ask_enterprise(request: web.Request, headers: KeyedRequest, body: NewInquiry) -> Inquiry:
    """Send a request. The same key again gives the request of then; with another request, 409."""
    sources, token = request.app[INQUIRIES], request[TOKEN]
    now = sources.now()
    enterprises = {one.id for one in await sources.executors.all() if one.active}
    if body.executor_id not in enterprises:
        raise Invalid(Fault("body.executor_id", NO_ENTERPRISE))
    new = inquiries.NewInquiry(
        executor_id=body.executor_id,
        text=body.text,
        appeals=tuple(dict.fromkeys(body.appeals)),
        due_at=_term(body.due, now, request),
        once=key_of(request, headers),
    )
    try:
        made = await sources.inquiries.ask(new, token.user_id, now, token_id=token.id)
    except NotFound as error:
        raise Invalid(Fault("body.appeals", NO_APPEAL)) from error
    await audit(request, Action.ADD, f"inquiry:{made.id}", " ".join(made.appeals))
    return _shown(request, made)


@_act(InquiryAct.ANSWER, _CENTRE, _ENTERPRISE, summary=N_("Answer a request for information"))
async def answer_inquiry(
    request: web.Request, path: InquiryAsked, headers: KeyedRequest, body: InquiryWord
) -> Inquiry:
    """Answer it, as the enterprise; or note an answer that came to the centre in another way."""
    return await _acted(request, path, headers, body, InquiryAct.ANSWER)


@_act(InquiryAct.ACCEPT, _CENTRE, summary=N_("Accept an answer"))
async def accept_answer(
    request: web.Request, path: InquiryAsked, headers: KeyedRequest, body: InquirySeen
) -> Inquiry:
    """Say that the answer is enough: answered → accepted."""
    return await _acted(request, path, headers, body, InquiryAct.ACCEPT)


@_act(InquiryAct.RETURN, _CENTRE, summary=N_("Return an answer"))
async def return_answer(
    request: web.Request, path: InquiryAsked, headers: KeyedRequest, body: InquiryReturned
) -> Inquiry:
    """Say what is missing, and until when another answer is owed: answered → returned."""
    return await _acted(request, path, headers, body, InquiryAct.RETURN)


@_act(InquiryAct.WITHDRAW, _CENTRE, summary=N_("Withdraw a request for information"))
async def withdraw_inquiry(
    request: web.Request, path: InquiryAsked, headers: KeyedRequest, body: InquiryWord
) -> Inquiry:
    """Say why nobody waits for an answer any more; the enterprise is told."""
    return await _acted(request, path, headers, body, InquiryAct.WITHDRAW)


async def _acted(
    request: web.Request, path: InquiryAsked, headers: KeyedRequest, body: InquirySeen, act: InquiryAct
) -> Inquiry:
    """Carry the act out on the version that was seen; what the token has just done is done."""
    del headers  # `once` has looked whether the request came before
    sources, token, was = request.app[INQUIRIES], request[TOKEN], await seen(request, path)
    said = body.said if isinstance(body, InquiryWord) else ""
    now = sources.now()
    due_at = _term(body.due, now, request) if isinstance(body, InquiryReturned) else None
    latest = (await sources.inquiries.history(was.id))[-1]
    done = (latest.act, latest.token_id, latest.said, latest.due_at)
    if was.version == body.version + 1 and done == (act, token.id, said, due_at):
        return _shown(request, was)
    if was.version != body.version:
        raise Outdated(f"Request {was.id} has another version than {body.version}.")
    one = await sources.inquiries.act(
        was, act, now, user_id=token.user_id, token_id=token.id, said=said, due_at=due_at
    )
    await audit(request, Action.CHANGE, f"inquiry:{one.id}", act.value)
    return _shown(request, one)


async def seen(request: web.Request, path: InquiryAsked) -> inquiries.Inquiry:
    """Find a request that the token may see; raises NotFound."""
    return await request.app[INQUIRIES].inquiries.get(path.id, executor_id=own_executor(request))


def _term(day: date, now: datetime, request: web.Request) -> datetime:
    due_at = term_of(day, now, request.app[INQUIRIES].timezone)
    if due_at is None:
        raise Invalid(Fault("body.due", NO_DAY))
    return due_at


def _shown(request: web.Request, one: inquiries.Inquiry) -> Inquiry:
    token = request[TOKEN]
    possible = one.possible if token.may(_CENTRE) else one.possible & _BY_ENTERPRISE
    return Inquiry(
        id=one.id,
        version=one.version,
        state=one.state,
        executor_id=one.executor_id,
        text=one.text if token.personal else None,
        appeals=list(one.appeals),
        asked_at=one.asked_at,
        due_at=one.due_at,
        overdue=one.overdue(request.app[INQUIRIES].now()),
        answer=(one.answer or None) if token.personal else None,
        answered_at=one.answered_at,
        in_time=one.in_time,
        acts=[act for act in InquiryAct if act in possible],
    )
