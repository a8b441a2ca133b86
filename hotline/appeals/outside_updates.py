"""Updates of requests by Open311 as acts on appeals: posted to us, or read from an enterprise."""

from collections.abc import Iterator
from datetime import datetime

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import Actor
from hotline.appeals.acts.keeping import Note
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, ResultKind
from hotline.appeals.transitions import possible

DONE = frozenset({"closed", "fixed"})
"""Words of a status by which the other side says that the work is done."""


def said_done(status: str) -> bool:
    return status.strip().lower() in DONE


def acts_of_update(
    appeal: Appeal, actor: Actor, now: datetime, *, key: str, said: str, done: bool
) -> Iterator[Act]:
    """Give the acts that an update comes to: an enterprise may close what it has not even accepted here.

    "Done" is the executor's word, after which the applicant is asked; all else is an internal note. The last
    act bears the `key`.
    """
    if not done:
        yield Note(by=actor, at=now, text=said, idempotency_key=key)
        return
    if Accept in possible(appeal, actor):
        yield Accept(by=actor, at=now, idempotency_key=f"{key}:accept")
    if ReportDone not in possible(appeal, actor):
        yield BeginWork(by=actor, at=now, idempotency_key=f"{key}:begin")
    yield ReportDone(by=actor, at=now, result=ResultKind.SATISFIED, answer=said, idempotency_key=key)
