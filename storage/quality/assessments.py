"""Assessments: the queue page by page, claims, drafts, scores, disputes; acts with their lines of history."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    bindparam,
    case,
    cast,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.errors import ForbiddenTransition, NotFound
from hotline.quality.assessment_states import ASSESSMENT, AssessmentEvent, AssessmentState
from hotline.quality.assessments import (
    CLAIM_LASTS,
    Assessment,
    AssessmentAct,
    AssessmentFilter,
    ClaimedByAnother,
    Comment,
    NewComment,
)
from hotline.quality.scoring import Answers, Score
from hotline.quality.signs import Sign, rank
from hotline.quality.trend import TalkScore
from storage.core.database import Database
from storage.core.rows import row_to
from storage.core.transitions import moving
from storage.tables import Moment, assessment_acts, assessment_comments
from storage.tables import assessments as table

_TO_ASSESS = table.c.state == AssessmentState.TO_ASSESS.value
_ONE = select(table).where(table.c.id == bindparam("this"))
_COMMENTS = (
    select(assessment_comments)
    .where(assessment_comments.c.assessment_id == bindparam("this"))
    .order_by(assessment_comments.c.moment.is_(None), assessment_comments.c.moment, assessment_comments.c.id)
)
_HISTORY = (
    select(assessment_acts)
    .where(assessment_acts.c.assessment_id == bindparam("this"))
    .order_by(assessment_acts.c.id)
)
_SCORES = (
    select(table.c.dispatcher_id, table.c.talk_at, table.c.percent, table.c.passed)
    .where(
        table.c.percent.is_not(None),
        table.c.rank != rank({Sign.TRIAL})[0],
        table.c.talk_at >= bindparam("since", type_=Moment),
        table.c.talk_at < bindparam("until", type_=Moment),
    )
    .order_by(table.c.talk_at, table.c.id)
)
_UNCLAIMED = {"claimed_by": None, "claimed_until": None}


@define(eq=False, repr=False)
class StoredAssessments:
    """`hotline.quality.assessments.Assessments` on a database."""

    _database: Database

    async def find(self, wanted: AssessmentFilter, *, limit: int, skip: int = 0) -> Sequence[Assessment]:
        waits = case((_TO_ASSESS, table.c.rank))
        order = (_TO_ASSESS.desc(), waits, table.c.talk_at.desc(), table.c.id.desc())
        asked = _filtered(select(table), wanted).order_by(*order).limit(limit).offset(skip)
        async with self._database.reading() as connection:
            return [row_to(Assessment, row) for row in (await connection.execute(asked)).mappings()]

    async def count(self, wanted: AssessmentFilter, most: int) -> int:
        some = _filtered(select(table.c.id), wanted).limit(most).subquery()
        async with self._database.reading() as connection:
            return (await connection.execute(select(func.count()).select_from(some))).scalar_one()

    async def get(self, assessment_id: int) -> Assessment:
        async with self._database.reading() as connection:
            return await _read(connection, assessment_id)

    async def claim(
        self, assessment_id: int, user_id: int, at: datetime, *, form_version: int, proposed: Answers
    ) -> Assessment:
        first = {"form_version": form_version, "answers": dict(proposed), "unconfirmed": list(proposed)}
        act = AssessmentAct(at=at, event=AssessmentEvent.CLAIM, user_id=user_id)
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, act, **(first if before.form_version is None else {}))
            if before.claimed_by != user_id:
                await _note(connection, assessment_id, act)
            return await _read(connection, assessment_id)

    async def release(self, assessment_id: int, user_id: int) -> None:
        own = update(table).where(table.c.id == assessment_id, table.c.claimed_by == user_id, _TO_ASSESS)
        async with self._database.writing() as connection:
            await connection.execute(own.values(_UNCLAIMED))

    async def save(
        self,
        assessment_id: int,
        user_id: int,
        at: datetime,
        *,
        answers: Answers,
        unconfirmed: Sequence[str],
        conclusion: str,
    ) -> Assessment:
        values = {"answers": dict(answers), "unconfirmed": list(unconfirmed), "conclusion": conclusion}
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, _saving(user_id, at), **values)
            return await _read(connection, assessment_id)

    async def finish(self, assessment_id: int, user_id: int, at: datetime, score: Score) -> None:
        values: dict[str, Any] = {
            "percent": score.percent,
            "passed": score.passed,
            "unconfirmed": [],
            "assessed_by": user_id,
            "assessed_at": at,
            **_UNCLAIMED,
        }
        act = AssessmentAct(at=at, event=AssessmentEvent.FINISH, user_id=user_id, percent=score.percent)
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, act, **values)
            await _note(connection, assessment_id, act)

    async def skip(self, assessment_id: int, user_id: int, at: datetime, reason: str) -> None:
        act = AssessmentAct(at=at, event=AssessmentEvent.SKIP, user_id=user_id)
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, act, conclusion=reason, **_UNCLAIMED)
            await _note(connection, assessment_id, act)

    async def comments(self, assessment_id: int) -> Sequence[Comment]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_COMMENTS, {"this": assessment_id})).mappings().all()
        return [row_to(Comment, row) for row in rows]

    async def add_comment(self, assessment_id: int, user_id: int, at: datetime, comment: NewComment) -> None:
        new = {"assessment_id": assessment_id, "user_id": user_id, "at": at, **asdict(comment)}
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, _saving(user_id, at))
            await connection.execute(insert(assessment_comments).values(new | {"call_id": before.call_id}))

    async def remove_comment(self, assessment_id: int, comment_id: int, user_id: int, at: datetime) -> None:
        this = assessment_comments.c.id == comment_id, assessment_comments.c.assessment_id == assessment_id
        async with self._database.writing() as connection:
            before = await _read(connection, assessment_id)
            await _work(connection, before, _saving(user_id, at))
            await connection.execute(delete(assessment_comments).where(*this))

    async def read(self, assessment_id: int, user_id: int, at: datetime) -> None:
        act = AssessmentAct(at=at, event=AssessmentEvent.READ, user_id=user_id)
        async with self._database.writing() as connection:
            await _move(connection, assessment_id, act, read_at=at)

    async def dispute(self, assessment_id: int, user_id: int, at: datetime, reason: str) -> None:
        act = AssessmentAct(at=at, event=AssessmentEvent.DISPUTE, user_id=user_id)
        async with self._database.writing() as connection:
            await _move(connection, assessment_id, act, dispute=reason, disputed_at=at, read_at=at)

    async def decide(
        self,
        assessment_id: int,
        user_id: int,
        at: datetime,
        *,
        reason: str,
        answers: Answers,
        score: Score,
    ) -> None:
        values: dict[str, Any] = {
            "decision": reason,
            "decided_by": user_id,
            "decided_at": at,
            "read_at": None,
            "answers": dict(answers),
            "percent": score.percent,
            "passed": score.passed,
            "first_percent": case((table.c.percent != score.percent, table.c.percent)),
        }
        act = AssessmentAct(at=at, event=AssessmentEvent.DECIDE, user_id=user_id, percent=score.percent)
        async with self._database.writing() as connection:
            await _move(connection, assessment_id, act, **values)

    async def history(self, assessment_id: int) -> Sequence[AssessmentAct]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_HISTORY, {"this": assessment_id})).mappings().all()
        return [row_to(AssessmentAct, row) for row in rows]

    async def scores(self, since: datetime, until: datetime) -> Sequence[TalkScore]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_SCORES, {"since": since, "until": until})).mappings().all()
        return [row_to(TalkScore, row) for row in rows]


def _filtered(asked: Select[Any], wanted: AssessmentFilter) -> Select[Any]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.states:
        conditions.append(table.c.state.in_(sorted(one.value for one in wanted.states)))
    if wanted.dispatcher_id is not None:
        conditions.append(table.c.dispatcher_id == wanted.dispatcher_id)
    if wanted.sign is not None:
        conditions.append(cast(table.c.signs, Text).contains(f'"{wanted.sign.value}"'))
    if wanted.since is not None:
        conditions.append(table.c.talk_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(table.c.talk_at < wanted.until)
    if wanted.claimed_by is not None:
        conditions.append(table.c.claimed_by == wanted.claimed_by)
    if wanted.unread:
        conditions.append(table.c.read_at.is_(None))
    return asked.where(*conditions)


async def _read(connection: AsyncConnection, assessment_id: int) -> Assessment:
    row = (await connection.execute(_ONE, {"this": assessment_id})).mappings().first()
    if row is None:
        raise NotFound(f"There is no assessment {assessment_id}.")
    return row_to(Assessment, row)


def _saving(user_id: int, at: datetime) -> AssessmentAct:
    """Make the act that has no line of history: a draft is saved every few seconds."""
    return AssessmentAct(at=at, event=AssessmentEvent.SAVE, user_id=user_id)


async def _work(connection: AsyncConnection, before: Assessment, act: AssessmentAct, **values: Any) -> None:
    """Change an assessment by its assessor; their claim begins anew unless `values` end it.

    The statement itself asks whether it is free: of two at once the database lets one through.
    """
    ASSESSMENT.after(before.state, act.event)
    mine = table.c.claimed_by == act.user_id
    free = or_(table.c.claimed_by.is_(None), mine, table.c.claimed_until <= act.at)
    claim = {"claimed_by": act.user_id, "claimed_until": act.at + CLAIM_LASTS}
    change = moving(table, ASSESSMENT, act.event, **claim | values).where(table.c.id == before.id, free)
    if (await connection.execute(change)).rowcount == 0:
        raise ClaimedByAnother(f"Assessment {before.id} is claimed by another user than {act.user_id}.")


async def _move(connection: AsyncConnection, assessment_id: int, act: AssessmentAct, **values: Any) -> None:
    before = await _read(connection, assessment_id)
    ASSESSMENT.after(before.state, act.event)
    change = moving(table, ASSESSMENT, act.event, **values).where(table.c.id == assessment_id)
    if (await connection.execute(change)).rowcount == 0:
        raise ForbiddenTransition(f"Assessment {assessment_id} was changed meanwhile.")
    await _note(connection, assessment_id, act)


async def _note(connection: AsyncConnection, assessment_id: int, act: AssessmentAct) -> None:
    line = asdict(act) | {"assessment_id": assessment_id, "event": act.event.value}
    await connection.execute(insert(assessment_acts).values(line))
