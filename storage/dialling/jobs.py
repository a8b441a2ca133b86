"""Calls that are owed: claimed by one worker, renewed while they last, and brought to where they end."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Text, and_, bindparam, case, cast, func, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from hotline.dialling.campaigns import Campaign
from hotline.dialling.dialler import Result
from hotline.dialling.job_states import ON_THE_PHONE, UNDER_WAY, JobEvent, JobState
from hotline.dialling.jobs import (
    About,
    Brief,
    Follows,
    Job,
    NewJob,
    UnderWay,
    Verdict,
)
from hotline.dialling.nodes import OUT_PREFIX, on_node
from storage.core.database import Database
from storage.core.writes import Remembered
from storage.dialling import admission, due_jobs
from storage.dialling.job_rows import happens, in_state, read_job
from storage.dialling.owing import owe_calls
from storage.tables import Moment, call_attempts, call_jobs, campaigns

_JOB = call_jobs.c
_CLAIM = (
    happens(JobEvent.CLAIM)
    .where(_JOB.id.in_(bindparam("ids", expanding=True)))
    .values(
        attempt=_JOB.attempt + 1,
        claimed_at=bindparam("now"),
        renewed_at=bindparam("now"),
        held_by=bindparam("me"),
        # Names the attempt for ever: a job may be owed anew, and then its moment tells its attempts apart.
        call_id=literal(OUT_PREFIX)
        + _JOB.source
        + "-"
        + cast(_JOB.id, Text)
        + "-"
        + bindparam("moment", type_=Text),
    )
    .returning(call_jobs)
)
_CLAIM_THIS = (
    happens(JobEvent.CLAIM)
    .where(_JOB.source == bindparam("of_source"), _JOB.about == bindparam("of_about"))
    .values(
        attempt=bindparam("as_attempt"),
        claimed_at=bindparam("now"),
        renewed_at=bindparam("now"),
        held_by=bindparam("me"),
        call_id=bindparam("call"),
    )
    .returning(call_jobs)
)
_THIS = _JOB.call_id == bindparam("call")
_ADMIT = (
    happens(JobEvent.ADMIT)
    .where(_THIS, _JOB.held_by == bindparam("me"))
    .values(number=bindparam("dialled_number"), exempt=bindparam("why_exempt"))
)
_REFUSE = happens(JobEvent.REFUSE).where(_THIS).values(number=bindparam("owed_to"))
_DIAL = (
    happens(JobEvent.DIAL)
    .where(_THIS, _JOB.held_by == bindparam("me"))
    .values(renewed_at=bindparam("now"), called_at=bindparam("now"), result=None)
    .returning(_JOB.id, _JOB.attempt, _JOB.number)
)
_SETTLE = update(call_jobs).where(_THIS, in_state(JobState.DIALLED)).values(result=Result.SETTLED.value)
_END = (
    happens(JobEvent.END)
    .where(_THIS)
    .values(
        result=case(
            (and_(in_state(JobState.DIALLED), _JOB.result.is_not(None)), _JOB.result),
            else_=bindparam("came_to"),
        )
    )
    .returning(call_jobs)
)
_ATTEMPT_ENDED = (
    update(call_attempts)
    .where(call_attempts.c.call_id == bindparam("call"), call_attempts.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"), result=bindparam("came_to"))
)
_NO_ATTEMPT: dict[str, Any] = {"attempt": _JOB.attempt - 1}
_FOLLOWS = {
    JobEvent.PUT_OFF: happens(JobEvent.PUT_OFF)
    .where(_THIS)
    .values(due_at=bindparam("due", type_=Moment), **_NO_ATTEMPT),
    JobEvent.AGAIN: happens(JobEvent.AGAIN).where(_THIS).values(due_at=bindparam("due", type_=Moment)),
    JobEvent.REACH: happens(JobEvent.REACH).where(_THIS),
    JobEvent.GIVE_UP: happens(JobEvent.GIVE_UP).where(_THIS),
}
_RENEW = (
    update(call_jobs)
    .where(_JOB.call_id.in_(bindparam("calls", expanding=True)), _JOB.held_by == bindparam("me"))
    .values(renewed_at=bindparam("now"))
)
_FIRST_RENEWED = select(func.min(_JOB.renewed_at)).where(in_state(*UNDER_WAY))
_LEFT = _JOB.renewed_at < bindparam("before")
_NEVER_DIALLED = (in_state(JobState.CLAIMED, JobState.ADMITTED), _LEFT)
_ANY_NEVER_DIALLED = select(_JOB.id).where(*_NEVER_DIALLED).limit(1)
_GIVE_BACK = happens(JobEvent.PUT_OFF).where(*_NEVER_DIALLED).values(**_NO_ATTEMPT)
_DIALLED_AND_LEFT = (in_state(JobState.DIALLED, JobState.OVER), _LEFT)
_ANY_LEFT = select(_JOB.id).where(*_DIALLED_AND_LEFT).limit(1)
_TAKE_OVER = (
    update(call_jobs)
    .where(*_DIALLED_AND_LEFT)
    .values(renewed_at=bindparam("now"), held_by=bindparam("me"))
    .returning(call_jobs)
)
_TAKE_THESE_OVER = (
    update(call_jobs)
    .where(
        or_(_THIS, and_(_JOB.source == bindparam("of_source"), _JOB.about == bindparam("call"))),
        in_state(JobState.DIALLED, JobState.OVER),
    )
    .values(renewed_at=bindparam("now"), held_by=bindparam("me"))
    .returning(call_jobs)
)
_UNDER_WAY = (
    select(call_jobs)
    .where(in_state(*ON_THE_PHONE))
    .order_by(_JOB.claimed_at, _JOB.id)
    .limit(bindparam("most"))
)


class StoredCallJobs:
    """`hotline.dialling.jobs.CallJobs` on a database, for one worker."""

    def __init__(self, database: Database, node: str = "") -> None:
        self._database = database
        self._node = node
        self._me = uuid.uuid4().hex
        self._running = Remembered(database.writes, self._read_running, [campaigns])
        self._first_due = Remembered(database.writes, self._read_first_due, [call_jobs])
        self._first_renewed = Remembered(database.writes, self._read_first_renewed, [call_jobs])

    async def owe(self, new: Sequence[NewJob], at: datetime) -> None:
        async with self._database.writing() as connection:
            await owe_calls(connection, new, at)

    async def claim(self, at: datetime, most: int) -> Sequence[Job]:
        running, first = await self._running.get(), await self._first_due.get()
        any_job = first is not None and first <= at
        if not running and not any_job:
            return []
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            due = due_jobs.Due(any_job, await due_jobs.wanting(connection, at, running))
        if not due:
            return []
        async with self._database.writing() as connection:
            ids = await due_jobs.to_claim(connection, due, at, most)
            if not ids:
                return []
            moment = on_node(f"{int(at.timestamp() * 1000):x}", self._node)
            asked = {"ids": ids, "now": at, "me": self._me, "moment": moment}
            claimed = [read_job(row) for row in (await connection.execute(_CLAIM, asked)).mappings()]
        place = {job_id: at for at, job_id in enumerate(ids)}
        return sorted(claimed, key=lambda one: place[one.id])

    async def _read_running(self) -> Sequence[Campaign]:
        async with self._database.reading() as connection:
            return await due_jobs.running_campaigns(connection)

    async def _read_first_due(self) -> datetime | None:
        async with self._database.reading() as connection:
            return await due_jobs.first_due(connection)

    async def claim_this(
        self, source: str, about: str, call_id: str, at: datetime, *, attempt: int
    ) -> Job | None:
        asked = {"of_source": source, "of_about": about, "as_attempt": attempt, "call": call_id}
        async with self._database.writing() as connection:
            claimed = await connection.execute(_CLAIM_THIS, asked | {"now": at, "me": self._me})
            row = claimed.mappings().first()
        return None if row is None else read_job(row)

    async def admit(
        self, job: Job, brief: Brief[About], at: datetime, *, since: datetime, budget: int
    ) -> Verdict:
        this = {"call": job.call_id, "now": at}
        ours = this | {"me": self._me, "dialled_number": brief.number, "why_exempt": brief.exempt}
        try:
            async with self._database.writing() as connection:
                if await admission.called_by_another(connection, brief.number):
                    return Verdict.ENGAGED
                if not (await connection.execute(_ADMIT, ours)).rowcount:
                    return Verdict.ENGAGED
                verdict = await admission.judge(connection, brief, since=since, budget=budget)
                if verdict is not Verdict.ADMITTED:
                    refused = {"call": job.call_id, "owed_to": job.number, "now": at}
                    await connection.execute(_REFUSE, refused)
                return verdict
        except IntegrityError:  # another worker was quicker, by less than a moment
            return Verdict.ENGAGED

    async def on_the_line(self, number: str, *, but: str = "") -> bool:
        async with self._database.reading() as connection:
            return await admission.on_the_line(connection, number, but)

    async def dialled_to(self, number: str) -> bool:
        async with self._database.reading() as connection:
            return await admission.dialled_to(connection, number)

    async def dial(self, call_id: str, at: datetime) -> bool:
        asked = {"call": call_id, "me": self._me, "now": at}
        async with self._database.writing() as connection:
            row = (await connection.execute(_DIAL, asked)).first()
            if row is not None:
                dialled = {"job_id": row.id, "attempt": row.attempt, "number": row.number, "dialled_at": at}
                await connection.execute(insert(call_attempts), dialled | {"call_id": call_id})
        return row is not None

    async def settle(self, call_id: str) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_SETTLE, {"call": call_id})

    async def end(self, call_id: str, result: Result, at: datetime) -> Job | None:
        asked = {"call": call_id, "came_to": result.value, "now": at}
        async with self._database.writing() as connection:
            row = (await connection.execute(_END, asked)).mappings().first()
            if row is None:
                return None
            await connection.execute(_ATTEMPT_ENDED, asked | {"came_to": row["result"]})
        return read_job(row)

    async def follow(self, call_id: str, follows: Follows, at: datetime) -> None:
        asked: dict[str, Any] = {"call": call_id, "now": at}
        if follows.event in {JobEvent.PUT_OFF, JobEvent.AGAIN}:
            asked["due"] = follows.due_at
        async with self._database.writing() as connection:
            happened = (await connection.execute(_FOLLOWS[follows.event], asked)).rowcount
            if happened and follows.event is JobEvent.PUT_OFF:
                nobody = {"call": call_id, "now": at, "came_to": Result.NOT_PLACED.value}
                await connection.execute(_ATTEMPT_ENDED, nobody)

    async def renew(self, call_ids: Collection[str], at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_RENEW, {"calls": list(call_ids), "me": self._me, "now": at})

    async def give_back(self, renewed_before: datetime, at: datetime) -> int:
        if not await self._any_left(renewed_before):
            return 0
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_NEVER_DIALLED, {"before": renewed_before})).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_GIVE_BACK, {"before": renewed_before, "now": at})).rowcount

    async def take_over(self, renewed_before: datetime, at: datetime) -> Sequence[Job]:
        if not await self._any_left(renewed_before):
            return []
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_LEFT, {"before": renewed_before})).first() is None:
                return []
        asked = {"before": renewed_before, "me": self._me, "now": at}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_TAKE_OVER, asked)).mappings()
            return list(map(read_job, rows))

    async def take_these_over(self, call_id: str, source: str, at: datetime) -> Sequence[Job]:
        asked = {"call": call_id, "of_source": source, "me": self._me, "now": at}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_TAKE_THESE_OVER, asked)).mappings()
            return list(map(read_job, rows))

    async def _any_left(self, renewed_before: datetime) -> bool:
        """Tell whether any job under way was renewed before then; mostly there is none under way."""
        first = await self._first_renewed.get()
        return first is not None and first < renewed_before

    async def _read_first_renewed(self) -> datetime | None:
        async with self._database.reading() as connection:
            first: datetime | None = (await connection.execute(_FIRST_RENEWED)).scalar()
        return first

    async def under_way(self, most: int) -> Sequence[UnderWay]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_UNDER_WAY, {"most": most})).mappings().all()
        found = []
        for row in rows:
            dialled = row["state"] == JobState.DIALLED
            found.append(UnderWay(read_job(row), dialled, row["called_at" if dialled else "claimed_at"]))
        return found
