"""The automatic call about an emergency to the executor's duty contact, who accepts it by a key."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from hotline.appeals.appeal import Appeal, AppealState
from hotline.delivery.outbox import Notice
from hotline.dialling.dialler import Result, RetryRules
from hotline.enterprises.executors import Contact, Executor

CONTACT = "contact:"

RETRIES = RetryRules(
    {
        Result.BUSY: (timedelta(minutes=1), timedelta(minutes=2)),
        Result.NO_ANSWER: (timedelta(minutes=3),),
        Result.MACHINE: (timedelta(minutes=3),),
        Result.FAILED: (timedelta(minutes=1), timedelta(minutes=2)),
        Result.INTERRUPTED: (timedelta(minutes=1), timedelta(minutes=1)),
    }
)
"""Retries within one step of the escalation. A contact who answered and pressed no key knows of it."""


class Acceptance(StrEnum):
    """The result of pressing "accept"."""

    ACCEPTED = "accepted"
    NOT_NEEDED = "not-needed"
    """Somebody else has accepted it, it was given to another enterprise, or it has ended."""
    OWED = "owed"
    """The database is away: they are taken at their word as soon as it is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """An emergency that waits to be accepted, and who is called about it."""

    appeal: Appeal
    executor: Executor
    contact: Contact


def duty_of(notice: Notice, appeal: Appeal | None, executor: Executor | None) -> Duty | None:
    """Give what the call is about; None where nobody needs to be called any more."""
    if appeal is None or executor is None or appeal.executor_id != executor.id:
        return None
    contact = executor.contact(int(notice.to.removeprefix(CONTACT)))
    if contact is None or appeal.state is not AppealState.ASSIGNED:
        return None
    return Duty(appeal=appeal, executor=executor, contact=contact)
