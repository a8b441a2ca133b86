"""A call is owed, owed anew or owed no more, in the transaction of the act that makes it so."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.dialler import Result
from hotline.dialling.job_states import JOB, JobEvent, JobState
from hotline.dialling.jobs import NewJob
from storage.dialling.job_rows import happens, in_state, job_values
from storage.tables import call_jobs

_JOB = call_jobs.c
_INSERT = insert(call_jobs)
_OWE_ANEW = (
    happens(JobEvent.OWE_ANEW)
    .where(_JOB.source == bindparam("of_source"), _JOB.subject == bindparam("of_subject"))
    .values(attempt=0, due_at=bindparam("now"))
)
_STATE = (
    select(_JOB.state)
    .where(_JOB.source == bindparam("of_source"), _JOB.subject == bindparam("of_subject"))
    .with_for_update()
)
_NEEDLESS = happens(JobEvent.GIVE_UP).where(
    in_state(JobState.DUE), _JOB.source == bindparam("of_source"), _JOB.about == bindparam("of_about")
)
_SETTLED = select(_JOB.about).where(
    _JOB.source == bindparam("of_source"),
    _JOB.about.in_(bindparam("of_about", expanding=True)),
    or_(in_state(JobState.REACHED), _JOB.result == Result.SETTLED.value),
)


async def owe_calls(connection: AsyncConnection, new: Sequence[NewJob], at: datetime) -> None:
    """Owe these calls, in the transaction of what makes them owed."""
    if new:
        await connection.execute(_INSERT, [job_values(one, at) for one in new])


async def owe_anew(connection: AsyncConnection, source: str, subject: int, at: datetime) -> None:
    """Owe a call again that was given up; raises ForbiddenTransition while it is under way."""
    this = {"of_source": source, "of_subject": subject}
    state = (await connection.execute(_STATE, this)).scalar()
    if state is not None:
        JOB.after(JobState(state), JobEvent.OWE_ANEW)
        await connection.execute(_OWE_ANEW, this | {"now": at})


async def settled(connection: AsyncConnection, source: str, about: Collection[str]) -> Collection[str]:
    """Find those about whom a call was owed that reached somebody who settled it."""
    asked = {"of_source": source, "of_about": [*about]}
    return {*(await connection.execute(_SETTLED, asked)).scalars()}


async def owe_no_more(connection: AsyncConnection, source: str, about: str, at: datetime) -> None:
    """Owe a call no more that is not under way."""
    await connection.execute(_NEEDLESS, {"of_source": source, "of_about": about, "now": at})
