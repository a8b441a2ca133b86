"""Notices of the outbox that are calls: their sources and kinds, by recipient."""

from dataclasses import dataclass

from hotline.delivery.notice_states import NoticeState
from hotline.delivery.outbox import Notice, Outbox
from hotline.dialling.dialler import Kind
from hotline.dialling.jobs import Job

DUTY = "duty"
"""The source of the calls to duty contacts about emergencies."""
OUTAGE = "outage"
"""The source of the calls to those who asked to be told of an outage."""

EQUIPMENT = "equipment"
"""The source of the calls about equipment that is out of order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """Recipients whose names begin so are called, by jobs of this source and kind."""

    recipients: str
    source: str
    kind: Kind


CALLS_TO = (
    Called(recipients="contact:", source=DUTY, kind=Kind.EMERGENCY),
    Called(recipients="equipment:", source=EQUIPMENT, kind=Kind.EMERGENCY),
    Called(recipients="watcher:", source=OUTAGE, kind=Kind.OUTAGE),
)


async def owed_notice(outbox: Outbox, job: Job) -> Notice | None:
    """Find the notice that a job is about; None where it is over, or was taken back."""
    notice = await outbox.find(job.subject) if job.subject else None
    return notice if notice is not None and notice.state is NoticeState.OWED else None


def call_to(recipient: str) -> Called:
    """Say how a recipient of a notice is called, such as `contact:7`."""
    return next(one for one in CALLS_TO if recipient.startswith(one.recipients))
