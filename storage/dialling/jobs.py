"""Calls that are owed: claimed by one worker, renewed while they last, and brought to where they end."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    RowMapping,
    Text,
    Update,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.dialling.campaign_states import CAMPAIGN, CampaignAct, CampaignState
from hotline.dialling.campaigns import Campaign
from hotline.dialling.dialler import NOBODY_RUNG, Kind, Result
from hotline.dialling.job_states import JOB, ON_THE_PHONE, UNENDED, JobEvent, JobState
from hotline.dialling.jobs import (
    OUT_PREFIX,
    About,
    Brief,
    Follows,
    Job,
    LeftJob,
    NewJob,
    UnderWay,
    Verdict,
)
from storage.core.database import Database
from storage.core.transitions import moving
from storage.dialling.rows import URGENCY, read_campaign
from storage.tables import Moment, call_attempts, call_jobs, calls, campaigns, do_not_call

_JOB = call_jobs.c
_MINUTE = timedelta(minutes=1)
_LOOKED_AT = 50


def in_state(*states: JobState, of: FromClause = call_jobs) -> ColumnElement[bool]:
    """Say it in the words of the partial indexes: none is used for sure for a state that is a parameter."""
    named: list[ColumnElement[str]] = [literal_column(f"'{one.value}'") for one in JobState if one in states]
    column: ColumnElement[str] = of.c.state
    return column.in_(named) if len(named) > 1 else column == named[0]


def _happens(event: JobEvent) -> Update:
    """Begin the statement by which this happens to a job, in the states in which it may."""
    return moving(call_jobs, JOB, event, changed_at=bindparam("now"))


_DUE = in_state(JobState.DUE)
_OTHER = call_jobs.alias("other")
_OTHER_UNDER_WAY = in_state(JobState.CLAIMED, JobState.ADMITTED, JobState.DIALLED, of=_OTHER)
_APART = ~exists().where(
    _OTHER_UNDER_WAY,
    or_(
        _OTHER.c.number == _JOB.number,
        and_(_OTHER.c.about == _JOB.about, _JOB.about != "", _JOB.campaign_id.is_(None)),
    ),
)
# The people of a campaign may all be called about one thing.
_ABOUT_ONE_THING = case((_JOB.campaign_id.is_(None), _JOB.about), else_="").label("about")
_LOOKED_UP = (_JOB.id, _JOB.urgency, _JOB.due_at, _JOB.number, _ABOUT_ONE_THING)
_DUE_NOW = (_DUE, _JOB.campaign_id.is_(None), _JOB.due_at <= bindparam("now"))
_ANY_DUE = select(_JOB.id).where(*_DUE_NOW).limit(1)
_MOST_PRESSING = (
    select(*_LOOKED_UP)
    .where(*_DUE_NOW, _APART)
    .order_by(_JOB.urgency, _JOB.due_at, _JOB.id)
    .limit(_LOOKED_AT)
    .with_for_update(skip_locked=True, of=call_jobs)
)

_RUNNING = select(campaigns).where(campaigns.c.state == CampaignState.RUNNING)
_OF_THIS = _JOB.campaign_id == bindparam("this")
_DUE_OF_THIS = (_OF_THIS, _DUE, _JOB.due_at <= bindparam("now"))
_ANY_DUE_OF_THIS = select(_JOB.id).where(*_DUE_OF_THIS).limit(1)
_PEOPLE = (
    select(*_LOOKED_UP)
    .where(*_DUE_OF_THIS, _APART)
    .order_by(_JOB.due_at, _JOB.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=call_jobs)
)
_UNENDED_OF_THIS = select(_JOB.id).where(_OF_THIS, in_state(*UNENDED)).order_by(_JOB.state).limit(1)
_UNDER_WAY_OF_THIS = select(func.count()).where(
    _OF_THIS,
    in_state(*UNENDED),
    in_state(JobState.CLAIMED, JobState.ADMITTED, JobState.DIALLED, JobState.OVER),
)
_NOT_YET_DIALLED = select(func.count()).where(
    _OF_THIS, in_state(*UNENDED), in_state(JobState.CLAIMED, JobState.ADMITTED)
)
_DIALLED_SINCE = (
    select(func.count())
    .select_from(call_attempts)
    .join(call_jobs, _JOB.id == call_attempts.c.job_id)
    .where(_OF_THIS, call_attempts.c.dialled_at > bindparam("since"))
)
_FINISH = moving(campaigns, CAMPAIGN, CampaignAct.FINISH, changed_at=bindparam("now")).where(
    campaigns.c.id == bindparam("this")
)

_CLAIM = (
    _happens(JobEvent.CLAIM)
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
    _happens(JobEvent.CLAIM)
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
    _happens(JobEvent.ADMIT)
    .where(_THIS, _JOB.held_by == bindparam("me"))
    .values(number=bindparam("dialled_number"), exempt=bindparam("why_exempt"))
)
_REFUSE = _happens(JobEvent.REFUSE).where(_THIS).values(number=bindparam("owed_to"))
_DIAL = (
    _happens(JobEvent.DIAL)
    .where(_THIS, _JOB.held_by == bindparam("me"))
    .values(renewed_at=bindparam("now"), called_at=bindparam("now"), result=None)
    .returning(_JOB.id, _JOB.attempt, _JOB.number)
)
_SETTLE = update(call_jobs).where(_THIS, in_state(JobState.DIALLED)).values(result=Result.SETTLED.value)
_END = (
    _happens(JobEvent.END)
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
    JobEvent.PUT_OFF: _happens(JobEvent.PUT_OFF)
    .where(_THIS)
    .values(due_at=bindparam("due", type_=Moment), **_NO_ATTEMPT),
    JobEvent.AGAIN: _happens(JobEvent.AGAIN).where(_THIS).values(due_at=bindparam("due", type_=Moment)),
    JobEvent.REACH: _happens(JobEvent.REACH).where(_THIS),
    JobEvent.GIVE_UP: _happens(JobEvent.GIVE_UP).where(_THIS),
}
_RENEW = (
    update(call_jobs)
    .where(_JOB.call_id.in_(bindparam("calls", expanding=True)), _JOB.held_by == bindparam("me"))
    .values(renewed_at=bindparam("now"))
)
_LEFT = _JOB.renewed_at < bindparam("before")
_NEVER_DIALLED = (in_state(JobState.CLAIMED, JobState.ADMITTED), _LEFT)
_ANY_NEVER_DIALLED = select(_JOB.id).where(*_NEVER_DIALLED).limit(1)
_GIVE_BACK = _happens(JobEvent.PUT_OFF).where(*_NEVER_DIALLED).values(**_NO_ATTEMPT)
_DIALLED_AND_LEFT = (in_state(JobState.DIALLED, JobState.OVER), _LEFT)
_ANY_LEFT = select(_JOB.id).where(*_DIALLED_AND_LEFT).limit(1)
_TAKE_OVER = (
    update(call_jobs)
    .where(*_DIALLED_AND_LEFT)
    .values(renewed_at=bindparam("now"), held_by=bindparam("me"))
    .returning(call_jobs)
)
_UNDER_WAY = (
    select(call_jobs)
    .where(in_state(*ON_THE_PHONE))
    .order_by(_JOB.claimed_at, _JOB.id)
    .limit(bindparam("most"))
)
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
_INSERT = insert(call_jobs)
_OWE_ANEW = (
    _happens(JobEvent.OWE_ANEW)
    .where(_JOB.source == bindparam("of_source"), _JOB.subject == bindparam("of_subject"))
    .values(attempt=0, due_at=bindparam("now"))
)
_STATE = (
    select(_JOB.state)
    .where(_JOB.source == bindparam("of_source"), _JOB.subject == bindparam("of_subject"))
    .with_for_update()
)
_NEEDLESS = _happens(JobEvent.GIVE_UP).where(
    _DUE, _JOB.source == bindparam("of_source"), _JOB.about == bindparam("of_about")
)


def job_values(new: NewJob, at: datetime, *, campaign_id: int | None = None) -> dict[str, Any]:
    """Write a call that is owed as a row."""
    return {
        "source": new.source,
        "subject": new.subject,
        "about": new.about,
        "campaign_id": campaign_id,
        "number": new.number,
        "kind": new.kind.value,
        "urgency": URGENCY[new.kind],
        "state": JobState.DUE.value,
        "due_at": new.due_at,
        "changed_at": at,
    }


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


async def owe_no_more(connection: AsyncConnection, source: str, about: str, at: datetime) -> None:
    """Owe a call no more that is not under way."""
    await connection.execute(_NEEDLESS, {"of_source": source, "of_about": about, "now": at})


class StoredCallJobs:
    """`hotline.dialling.jobs.CallJobs` on a database, for one worker."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._me = uuid.uuid4().hex

    async def owe(self, new: Sequence[NewJob], at: datetime) -> None:
        async with self._database.writing() as connection:
            await owe_calls(connection, new, at)

    async def claim(self, at: datetime, most: int) -> Sequence[Job]:
        async with self._database.reading() as connection:  # mostly there is none: nobody has to wait for us
            any_due = (await connection.execute(_ANY_DUE, {"now": at})).first() is not None
            running = [read_campaign(row) for row in (await connection.execute(_RUNNING)).mappings()]
            wanting = [one for one in running if await _wants(connection, one, at)]
        if not (any_due or wanting):
            return []
        async with self._database.writing() as connection:
            due: list[RowMapping] = []
            if any_due:
                due += (await connection.execute(_MOST_PRESSING, {"now": at})).mappings().all()
            for campaign in wanting:
                due += await _people(connection, campaign, at, most)
            ids = _apart(due)[:most]
            if not ids:
                return []
            moment = f"{int(at.timestamp() * 1000):x}"
            asked = {"ids": ids, "now": at, "me": self._me, "moment": moment}
            claimed = [_job(row) for row in (await connection.execute(_CLAIM, asked)).mappings()]
        place = {job_id: at for at, job_id in enumerate(ids)}
        return sorted(claimed, key=lambda one: place[one.id])

    async def claim_this(
        self, source: str, about: str, call_id: str, at: datetime, *, attempt: int
    ) -> Job | None:
        asked = {"of_source": source, "of_about": about, "as_attempt": attempt, "call": call_id}
        async with self._database.writing() as connection:
            claimed = await connection.execute(_CLAIM_THIS, asked | {"now": at, "me": self._me})
            row = claimed.mappings().first()
        return None if row is None else _job(row)

    async def admit(
        self, job: Job, brief: Brief[About], at: datetime, *, since: datetime, budget: int
    ) -> Verdict:
        this = {"call": job.call_id, "now": at}
        ours = this | {"me": self._me, "dialled_number": brief.number, "why_exempt": brief.exempt}
        try:
            async with self._database.writing() as connection:
                called = await connection.execute(_CALLED_BY_ANOTHER, {"number": brief.number})
                # Written first, counted then: a worker that ended its call meanwhile is counted.
                if called.first() is not None or not (await connection.execute(_ADMIT, ours)).rowcount:
                    return Verdict.ENGAGED
                verdict = await _judge(connection, brief, since=since, budget=budget)
                if verdict is not Verdict.ADMITTED:
                    refused = {"call": job.call_id, "owed_to": job.number, "now": at}
                    await connection.execute(_REFUSE, refused)
                return verdict
        except IntegrityError:  # another worker was quicker, by less than a moment
            return Verdict.ENGAGED

    async def on_the_line(self, number: str, *, but: str = "") -> bool:
        async with self._database.reading() as connection:
            return await _on_the_line(connection, number, but)

    async def dialled_to(self, number: str) -> bool:
        async with self._database.reading() as connection:
            return (await connection.execute(_DIALLED_TO, {"number": number})).first() is not None

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
        return _job(row)

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
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_NEVER_DIALLED, {"before": renewed_before})).first() is None:
                return 0
        async with self._database.writing() as connection:
            return (await connection.execute(_GIVE_BACK, {"before": renewed_before, "now": at})).rowcount

    async def take_over(self, renewed_before: datetime, at: datetime) -> Sequence[LeftJob]:
        async with self._database.reading() as connection:
            if (await connection.execute(_ANY_LEFT, {"before": renewed_before})).first() is None:
                return []
        asked = {"before": renewed_before, "me": self._me, "now": at}
        async with self._database.writing() as connection:
            rows = (await connection.execute(_TAKE_OVER, asked)).mappings()
            return [LeftJob(job, job.result) for job in map(_job, rows)]

    async def under_way(self, most: int) -> Sequence[UnderWay]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_UNDER_WAY, {"most": most})).mappings().all()
        found = []
        for row in rows:
            dialled = row["state"] == JobState.DIALLED
            found.append(UnderWay(_job(row), dialled, row["called_at" if dialled else "claimed_at"]))
        return found


async def _judge(connection: AsyncConnection, brief: Brief[Any], *, since: datetime, budget: int) -> Verdict:
    asked = {"number": brief.number, "since": since}
    if await _on_the_line(connection, brief.number, brief.answers):
        return Verdict.ENGAGED
    if brief.exempt:
        return Verdict.ADMITTED
    if (await connection.execute(_UNWANTED, asked)).first() is not None:
        return Verdict.UNWANTED
    rung = (await connection.execute(_RUNG, asked)).scalar_one()
    return Verdict.SPENT if rung >= budget else Verdict.ADMITTED


async def _on_the_line(connection: AsyncConnection, number: str, but: str) -> bool:
    asked = {"number": number, "but": but}
    return (await connection.execute(_ON_THE_LINE, asked)).first() is not None


async def _wants(connection: AsyncConnection, campaign: Campaign, at: datetime) -> bool:
    """Tell whether somebody may be called for it now, or it is done and nobody noted it yet."""
    asked = {"this": campaign.id, "now": at}
    if (await connection.execute(_ANY_DUE_OF_THIS, asked)).first() is not None:
        return await _room(connection, campaign, at, 1) > 0
    return (await connection.execute(_UNENDED_OF_THIS, asked)).first() is None


async def _room(connection: AsyncConnection, campaign: Campaign, at: datetime, most: int) -> int:
    """Give how many of `most` calls it may place now, within its own bounds."""
    this = {"this": campaign.id}
    if campaign.most:
        under_way = (await connection.execute(_UNDER_WAY_OF_THIS, this)).scalar_one()
        most = min(most, campaign.most - under_way)
    if campaign.per_minute:
        asked = {**this, "since": at - _MINUTE}
        of_late = (await connection.execute(_DIALLED_SINCE, asked)).scalar_one()
        of_late += (await connection.execute(_NOT_YET_DIALLED, this)).scalar_one()
        most = min(most, campaign.per_minute - of_late)
    return most


async def _people(
    connection: AsyncConnection, campaign: Campaign, at: datetime, most: int
) -> Sequence[RowMapping]:
    """Find who of a campaign may be called within its own bounds, or note that it is done."""
    most = await _room(connection, campaign, at, most)
    if most <= 0:
        return []
    asked = {"this": campaign.id, "now": at}
    rows = (await connection.execute(_PEOPLE, {**asked, "most": most})).mappings().all()
    if not rows and (await connection.execute(_UNENDED_OF_THIS, asked)).first() is None:
        await connection.execute(_FINISH, asked)
    return rows


def _apart(due: Sequence[RowMapping]) -> list[int]:
    """Leave of each number and each thing only the most pressing: nobody is rung about two things at once."""
    seen: set[str] = set()
    found = []
    for one in sorted(due, key=lambda row: (row["urgency"], row["due_at"], row["id"])):
        keys = {one["number"], one["about"]} - {""}
        if not keys & seen:
            seen |= keys
            found.append(one["id"])
    return found


def _job(row: RowMapping) -> Job:
    return Job(
        id=row["id"],
        source=row["source"],
        subject=row["subject"],
        about=row["about"],
        campaign_id=row["campaign_id"],
        number=row["number"],
        kind=Kind(row["kind"]),
        exempt=row["exempt"],
        state=JobState(row["state"]),
        due_at=row["due_at"],
        attempt=row["attempt"],
        claimed_at=row["claimed_at"],
        call_id=row["call_id"],
        result=Result(row["result"]) if row["result"] else None,
    )
