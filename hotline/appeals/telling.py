"""Who is told of which act (regulation 2.4: the applicant of each change), and what the text is made of."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.asking import AnswerBack
from hotline.appeals.acts.checking import CloseUnconfirmed, Confirm, Dispute, Withdraw
from hotline.appeals.acts.extension import AskExtension, Extend, RefuseExtension
from hotline.appeals.acts.keeping import Amend, Escalate, Link, Note
from hotline.appeals.acts.routing import Assign, Forward, HandBack, Reject, Release
from hotline.appeals.acts.work import Accept, BeginWork, Follow, ReportDone
from hotline.appeals.appeal import Appeal, Urgency
from hotline.appeals.escalation import StepKind, owed_for
from hotline.city.terms import end_of
from hotline.delivery.outbox import TAKEN_AWAY, Owed, Recipient
from hotline.enterprises.executors import Executor

_APPLICANT = (Recipient.APPLICANT,)
TOLD: Mapping[type[Act], Sequence[Recipient]] = {
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
            asks = isinstance(act, Assign)
            told = [Owed(recipient=one, asks=asks) for one in TOLD.get(type(act), ())]
            return [*told, *_former(act, before, then)]


def _former(act: Act, before: Appeal, then: Appeal) -> Sequence[Owed]:
    """Tell the enterprise from which it was taken; not whoever gave it back, nor once for each reporter."""
    taken = before.executor_id is not None and before.executor_id != then.executor_id
    knows = isinstance(act, HandBack | Release) or (isinstance(act, Follow) and not act.linked)
    return [Owed(recipient=Recipient.FORMER, about=TAKEN_AWAY)] if taken and not knows else []


def facts_of(
    appeal: Appeal, executor: Executor | None, said: str, facts: Mapping[str, Any], *, of: str = ""
) -> dict[str, Any]:
    """Give what a notice's text is made of, as JSON has it: the appeal as it is after the act.

    Keys: number, state, language, due_on (ISO), due_at, registered_at (ISO, UTC; "" for none), summary,
    address, urgency, executor (its short name or ""), answer, parent ("" for none), said (the reason or text
    of the act), act (the act's own facts), of (the appeal that was acted on: another one where somebody is
    told who reported the same).
    """
    return {
        "number": appeal.number,
        "of": of or appeal.number,
        "state": appeal.state.value,
        "language": appeal.language.value,
        "due_on": appeal.due_on.isoformat(),
        "due_at": appeal.due_at.isoformat() if appeal.due_at else "",
        "registered_at": appeal.registered_at.isoformat(),
        "summary": appeal.summary,
        "address": appeal.address,
        "urgency": appeal.urgency.value,
        "executor": executor.short if executor else "",
        "answer": appeal.answer,
        "parent": appeal.parent or "",
        "said": said,
        "act": dict(facts),
    }


def values_of(facts: Mapping[str, Any], zone: ZoneInfo, words: Mapping[str, str]) -> dict[str, str]:
    """Give the values of a notice's text, written as people do.

    `words` are the language's for what has a code. Terms that end within a day are told to the minute, in
    the city's time.
    """
    act: Mapping[str, Any] = facts.get("act", {})
    due_at = facts.get("due_at")
    urgent = facts["urgency"] != Urgency.ORDINARY
    by_day = date.fromisoformat(facts["due_on"])
    due = f"{by_day:%d.%m.%Y}"
    if due_at and urgent and end_of(by_day, zone).due_at != datetime.fromisoformat(due_at):
        due = words["moment"].format(at=datetime.fromisoformat(due_at).astimezone(zone))
    registered_at = facts.get("registered_at")
    return {
        "number": facts["number"],
        "of": facts.get("of", ""),
        "due": due,
        "registered": _day(registered_at, zone) if registered_at else "",
        "summary": facts["summary"],
        "address": facts["address"],
        "executor": facts["executor"],
        "answer": facts["answer"],
        "parent": facts.get("parent", ""),
        "said": facts["said"],
        "alarm": words["alarm"] if facts["urgency"] == Urgency.EMERGENCY else "",
        "to": str(act.get("to", "")),
        "until": f"{date.fromisoformat(act['until']):%d.%m.%Y}" if "until" in act else "",
        "ground": words.get(f"ground-{act['ground']}", "") if "ground" in act else "",
    }


def _day(moment: str, zone: ZoneInfo) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(zone):%d.%m.%Y}"
