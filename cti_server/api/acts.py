"""Acts of other systems on appeals: an executor's own on its appeals, the centre's on any."""

from datetime import date
from typing import Annotated, Any

import msgspec
from aiohttp import web
from msgspec import Meta

from cti_server.api.appeal import AppealAsked, HistoryLine, own_executor, shown_line
from cti_server.api.errors import Fault, Invalid, KeyReused
from cti_server.api.operation import operation
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.keys import TOKEN
from hotline.access.users import Permission
from hotline.appeals.acts.act import LONGEST_TEXT, Act, ActFault
from hotline.appeals.acts.actors import NotYours, acting_by
from hotline.appeals.acts.extension import AskExtension
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.routing import Assign, HandBack
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import ResultKind
from hotline.appeals.handling import Entry
from hotline.errors import NotFound

CONFLICT = frozenset({409})
Text = Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S")]
Remark = Annotated[str, Meta(max_length=LONGEST_TEXT, description="In your own words, for the history.")]
_UNKNOWN = N_("There is no such executor: see `/executors`.")
_FIELDS = {"executor": "executor_id"}
"""An act's field → the body's, where they differ."""


class Upon(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Which state of the appeal the act is meant for."""

    version: Annotated[
        int, Meta(ge=1, le=2**31 - 1, description="As it was read; 409 `overtaken` when it is another now.")
    ]


class Acceptance(Upon, kw_only=True):
    """The executor acknowledges it."""

    acknowledged_by: Annotated[
        str, Meta(max_length=300, description="Who took it, such as on the phone.")
    ] = ""


class Reason(Upon, kw_only=True):
    """Why."""

    reason: Text


class Beginning(Upon, kw_only=True):
    """The work begins."""

    reason: Remark = ""


class Report(Upon, kw_only=True):
    """The executor's word that it is done. Photos are added on the executor's page."""

    result: Annotated[ResultKind, Meta(description="Not `forwarded`: hand back what is not yours.")]
    answer: Annotated[
        str,
        Meta(min_length=1, max_length=LONGEST_TEXT, pattern=r"\S", description="As the applicant reads it."),
    ]


class MoreTime(Upon, kw_only=True):
    """The executor asks the head for more time."""

    until: Annotated[date, Meta(description="The last day, at most 45 days from the receipt.")]
    reason: Text


class Remarked(Upon, kw_only=True):
    """A note."""

    text: Text
    internal: Annotated[bool, Meta(description="false: the applicant sees it and is told.")] = True


class Assignment(Upon, kw_only=True):
    """Which enterprise gets it."""

    executor_id: Annotated[int, Meta(ge=1, le=2**31 - 1, description="Of `/executors`.")]
    reason: Remark = ""


@operation(
    "POST",
    "/appeals/{number}/accept",
    Permission.WORK_ON_APPEALS,
    Permission.HANDLE_APPEALS,
    summary=N_("Acknowledge an appeal"),
    problems=CONFLICT,
)
async def accept_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Acceptance
) -> HistoryLine:
    """Say that the executor has it: assigned → accepted. The clock of an emergency stops with this."""
    acknowledged_by = body.acknowledged_by.strip()
    return await _act(request, path, headers, body, Accept, acknowledged_by=acknowledged_by)


@operation(
    "POST",
    "/appeals/{number}/hand-back",
    Permission.WORK_ON_APPEALS,
    summary=N_("Hand an appeal back"),
    problems=CONFLICT,
)
async def hand_back_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Reason
) -> HistoryLine:
    """Say that it is not yours, before work begins: the centre gives it to another."""
    return await _act(request, path, headers, body, HandBack, reason=body.reason)


@operation(
    "POST",
    "/appeals/{number}/begin-work",
    Permission.WORK_ON_APPEALS,
    summary=N_("Begin the work"),
    problems=CONFLICT,
)
async def begin_work(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Beginning
) -> HistoryLine:
    """Say that the work begins, or begins again: accepted or disputed → in work."""
    return await _act(request, path, headers, body, BeginWork, reason=body.reason)


@operation(
    "POST",
    "/appeals/{number}/report-done",
    Permission.WORK_ON_APPEALS,
    summary=N_("Report the work done"),
    problems=CONFLICT,
)
async def report_done(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Report
) -> HistoryLine:
    """Say that it is done, and what the applicant is answered: in work → done. They alone close it."""
    return await _act(request, path, headers, body, ReportDone, result=body.result, answer=body.answer)


@operation(
    "POST",
    "/appeals/{number}/ask-extension",
    Permission.WORK_ON_APPEALS,
    summary=N_("Ask for more time"),
    problems=CONFLICT,
)
async def ask_extension(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: MoreTime
) -> HistoryLine:
    """Ask the head for a later term (law 393/96, art. 20); until they grant it, the present one holds."""
    return await _act(request, path, headers, body, AskExtension, until=body.until, reason=body.reason)


@operation(
    "POST",
    "/appeals/{number}/note",
    Permission.WORK_ON_APPEALS,
    Permission.HANDLE_APPEALS,
    summary=N_("Add a note to an appeal"),
    problems=CONFLICT,
)
async def note_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Remarked
) -> HistoryLine:
    """Write a remark into the history, for the centre and the executor or for the applicant as well."""
    return await _act(request, path, headers, body, Note, text=body.text, internal=body.internal)


@operation(
    "POST",
    "/appeals/{number}/assign",
    Permission.ASSIGN_APPEALS,
    summary=N_("Assign an appeal"),
    problems=CONFLICT,
)
async def assign_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: Assignment
) -> HistoryLine:
    """Give it to an enterprise, or to another one than before, while the work is owed."""
    executor_id, reason = body.executor_id, body.reason
    try:
        await request.app[API].executors.get(executor_id)
    except NotFound as error:
        raise Invalid(Fault("body.executor_id", _UNKNOWN)) from error
    return await _act(request, path, headers, body, Assign, executor_id=executor_id, reason=reason)


async def _act(
    request: web.Request,
    path: AppealAsked,
    headers: KeyedRequest,
    body: Upon,
    kind: type[Act],
    **said: Any,
) -> HistoryLine:
    """Do it once: the same key again gives the line of then; with another act it is refused."""
    sources, token, key = request.app[API], request[TOKEN], key_of(request, headers)
    act = kind(by=acting_by(token), at=sources.clock.now(), idempotency_key=key, **said)
    entry = await sources.handling.taken(path.number, key)
    if entry is None:
        entry = await _carried_out(request, path.number, act, body.version, key)
        await audit(request, Action.CHANGE, f"appeal:{path.number}", act.name)
    _require_same(entry, act)
    return shown_line(token, entry)


async def _carried_out(request: web.Request, number: str, act: Act, version: int, key: str) -> Entry:
    sources, own = request.app[API], own_executor(request)
    if own is not None:
        await sources.work.find(own, number)
    try:
        await sources.handling.carry_out(number, act, version=version)
    except ActFault as fault:
        place = _FIELDS.get(fault.field, fault.field)
        raise Invalid(Fault(f"body.{place}", str(fault))) from fault
    except NotYours as error:  # taken away from the enterprise in this very moment
        raise NotFound(f"There is no appeal {number}.") from error
    entry = await sources.handling.taken(number, key)
    if entry is None:
        raise NotFound(f"There is no appeal {number}.")
    return entry


def _require_same(entry: Entry, act: Act) -> None:
    facts = {name: one for name, one in entry.facts.items() if name != "source"}
    if (entry.act, entry.said, facts) != (act.name, act.said(), dict(act.facts())):
        raise KeyReused(f"The key belongs to another act on appeal {entry.number}.")
