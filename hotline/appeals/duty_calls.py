"""The automatic call about an emergency to the executor's duty contact, who accepts it by a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from hotline.appeals.appeal import Appeal, AppealState
from hotline.delivery.notice_states import NoticeState
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


class CallsOwed(Protocol):
    """The notices of the outbox that are calls to contacts."""

    async def claim(self, at: datetime, most: int) -> Sequence[Notice]:
        """Take calls that are due; of one appeal, and to one number, only one at a time."""
        ...

    async def renew(self, notice_ids: Sequence[int], at: datetime) -> None: ...

    async def ended(
        self,
        notice_id: int,
        state: NoticeState,
        at: datetime,
        *,
        tries: int,
        fault: str = "",
        again_in: timedelta | None = None,
    ) -> None:
        """Record the result of the call claimed as the `tries`-th; `again_in` goes with OWED.

        A claim that has gone, or is a later attempt's, is left alone.
        """
        ...

    async def put_off(self, notice_id: int, until: datetime, at: datetime, *, tries: int) -> None:
        """Release the claim of the `tries`-th attempt, for which nobody was rung: it does not count."""
        ...

    async def left_behind(self, renewed_before: datetime, at: datetime) -> int:
        """Give back what was claimed and not renewed since then: nobody was rung. How many."""
        ...
