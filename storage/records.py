"""What the database says of the line at this moment, for the truths that must hold (`hotline.invariants`)."""

from datetime import datetime

from sqlalchemy import bindparam, exists, func, select

from hotline.calls import Step
from hotline.invariants import OnRecord, OpenTalk
from storage.database import Database
from storage.dispatchers import DISPATCHERS, dispatcher_of
from storage.line import read_place
from storage.line_queries import PLACES
from storage.tables import call_attempts, calls, journey_steps, recordings, talks

_OPEN_TALKS = select(
    talks.c.call_id,
    talks.c.dispatcher_id,
    exists()
    .where(recordings.c.call_id == talks.c.call_id, recordings.c.dispatcher_id == talks.c.dispatcher_id)
    .label("recorded"),
    exists().where(calls.c.id == talks.c.call_id, calls.c.recording_refused).label("refused"),
).where(talks.c.ended_at.is_(None))
_UNENDED = select(calls.c.id).where(calls.c.ended_at.is_(None))
_UNDER_WAY = select(call_attempts.c.call_id, call_attempts.c.number).where(call_attempts.c.ended_at.is_(None))

_ENDED_TWICE = (
    select(journey_steps.c.call_id)
    .join(calls, calls.c.id == journey_steps.c.call_id)
    .where(calls.c.arrived_at >= bindparam("since"), journey_steps.c.step == Step.ENDED.value)
    .group_by(journey_steps.c.call_id)
    .having(func.count() > 1)
)


class StoredRecords:
    """`hotline.invariants.Records` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def on_record(self, *, since: datetime | None = None) -> OnRecord:
        async with self._database.reading() as connection:
            places = [read_place(row) for row in await connection.execute(PLACES)]
            dispatchers = [dispatcher_of(row) for row in await connection.execute(DISPATCHERS)]
            open_talks = [
                OpenTalk(
                    call_id=row.call_id,
                    dispatcher_id=row.dispatcher_id,
                    recorded=row.recorded or row.refused,
                )
                for row in await connection.execute(_OPEN_TALKS)
            ]
            unended = frozenset((await connection.execute(_UNENDED)).scalars())
            attempts = {row.call_id: row.number for row in await connection.execute(_UNDER_WAY)}
            twice = await connection.execute(_ENDED_TWICE, {"since": since}) if since is not None else None
        return OnRecord(
            places=places,
            dispatchers=dispatchers,
            talks=open_talks,
            unended=unended,
            attempts=attempts,
            ended_twice=frozenset(twice.scalars() if twice is not None else ()),
        )
