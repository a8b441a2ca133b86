"""Reasons against calling a number now: another call with it, the list of whom not to call, the budget."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.dialler import NOBODY_RUNG
from hotline.dialling.job_states import ON_THE_PHONE, JobState
from hotline.dialling.jobs import Brief, Verdict
from storage.dialling.job_rows import in_state
from storage.tables import call_attempts, call_jobs, calls, do_not_call

_JOB = call_jobs.c
_DIALLED_TO = select(_JOB.id).where(_JOB.number == bindparam("number"), in_state(JobState.DIALLED)).limit(1)
_CALLED_BY_ANOTHER = select(_JOB.id).where(in_state(*ON_THE_PHONE), _JOB.number == bindparam("number"))
_UNWANTED = select(do_not_call.c.number).where(do_not_call.c.number == bindparam("number"))
_RUNG = select(func.count()).where(
    call_attempts.c.number == bindparam("number"),
    call_attempts.c.dialled_at >= bindparam("since"),
    or_(call_attempts.c.result.is_(None), call_attempts.c.result.not_in(NOBODY_RUNG)),
)
# A call that we placed ourselves is over when its attempt is: its end comes to the call log a moment later.
_ON_THE_LINE = (
    select(calls.c.id)
    .where(
        calls.c.ended_at.is_(None),
        calls.c.number == bindparam("number"),
        calls.c.id != bindparam("but"),
        ~exists().where(call_attempts.c.call_id == calls.c.id, call_attempts.c.ended_at.is_not(None)),
    )
    .limit(1)
)


async def called_by_another(connection: AsyncConnection, number: str) -> bool:
    """Tell whether another job has the number."""
    return (await connection.execute(_CALLED_BY_ANOTHER, {"number": number})).first() is not None


async def dialled_to(connection: AsyncConnection, number: str) -> bool:
    """Tell whether a job's call rings the number, or is spoken, at this moment."""
    return (await connection.execute(_DIALLED_TO, {"number": number})).first() is not None


async def judge(connection: AsyncConnection, brief: Brief[Any], *, since: datetime, budget: int) -> Verdict:
    """Judge a number whose job is written as admitted: a worker that ended its call meanwhile is counted."""
    asked = {"number": brief.number, "since": since}
    if await on_the_line(connection, brief.number, brief.answers):
        return Verdict.ENGAGED
    if brief.exempt:
        return Verdict.ADMITTED
    if (await connection.execute(_UNWANTED, asked)).first() is not None:
        return Verdict.UNWANTED
    rung = (await connection.execute(_RUNG, asked)).scalar_one()
    return Verdict.SPENT if rung >= budget else Verdict.ADMITTED


async def on_the_line(connection: AsyncConnection, number: str, but: str = "") -> bool:
    """Tell whether a call from or to the number goes on; `but` is a call that does not count."""
    asked = {"number": number, "but": but}
    return (await connection.execute(_ON_THE_LINE, asked)).first() is not None
