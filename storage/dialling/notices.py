"""Notices that are calls: each owes a job, in the transaction in which it is put into the outbox."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from hotline.dialling.job_states import UNDER_WAY, JobState
from hotline.dialling.jobs import NewJob
from hotline.dialling.notices import CALLS_TO, call_to
from storage.dialling.owing import owe_calls
from storage.tables import call_jobs, notices

_SOURCES = [one.source for one in CALLS_TO]
_CALLED = exists().where(call_jobs.c.source.in_(_SOURCES), call_jobs.c.subject == notices.c.id)
_OWED = select(
    notices.c.id, notices.c.number, notices.c.recipient, notices.c.address, notices.c.due_at
).where(notices.c.channel == Channel.CALL.value, notices.c.state == NoticeState.OWED.value, ~_CALLED)
_JOBS = (
    select(call_jobs.c.subject, call_jobs.c.state)
    .where(call_jobs.c.source.in_(_SOURCES), call_jobs.c.subject.in_(bindparam("ids", expanding=True)))
    # Those that are due as well: nobody claims one of them before this transaction ends.
    .with_for_update()
)


async def owe_calls_for(connection: AsyncConnection, these: ColumnElement[bool], at: datetime) -> None:
    """Owe a call for each of these notices that is one and has none yet."""
    owed = []
    for row in await connection.execute(_OWED.where(these)):
        called = call_to(row.recipient)
        owed.append(
            NewJob(
                source=called.source,
                subject=row.id,
                about=row.number,
                number=row.address,
                kind=called.kind,
                due_at=row.due_at,
            )
        )
    await owe_calls(connection, owed, at)


async def being_called(connection: AsyncConnection, notice_ids: Collection[int]) -> frozenset[int]:
    """Tell of which of these notices somebody is called at this moment; no other call begins meanwhile."""
    if not notice_ids:
        return frozenset()
    jobs = (await connection.execute(_JOBS, {"ids": list(notice_ids)})).all()
    return frozenset(job.subject for job in jobs if JobState(job.state) in UNDER_WAY)
