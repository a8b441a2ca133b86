"""Acts of other systems on appeals: an executor's own on its appeals, the centre's on any."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from aiohttp import web
from msgspec import Meta, structs

from cti_server.api.appeal import AppealAsked, HistoryLine, own_executor, scope_of, shown_line
from cti_server.api.errors import Fault, Invalid
from cti_server.api.operation import Operation, Run, acts_on
from cti_server.api.requests import KeyedRequest, key_of
from cti_server.api.sources import API
from cti_server.appeals.acts.amending import reply_faults
from cti_server.appeals.acts.inputs import (
    AcceptInput,
    ActInput,
    AmendInput,
    AnswerBackInput,
    AnsweredElsewhereInput,
    AskBackInput,
    AskExtensionInput,
    AssignInput,
    BeginWorkInput,
    CameBackInput,
    ExtendInput,
    ForwardInput,
    HandBackInput,
    Id,
    LinkInput,
    NoteInput,
    PassInsideInput,
    PutUnderControlInput,
    RefuseDoneInput,
    RefuseExtensionInput,
    RejectInput,
    ReopenInput,
    ReportDoneInput,
    TakeBackInput,
    UnlinkInput,
)
from cti_server.appeals.form.asked import details, faults_of
from cti_server.appeals.form.inputs import Answers
from cti_server.audit import Action, audit
from cti_server.frame.language import N_
from cti_server.frame.pages import PAGES
from cti_server.keys import SMS_PREFIXES, TOKEN
from hotline.access.permissions import Permission
from hotline.appeals.acts.act import Act, ActFault
from hotline.appeals.acts.actors import Actor, NotYours, acting_by
from hotline.appeals.handling import Entry
from hotline.errors import NotFound


def _act(name: str, *permissions: Permission, summary: str) -> Callable[[Run], Operation]:
    """Declare the operation of an act, for tokens that have any of the permissions."""
    declared = acts_on("/appeals/{number}", scopes=(scope_of(name),), problems=frozenset({409}))
    return declared(name, *permissions, summary=summary)


class AmendWithAnswers(AmendInput, kw_only=True, omit_defaults=True):
    """A program's correction, with all answers to the category's questions as they are then."""

    details: Annotated[
        Answers | None, Meta(description="By the questions' codes (`/categories`); null: they stay.")
    ] = None

    def made(self, by: Actor, at: datetime, *, idempotency_key: str | None = None, **more: Any) -> Act:
        """Make the act; its answers are read by the category's questions (`more`)."""
        said = {name: getattr(self, name) for name in AmendInput.__struct_fields__}
        return AmendInput(**said).made(by, at, idempotency_key=idempotency_key, **more)


class ReportWithFiles(ReportDoneInput, kw_only=True, omit_defaults=True):
    """A program's word that the work is done, with the files that show it."""

    evidence: Annotated[
        tuple[Id, ...],
        Meta(max_length=100, description="Ids of the appeal's files: `POST /appeals/{number}/files` before."),
    ] = ()


@_act("accept", Permission.WORK_ON_APPEALS, Permission.HANDLE_APPEALS, summary=N_("Acknowledge an appeal"))
async def accept_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AcceptInput
) -> HistoryLine:
    """Say that the executor has it: assigned → accepted. The clock of an emergency stops with this."""
    return await _done(request, path, headers, body)


@_act("amend", Permission.HANDLE_APPEALS, summary=N_("Put right what was registered"))
async def amend_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AmendWithAnswers
) -> HistoryLine:
    """Put right what was registered, while work is owed; what is left out, or null, stays as it is.

    An appeal that nobody has yet is given out anew by the rules. The history keeps what was before.
    """
    sources, answers = request.app[API], None
    appeal = await sources.registry.find(path.number)
    if body.address is not None:
        body = structs.replace(body, address=await sources.streets.present(body.address))
    if appeal is not None:
        wrong = dict(reply_faults(body, appeal, request.app[SMS_PREFIXES], request.app[PAGES].interpreters))
        if body.details is not None:
            category, now = body.category or appeal.category, sources.clock.now()
            wrong |= dict(faults_of(category, body.details, appeal.classifier))
            answers = details(category, body.details, now, sources.timezone, appeal.classifier)
        if wrong:
            raise Invalid(*(Fault(f"body.{field}", text) for field, text in wrong.items()))
    return await _done(request, path, headers, body, details=answers)


@_act("hand-back", Permission.WORK_ON_APPEALS, summary=N_("Hand an appeal back"))
async def hand_back_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: HandBackInput
) -> HistoryLine:
    """Say that it is not yours, before work begins: the centre gives it to another."""
    return await _done(request, path, headers, body)


@_act("pass-inside", Permission.WORK_ON_APPEALS, summary=N_("Pass an appeal to a colleague"))
async def pass_inside(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: PassInsideInput
) -> HistoryLine:
    """Give it to somebody of the same enterprise (`/colleagues`), or to nobody in particular."""
    return await _done(request, path, headers, body)


@_act("begin-work", Permission.WORK_ON_APPEALS, summary=N_("Begin the work"))
async def begin_work(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: BeginWorkInput
) -> HistoryLine:
    """Say that the work begins, or begins again: accepted or disputed → in work."""
    return await _done(request, path, headers, body)


@_act("report-done", Permission.WORK_ON_APPEALS, summary=N_("Report the work done"))
async def report_done(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: ReportWithFiles
) -> HistoryLine:
    """Say that it is done, and what the applicant is answered: in work → done. They alone close it."""
    return await _done(request, path, headers, body)


@_act("take-back", Permission.WORK_ON_APPEALS, summary=N_("Take a report back"))
async def take_back(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: TakeBackInput
) -> HistoryLine:
    """Take back your own report before the applicant is asked: done → in work."""
    return await _done(request, path, headers, body)


@_act("refuse-done", Permission.HANDLE_APPEALS, summary=N_("Return a report of work not done"))
async def refuse_done(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: RefuseDoneInput
) -> HistoryLine:
    """Return a report that is plainly untrue: done or being checked → in work."""
    return await _done(request, path, headers, body)


@_act("came-back", Permission.HANDLE_APPEALS, summary=N_("Take up what another authority sent back"))
async def came_back(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: CameBackInput
) -> HistoryLine:
    """Take up again what was forwarded and came back: forwarded → registered, given out by the rules."""
    return await _done(request, path, headers, body)


@_act("answered-elsewhere", Permission.HANDLE_APPEALS, summary=N_("Keep another authority's answer"))
async def answered_elsewhere(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AnsweredElsewhereInput
) -> HistoryLine:
    """Keep the answer of the authority to which it was forwarded; the applicant is told of it."""
    return await _done(request, path, headers, body)


@_act("reopen", Permission.HANDLE_APPEALS, summary=N_("Take an appeal up again"))
async def reopen_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: ReopenInput
) -> HistoryLine:
    """Take up again what was withdrawn; for a head, also what was closed or rejected."""
    return await _done(request, path, headers, body)


@_act("forward", Permission.HANDLE_APPEALS, summary=N_("Forward to whom it belongs"))
async def forward_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: ForwardInput
) -> HistoryLine:
    """Forward it to the authority that it belongs to, in the days that the law gives: → forwarded."""
    return await _done(request, path, headers, body)


@_act(
    "reject",
    Permission.CONTROL_APPEALS,
    summary=N_("Leave without consideration, or refuse a request"),
)
async def reject_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: RejectInput
) -> HistoryLine:
    """Write down that the head does not consider it, on a ground of the law for its kind: → rejected."""
    return await _done(request, path, headers, body)


@_act("ask-back", Permission.WORK_ON_APPEALS, summary=N_("Ask the contact centre"))
async def ask_back(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AskBackInput
) -> HistoryLine:
    """Ask the centre what the work needs; the term goes on."""
    return await _done(request, path, headers, body)


@_act("answer-back", Permission.HANDLE_APPEALS, summary=N_("Answer the executor's question"))
async def answer_back(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AnswerBackInput
) -> HistoryLine:
    """Answer what the executor asked; they are told of it."""
    return await _done(request, path, headers, body)


@_act("link", Permission.HANDLE_APPEALS, summary=N_("Link to another appeal about the same"))
async def link_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: LinkInput
) -> HistoryLine:
    """Have it go along with the work of another one, its `parent`."""
    return await _done(request, path, headers, body)


@_act("unlink", Permission.HANDLE_APPEALS, summary=N_("It is about something else: unlink"))
async def unlink_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: UnlinkInput
) -> HistoryLine:
    """Part it from its `parent` again."""
    return await _done(request, path, headers, body)


@_act("extend", Permission.CONTROL_APPEALS, summary=N_("Extend the term"))
async def extend_term(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: ExtendInput
) -> HistoryLine:
    """Write down that the head gives more time, within what the law allows; the applicant is told."""
    return await _done(request, path, headers, body)


@_act("refuse-extension", Permission.CONTROL_APPEALS, summary=N_("Refuse more time"))
async def refuse_extension(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: RefuseExtensionInput
) -> HistoryLine:
    """Write down that the head gives the executor no more time."""
    return await _done(request, path, headers, body)


@_act("control", Permission.CONTROL_APPEALS, summary=N_("Put under control, or take off"))
async def put_under_control(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: PutUnderControlInput
) -> HistoryLine:
    """Put it under the head's control, or end that."""
    return await _done(request, path, headers, body)


@_act("ask-extension", Permission.WORK_ON_APPEALS, summary=N_("Ask for more time"))
async def ask_extension(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AskExtensionInput
) -> HistoryLine:
    """Ask the head for a later term (law 393/96, art. 20); until they grant it, the present one holds."""
    return await _done(request, path, headers, body)


@_act("note", Permission.WORK_ON_APPEALS, Permission.HANDLE_APPEALS, summary=N_("Add a note to an appeal"))
async def note_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: NoteInput
) -> HistoryLine:
    """Write a remark into the history, for the centre and the executor or for the applicant as well."""
    return await _done(request, path, headers, body)


@_act("assign", Permission.ASSIGN_APPEALS, summary=N_("Assign an appeal"))
async def assign_appeal(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: AssignInput
) -> HistoryLine:
    """Give it to an enterprise, or to another one than before, while the work is owed."""
    return await _done(request, path, headers, body)


async def _done(
    request: web.Request, path: AppealAsked, headers: KeyedRequest, body: ActInput, **more: Any
) -> HistoryLine:
    """Do it as the token's own act."""
    now, key = request.app[API].clock.now(), key_of(request, headers)
    act = body.made(acting_by(request[TOKEN]), now, idempotency_key=key, **more)
    return await done_once(request, path.number, act, body.version)


async def done_once(request: web.Request, number: str, act: Act, version: int) -> HistoryLine:
    """Do it once: the same key again gives the line of then; with another act it is refused."""
    key = act.idempotency_key or ""
    entry = await request.app[API].handling.taken(number, key)
    if entry is None:
        entry = await _carried_out(request, number, act, version, key)
        await audit(request, Action.CHANGE, f"appeal:{number}", act.name)
    return shown_line(request[TOKEN], entry)


async def _carried_out(request: web.Request, number: str, act: Act, version: int, key: str) -> Entry:
    sources, own = request.app[API], own_executor(request)
    if own is not None:
        await sources.work.find(own, number)
    try:
        await sources.handling.carry_out(number, act, version=version)
    except ActFault as fault:
        raise Invalid(Fault(f"body.{fault.field}", fault.text, fault.values)) from fault
    except NotYours as error:  # taken away from the enterprise in this very moment
        raise NotFound(f"There is no appeal {number}.") from error
    entry = await sources.handling.taken(number, key)
    if entry is None:
        raise NotFound(f"There is no appeal {number}.")
    return entry
