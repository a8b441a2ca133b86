"""The queue of talks to be assessed: filled by the sampler, each talk once."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import define
from sqlalchemy import bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.quality.assessment_states import AssessmentState
from hotline.quality.sampling import Picked
from hotline.quality.signs import Sign, TalkFacts, in_rank, rank
from storage.core.database import Database
from storage.quality.talks import StoredTalks
from storage.tables import Moment, assessments, quality_weeks

_DRAWN = select(quality_weeks.c.monday).where(quality_weeks.c.monday == bindparam("week"))
_QUEUED = select(assessments.c.recording_id, assessments.c.signs).where(
    assessments.c.recording_id.is_not(None),
    assessments.c.talk_at >= bindparam("since", type_=Moment),
    assessments.c.talk_at < bindparam("until", type_=Moment),
)
_WAITING = select(assessments.c.signs).where(
    assessments.c.recording_id == bindparam("recording"),
    assessments.c.state == AssessmentState.TO_ASSESS.value,
)
_MORE_SIGNS = update(assessments).where(
    assessments.c.recording_id == bindparam("recording"),
    assessments.c.state == AssessmentState.TO_ASSESS.value,
)


@define(eq=False, repr=False)
class StoredQualityQueue:
    """`hotline.quality.sampling.QualityQueue` on a database."""

    _database: Database
    _talks: StoredTalks

    async def talks(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        return await self._talks.talks(since, until)

    async def spoken_of(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        return await self._talks.spoken_of(since, until)

    async def drawn(self, week: date) -> bool:
        async with self._database.reading() as connection:
            return (await connection.execute(_DRAWN, {"week": week})).first() is not None

    async def draw(self, week: date, seed: str, picked: Sequence[Picked], at: datetime) -> bool:
        first = (
            self._database.insert(quality_weeks)
            .values(monday=week, seed=seed, drawn_at=at)
            .on_conflict_do_nothing()
            .returning(quality_weeks.c.monday)
        )
        async with self._database.writing() as connection:
            if (await connection.execute(first)).first() is None:
                return False
            for one in picked:
                await self._take_in(connection, one, at)
        return True

    async def queued(self, since: datetime, until: datetime) -> Mapping[str, frozenset[Sign]]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(_QUEUED, {"since": since, "until": until})).all()
        return {row.recording_id: frozenset(map(Sign, row.signs)) for row in rows}

    async def add(self, picked: Sequence[Picked], at: datetime) -> None:
        async with self._database.writing() as connection:
            for one in picked:
                await self._take_in(connection, one, at)

    async def _take_in(self, connection: AsyncConnection, one: Picked, at: datetime) -> None:
        new = self._database.insert(assessments).values(_new(one, at)).on_conflict_do_nothing()
        if (await connection.execute(new.returning(assessments.c.id))).first() is None:
            await _add_signs(connection, one)


def _new(one: Picked, at: datetime) -> dict[str, Any]:
    talk = one.talk
    return {
        "recording_id": talk.recording_id,
        "call_id": talk.call_id,
        "dispatcher_id": talk.dispatcher_id,
        "talk_at": talk.started_at,
        "seconds": talk.seconds,
        "state": AssessmentState.TO_ASSESS.value,
        "queued_at": at,
        "answers": {},
        "unconfirmed": [],
        **dict.fromkeys(("conclusion", "dispute", "decision"), ""),
        **_signs(one.signs),
    }


async def _add_signs(connection: AsyncConnection, one: Picked) -> None:
    """Add the new signs to those of a talk that still waits; one that was assessed stays as it was."""
    asked = {"recording": one.talk.recording_id}
    before = (await connection.execute(_WAITING.with_for_update(), asked)).first()
    if before is not None:
        signs = frozenset(map(Sign, before.signs)) | one.signs
        await connection.execute(_MORE_SIGNS.values(_signs(signs)), asked)


def _signs(signs: frozenset[Sign]) -> dict[str, Any]:
    return {"signs": [sign.value for sign in in_rank(signs)], "rank": rank(signs)[0]}
