"""Talks with what their signs are seen by, and what is on record of one."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from attrs import define
from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, literal_column, or_, select

from hotline.appeals.acts.keeping import Amend
from hotline.appeals.appeal import AppealState
from hotline.calls.call import Direction, Step, is_trial
from hotline.calls.holds import WAITING, asked_seconds, held_seconds
from hotline.city.classifier import Urgency
from hotline.line.line import Priority
from hotline.quality.machine_facts import TalkStory
from hotline.quality.signs import TalkFacts
from storage.core.database import Database
from storage.core.rows import row_to
from storage.tables import (
    Moment,
    appeal_history,
    appeals,
    calls,
    consultations,
    journey_steps,
    queue_entries,
    recording_figures,
    recordings,
    surveys,
    trial_calls,
)

ROWS_AT_ONCE = 500
"""Made into talks between two turns of the loop: some milliseconds."""

# `+ ""`: SQLite looks along the number and the call, and not through all incoming calls or all emergencies.
_EARLIER = calls.alias("earlier")
_CALLED_BEFORE = (
    select(func.max(_EARLIER.c.arrived_at))
    .where(
        _EARLIER.c.number == calls.c.number,
        _EARLIER.c.arrived_at < calls.c.arrived_at,
        _EARLIER.c.direction + "" == Direction.INCOMING.value,
        calls.c.direction == Direction.INCOMING.value,
    )
    .correlate(calls)
    .scalar_subquery()
)
_OF_CALL = appeals.c.call_id == recordings.c.call_id


def _is_there(*where: ColumnElement[bool]) -> ColumnElement[bool]:
    """Look a row up for each talk. For an EXISTS PostgreSQL reads whole tables at once: all years of them."""
    one = select(literal_column("1", Integer)).where(*where).limit(1)
    return one.correlate(recordings).scalar_subquery().is_not(None)


_DISPUTED = _is_there(
    _OF_CALL,
    appeal_history.c.number == appeals.c.number,
    appeal_history.c.state_after == AppealState.DISPUTED.value,
)
_RATING = (
    select(func.min(surveys.c.rating))
    .where(_OF_CALL, surveys.c.appeal == appeals.c.number)
    .correlate(recordings)
    .scalar_subquery()
)
_EMERGENCY = or_(
    _is_there(_OF_CALL, appeals.c.urgency + "" == Urgency.EMERGENCY.value),
    _is_there(
        queue_entries.c.call_id == recordings.c.call_id,
        queue_entries.c.priority == Priority.EMERGENCY.value,
    ),
)
_TALKS = (
    select(
        recordings.c.id.label("recording_id"),
        recordings.c.call_id,
        recordings.c.dispatcher_id,
        recordings.c.started_at,
        recordings.c.seconds,
        _CALLED_BEFORE.label("called_before"),
        _EMERGENCY.label("emergency"),
        _RATING.label("rating"),
        _DISPUTED.label("disputed"),
        recording_figures.c.longest_silence.label("silence"),
        recording_figures.c.talk_over_seconds.label("talk_over"),
    )
    .select_from(
        recordings.outerjoin(calls, calls.c.id == recordings.c.call_id).outerjoin(
            recording_figures, recording_figures.c.recording_id == recordings.c.id
        )
    )
    .where(
        recordings.c.dispatcher_id.is_not(None),
        recordings.c.seconds.is_not(None),
        func.coalesce(recordings.c.listening_file, "") != "",
        recordings.c.started_at >= bindparam("since", type_=Moment),
        recordings.c.started_at < bindparam("until", type_=Moment),
    )
    .order_by(recordings.c.started_at, recordings.c.id)
)
_SPOKEN_OF = _TALKS.where(or_(_DISPUTED, _RATING.is_not(None)))
_CALL = select(calls.c.joined_at, calls.c.talked_at).where(calls.c.id == bindparam("call"))
_APPEALS = (
    select(appeals.c.number, appeals.c.address, appeals.c.state)
    .where(appeals.c.call_id == bindparam("call"))
    .order_by(appeals.c.registered_at)
)
_AMENDED = select(appeal_history.c.facts).where(
    appeal_history.c.act == Amend.name,
    appeal_history.c.number.in_(select(appeals.c.number).where(appeals.c.call_id == bindparam("call"))),
)
_CONSULTED = select(consultations.c.id).where(consultations.c.call_id == bindparam("call")).limit(1)
_WAITED = (
    select(journey_steps.c.at, journey_steps.c.step)
    .where(
        journey_steps.c.call_id == bindparam("call"),
        journey_steps.c.step.in_(sorted(WAITING)),
    )
    .order_by(journey_steps.c.at, journey_steps.c.number)
)
_TRIED = select(trial_calls.c.entered).where(trial_calls.c.call_id == bindparam("call"))
_OTHER_CHOICE = frozenset({"category", "urgency"})


@define(eq=False, repr=False)
class StoredTalks:
    """Reads talks from recordings, calls, appeals and surveys."""

    _database: Database

    async def talks(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        return await self._read(_TALKS, since, until)

    async def spoken_of(self, since: datetime, until: datetime) -> Sequence[TalkFacts]:
        return await self._read(_SPOKEN_OF, since, until)

    async def story(self, call_id: str) -> TalkStory:
        """Read what is on record of a call and of what came of it."""
        named = {"call": call_id}
        async with self._database.reading() as connection:
            call = (await connection.execute(_CALL, named)).first()
            found = (await connection.execute(_APPEALS, named)).all()
            amended = (await connection.execute(_AMENDED, named)).scalars().all()
            consulted = (await connection.execute(_CONSULTED, named)).first()
            rows = (await connection.execute(_WAITED, named)).all()
            tried = (await connection.execute(_TRIED, named)).first() if is_trial(call_id) else None
        practised = tried is not None and tried.entered is not None
        steps = [(row.at, Step(row.step)) for row in rows]
        waited = call is not None and call.joined_at is not None and call.talked_at is not None
        return TalkStory(
            wait_seconds=(call.talked_at - call.joined_at).total_seconds() if call and waited else None,
            held_seconds=held_seconds(steps),
            asked_seconds=asked_seconds(steps),
            registered=bool(found) or consulted is not None or practised,
            appeals=[one.number for one in found],
            address=next((one.address for one in found if one.address), ""),
            corrected=any(_OTHER_CHOICE & facts.keys() for facts in amended) if found else None,
            confirmed=_confirmed({AppealState(one.state) for one in found}),
        )

    async def _read(self, asked: Select[Any], since: datetime, until: datetime) -> Sequence[TalkFacts]:
        async with self._database.reading() as connection:
            rows = (await connection.execute(asked, {"since": since, "until": until})).mappings().all()
        found = []
        for at, row in enumerate(rows):
            if not at % ROWS_AT_ONCE:
                await asyncio.sleep(0)  # calls go on meanwhile
            found.append(row_to(TalkFacts, row))
        return found


def _confirmed(states: set[AppealState]) -> bool | None:
    if AppealState.DISPUTED in states:
        return False
    return True if states == {AppealState.CLOSED} else None
