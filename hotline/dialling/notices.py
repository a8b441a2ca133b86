"""Notices of the outbox that are calls: their sources and kinds, by recipient."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice, Outbox
from hotline.dialling.dialler import Kind, Result, RetryRules
from hotline.dialling.jobs import GIVEN_UP, REACHED, Follows, Job, again_at

DUTY = "duty"
"""The source of the calls to duty contacts about emergencies."""
OUTAGE = "outage"
"""The source of the calls to those who asked to be told of an outage."""

POWER = "power"
"""The source of the calls to landlines before their power changes."""
EQUIPMENT = "equipment"
"""The source of the calls about equipment that is out of order."""
UNTAKEN = "untaken"
"""The source of the calls to who answers for the centre about emergencies that nobody takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Recipients whose names begin so are called, by jobs of this source and kind."""

    recipients: str
    source: str
    kind: Kind


CALLS_TO = (
    Called(recipients="contact:", source=DUTY, kind=Kind.EMERGENCY),
    Called(recipients="equipment:", source=EQUIPMENT, kind=Kind.EMERGENCY),
    Called(recipients="user:", source=UNTAKEN, kind=Kind.EMERGENCY),
    Called(recipients="watcher:", source=OUTAGE, kind=Kind.OUTAGE),
    Called(recipients="subscriber:", source=POWER, kind=Kind.OUTAGE),
)


async def owed_notice(outbox: Outbox, job: Job) -> Notice | None:
    """Find the notice that a job is about; None where it is over, or was taken back."""
    notice = await outbox.find(job.subject) if job.subject else None
    return notice if notice is not None and notice.state is NoticeState.OWED else None


async def note_call(
    outbox: Outbox,
    job: Job,
    event: NoticeEvent,
    at: datetime,
    *,
    fault: str = "",
    again_in: timedelta | None = None,
) -> None:
    """Note at the job's notice, if it has one, how its call ended, or that nobody is called."""
    if job.subject is not None:
        tries = job.attempt
        await outbox.call_over(job.subject, event, at, tries=tries, fault=fault, again_in=again_in)


async def after_call(outbox: Outbox, job: Job, result: Result, at: datetime, retries: RetryRules) -> Follows:
    """Note how the call of a notice ended, and say whether these rules call once more."""
    if result is Result.SETTLED:
        await note_call(outbox, job, NoticeEvent.HAND_OVER, at)
        return REACHED
    again_in = retries.again_in(result, job.attempt)
    event = NoticeEvent.NOT_REACHED if again_in is None else NoticeEvent.CALLED_IN_VAIN
    await note_call(outbox, job, event, at, fault=result.value, again_in=again_in)
    return GIVEN_UP if again_in is None else again_at(at + again_in)


def call_to(recipient: str) -> Called:
    """Say how a recipient of a notice is called, such as `contact:7`."""
    return next(one for one in CALLS_TO if recipient.startswith(one.recipients))
