"""Who is told of which act (regulation 2.4: the applicant of each change), and what the text is made of."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotline.acts.act import Act
from hotline.acts.asking import AnswerBack
from hotline.acts.checking import CloseUnconfirmed, Confirm, Dispute, Withdraw
from hotline.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.acts.keeping import Amend, Escalate, Link, Note
from hotline.acts.routing import Assign, Forward, HandBack, Reject
from hotline.acts.work import Accept, BeginWork, Follow, ReportDone
from hotline.appeals import Appeal
from hotline.escalation import StepKind, owed_for
from hotline.executors import Executor
from hotline.notices import TAKEN_AWAY, Owed, Recipient

_APPLICANT = (Recipient.APPLICANT,)
_TOLD: Mapping[type[Act], Sequence[Recipient]] = {
    Assign: (Recipient.APPLICANT, Recipient.EXECUTOR),
    HandBack: (Recipient.HEAD,),
    Accept: _APPLICANT,
    BeginWork: _APPLICANT,
    ReportDone: _APPLICANT,
    Follow: _APPLICANT,
    Confirm: (Recipient.APPLICANT, Recipient.EXECUTOR),
    CloseUnconfirmed: (Recipient.APPLICANT, Recipient.HEAD),
    Dispute: (Recipient.APPLICANT, Recipient.EXECUTOR, Recipient.HEAD),
    Withdraw: (Recipient.APPLICANT, Recipient.EXECUTOR),
    Forward: _APPLICANT,
    Reject: _APPLICANT,
    AskExtension: (Recipient.HEAD,),
    AnswerBack: (Recipient.EXECUTOR,),
    Extend: (Recipient.APPLICANT, Recipient.EXECUTOR),
    RefuseExtension: (Recipient.EXECUTOR,),
    Amend: (Recipient.EXECUTOR,),
    Link: _APPLICANT,
}


def owed_for_act(act: Act, before: Appeal, then: Appeal) -> Sequence[Owed]:
    """Give who is to be told of it; `before` and `then` are the appeal before the act and after it."""
    match act:
        case Escalate(kind=kind, contact_id=contact_id):
            return owed_for(StepKind(kind), contact_id)
        case Note(internal=False):
            return [Owed(recipient=Recipient.APPLICANT)]
        case _:
            told = [Owed(recipient=one) for one in _TOLD.get(type(act), ())]
            return [*told, *_former(act, before, then)]


def _former(act: Act, before: Appeal, then: Appeal) -> Sequence[Owed]:
    """Tell the enterprise from which it was taken; not whoever gave it back, nor once for each reporter."""
    taken = before.executor_id is not None and before.executor_id != then.executor_id
    knows = isinstance(act, HandBack) or (isinstance(act, Follow) and not act.linked)
    return [Owed(recipient=Recipient.FORMER, about=TAKEN_AWAY)] if taken and not knows else []


def facts_of(
    appeal: Appeal, executor: Executor | None, said: str, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Give what a notice's text is made of, as JSON has it: the appeal as it is after the act.

    Keys: number, state, due_on and registered_on (ISO dates, the latter UTC), summary, address, urgency,
    executor (its short name or ""), answer, said (the reason or text of the act), act (the act's own facts).
    """
    return {
        "number": appeal.number,
        "state": appeal.state.value,
        "due_on": appeal.due_on.isoformat(),
        "registered_on": appeal.registered_at.date().isoformat(),
        "summary": appeal.summary,
        "address": appeal.address,
        "urgency": appeal.urgency.value,
        "executor": executor.short if executor else "",
        "answer": appeal.answer,
        "said": said,
        "act": dict(facts),
    }
