"""Recipients of an act's notices (regulation 2.4: the applicant, of each change), and the facts in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import ActorRole
from hotline.appeals.acts.applicants_word import CloseUnconfirmed, Confirm, Dispute, TakeNoBack, Withdraw
from hotline.appeals.acts.asking import AnswerBack
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import REPLY, Amend, Escalate, Link, Note
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, Release
from hotline.appeals.acts.way_back import AnsweredElsewhere, CameBack, RefuseDone, Reopen, TakeBack
from hotline.appeals.acts.work import Accept, BeginWork, Follow, ReportDone
from hotline.appeals.appeal import CHECKED, Appeal, AppealKind
from hotline.appeals.escalation_steps import owed_for
from hotline.contact.channel import Channel
from hotline.delivery.outbox import TAKEN_AWAY, Addressed, OwedNotice, Recipient, StepKind
from hotline.enterprises.executors import Contact, Executor

_APPLICANT = (Recipient.APPLICANT,)
TOLD: Mapping[type[Act], Sequence[Recipient]] = {
    Assign: (Recipient.APPLICANT, Recipient.EXECUTOR),
    HandBack: (Recipient.HEAD,),
    Accept: _APPLICANT,
    BeginWork: _APPLICANT,
    ReportDone: _APPLICANT,
    Follow: _APPLICANT,
    Confirm: (Recipient.APPLICANT, Recipient.EXECUTOR),
    TakeNoBack: (Recipient.APPLICANT, Recipient.EXECUTOR, Recipient.HEAD),
    CloseUnconfirmed: (Recipient.APPLICANT, Recipient.HEAD),
    Dispute: (Recipient.APPLICANT, Recipient.EXECUTOR, Recipient.HEAD),
    Withdraw: (Recipient.APPLICANT, Recipient.EXECUTOR),
    Forward: _APPLICANT,
    Reject: _APPLICANT,
    TakeBack: _APPLICANT,
    RefuseDone: (Recipient.APPLICANT, Recipient.EXECUTOR),
    CameBack: _APPLICANT,
    AnsweredElsewhere: _APPLICANT,
    Reopen: _APPLICANT,
    AskExtension: (Recipient.HEAD,),
    AnswerBack: (Recipient.EXECUTOR,),
    Extend: (Recipient.APPLICANT, Recipient.EXECUTOR),
    RefuseExtension: (Recipient.EXECUTOR,),
    Amend: (Recipient.EXECUTOR,),
    Link: _APPLICANT,
}


def owed_for_act(act: Act, before: Appeal, then: Appeal) -> Sequence[OwedNotice]:
    """Return the notices that this act owes; `before` and `then` are the appeal before and after it."""
    match act:
        case Escalate(kind=kind, contact_id=contact_id):
            return owed_for(StepKind(kind), contact_id)
        case Amend() if act.changed().keys() <= REPLY:
            return []  # it is no matter of the executor's how the applicant is told
        case Note(internal=False) if act.by.part is ActorRole.APPLICANT:
            return [OwedNotice(recipient=Recipient.EXECUTOR)]
        case Note(internal=False):
            return [OwedNotice(recipient=Recipient.APPLICANT)]
        case _:
            asks = isinstance(act, Assign)
            told = [OwedNotice(recipient=one, asks=asks) for one in TOLD.get(type(act), ())]
            return [*told, *_former(act, before, then)]


def told_elsewhere(before: Appeal, then: Appeal) -> bool:
    """Tell whether an applicant whose word is awaited is told elsewhere now: the question goes there."""
    awaited, there = then.state in CHECKED and before.state in CHECKED, _applicant(then)
    return awaited and bool(there) and there != _applicant(before)


def _former(act: Act, before: Appeal, then: Appeal) -> Sequence[OwedNotice]:
    """A notice to the enterprise that lost it, unless it handed it back; one for all linked appeals."""
    taken = before.executor_id is not None and before.executor_id != then.executor_id
    knows = isinstance(act, HandBack | Release | Reopen) or (isinstance(act, Follow) and not act.linked)
    return [OwedNotice(recipient=Recipient.FORMER, about=TAKEN_AWAY)] if taken and not knows else []


def facts_of(
    appeal: Appeal, executor: Executor | None, said: str, facts: Mapping[str, Any], *, of: str = ""
) -> dict[str, Any]:
    """Return the facts of a notice, as JSON: the appeal as it is after the act.

    Keys: number, named ("appeal" or "request"), version, state, language, due_on (ISO), due_at,
    registered_at (ISO, UTC; "" for none), text, address, urgency, executor (its short name or ""), answer,
    parent ("" for none), said (the reason or text of the act), act (the act's own facts), of (the number of
    the appeal acted on, where the recipient reported the same matter).
    """
    return {
        "number": appeal.number,
        "named": "request" if appeal.kind is AppealKind.INFORMATION_REQUEST else "appeal",
        "version": appeal.version,
        "of": of or appeal.number,
        "state": appeal.state.value,
        "language": appeal.language.value,
        "due_on": appeal.due_on.isoformat(),
        "due_at": appeal.due_at.isoformat() if appeal.due_at else "",
        "registered_at": appeal.registered_at.isoformat(),
        "text": appeal.text,
        "address": appeal.address,
        "urgency": appeal.urgency.value,
        "executor": executor.short if executor else "",
        "answer": appeal.answer,
        "parent": appeal.parent or "",
        "said": said,
        "act": dict(facts),
    }


def addressed(
    owed: OwedNotice,
    appeal: Appeal,
    executor: Executor | None,
    local: datetime,
    *,
    urgent: bool,
    mails: Mapping[Recipient, str] | None = None,
) -> Sequence[Addressed]:
    """Find each way to tell the recipient, `local` being the city's time; none where there is none.

    `executor` is the one that has the appeal, or the one that had it for FORMER; `mails` are the addresses of
    heads who want to be told by e-mail as well.
    """
    ways = list(_ways(owed, appeal, executor, local, urgent=urgent))
    if mail := (mails or {}).get(owed.recipient):
        ways.append(Addressed(to=owed.recipient, channel=Channel.EMAIL, address=mail))
    return [replace(one, about=owed.about) for one in ways]


def _ways(
    owed: OwedNotice, appeal: Appeal, executor: Executor | None, local: datetime, *, urgent: bool
) -> Sequence[Addressed]:
    match owed.recipient:
        case Recipient.APPLICANT:
            return _applicant(appeal)
        case Recipient.HEAD | Recipient.DEPARTMENT:
            return [Addressed(to=owed.recipient, channel=Channel.PAGE, address="")]
        case Recipient.EXECUTOR | Recipient.FORMER if executor is not None:
            page = Addressed(to=f"executor:{executor.id}", channel=Channel.PAGE, address="")
            program = _program(executor, appeal) if owed.asks else []
            return [page, *program, *_contacts(executor.on_duty(local)[:1], urgent=urgent, call=owed.asks)]
        case Recipient.MANAGER if executor is not None:
            return _contacts(executor.managers(), urgent=urgent, call=owed.asks)
        case Recipient.CONTACT if executor is not None and owed.contact_id is not None:
            contact = executor.contact(owed.contact_id)
            return _contacts([contact] if contact else [], urgent=True, call=owed.asks)
        case _:
            return []


def _applicant(appeal: Appeal) -> Sequence[Addressed]:
    address = appeal.reply_to or (appeal.applicant_number or "")
    if appeal.reply_by is None or not address:
        return []
    return [Addressed(to=f"applicant:{appeal.number}", channel=appeal.reply_by, address=address)]


def _program(executor: Executor, appeal: Appeal) -> Sequence[Addressed]:
    """Give the way to the enterprise's own Open311, where it takes appeals of this category.

    A request for public information is no report, and stays here.
    """
    there = executor.open311
    by_another_law = appeal.kind is AppealKind.INFORMATION_REQUEST
    if there is None or by_another_law or not there.service_of(appeal.category):
        return []
    return [Addressed(to=f"executor:{executor.id}", channel=Channel.OPEN311, address=there.address)]


def _contacts(contacts: Sequence[Contact], *, urgent: bool, call: bool) -> list[Addressed]:
    return [
        Addressed(to=f"contact:{one.id}", channel=channel, address=address)
        for one in contacts
        for channel, address in one.ways(urgent=urgent)
        if call or channel is not Channel.CALL
    ]
