"""How far Asterisk's own event log (CEL) was read, kept in the transaction of what it led to."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Text, bindparam, exists, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import CallRecord, JourneyStep, Outcome, QueueTalk, Recording
from storage.calls.log import read_call, record_row
from storage.calls.rows import CallChange, CallWriter
from storage.core.database import Database, Into
from storage.tables import Moment, calls, cel_files, recordings, talks

MOST_AT_ONCE = 500
"""Calls asked for in one query: both databases bound the number of parameters."""

_THESE = select(calls).where(calls.c.id.in_(bindparam("call_ids", expanding=True)))
_OFFSET = select(cel_files.c.offset).where(cel_files.c.file == bindparam("name"))
_CALL, _DISPATCHER, _AT = (
    bindparam("call", type_=Text),
    bindparam("dispatcher", type_=BigInteger),
    bindparam("at", type_=Moment),
)
_OPEN = talks.c.ended_at.is_(None)
_BEGIN_TALK = insert(talks).from_select(
    ["call_id", "dispatcher_id", "started_at"],
    select(_CALL, _DISPATCHER, _AT).where(
        ~exists().where(
            talks.c.call_id == _CALL, talks.c.dispatcher_id == _DISPATCHER, talks.c.started_at == _AT
        )
    ),
)
_END_TALK = (
    update(talks)
    .where(talks.c.call_id == _CALL, talks.c.dispatcher_id == _DISPATCHER, _OPEN, talks.c.started_at <= _AT)
    .values(ended_at=_AT)
)
_END_TALKS = update(talks).where(talks.c.call_id == _CALL, _OPEN).values(ended_at=_AT)

_CORRECT = (
    update(calls)
    .where(calls.c.id == _CALL, calls.c.ended_at.is_not(None))
    .values(outcome=bindparam("how", type_=Text))
)


class CelCursor:
    """The cursor of each CEL file, in bytes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writer = CallWriter(database)
        self._keep_recording = _begun_anew(database.insert)
        self._move = _moving(database.insert)

    async def offset(self, file: str) -> int:
        """Bytes of the file that are dealt with; 0 for a file never seen."""
        async with self._database.reading() as connection:
            return (await connection.execute(_OFFSET, {"name": file})).scalar_one_or_none() or 0

    async def on_record(self, call_ids: Collection[str]) -> Mapping[str, CallRecord]:
        """Read the records of these calls in few queries: one for each call would cost as much as writing."""
        ids = list(call_ids)
        found: dict[str, CallRecord] = {}
        async with self._database.reading() as connection:
            for first in range(0, len(ids), MOST_AT_ONCE):
                part = {"call_ids": ids[first : first + MOST_AT_ONCE]}
                rows = (await connection.execute(_THESE, part)).mappings()
                found |= {row["id"]: read_call(row) for row in rows}
        return found

    async def apply(
        self,
        *,
        file: str,
        since: int,
        offset: int,
        calls: Sequence[CallRecord],
        steps: Sequence[JourneyStep],
        endings: Sequence[tuple[str, Outcome, datetime]],
        talks: Sequence[QueueTalk] = (),
        recordings: Sequence[Recording] = (),
        corrections: Sequence[tuple[str, Outcome]] = (),
    ) -> None:
        """Add missing calls and steps, fill in missing answers and ends, move the cursor.

        One transaction: after a crash everything up to `offset` was done, or nothing and it is done again.
        Existing records stay as they are, except outcomes in `corrections`. It does nothing when the cursor
        is no longer at `since`, where this reading began: the process that moved it has handled the rest.
        """
        known = [_known_of(call) for call in calls]
        ended = [CallChange(call_id=call_id, outcome=how, ended_at=at) for call_id, how, at in endings]
        move = {"file": file, "offset": offset, "since": since}
        async with self._database.writing() as connection:
            if (await connection.execute(self._move, move)).rowcount == 0:
                return
            await self._writer.write(connection, calls, steps, [*known, *ended])
            for talk in talks:
                await _keep_talk(connection, talk)
            for call_id, _how, at in endings:
                await connection.execute(_END_TALKS, {"call": call_id, "at": at})
            for recording in recordings:
                await connection.execute(self._keep_recording, record_row(recording))
            for call_id, outcome in sorted(corrections):
                await connection.execute(_CORRECT, {"call": call_id, "how": outcome.value})

    async def end_talks(self, call_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            await connection.execute(_END_TALKS, {"call": call_id, "at": at})


async def _keep_talk(connection: AsyncConnection, talk: QueueTalk) -> None:
    whose = {"call": talk.call_id, "dispatcher": talk.dispatcher_id}
    if talk.began_at is not None:
        await connection.execute(_BEGIN_TALK, whose | {"at": talk.began_at})
    if talk.ended_at is not None:
        await connection.execute(_END_TALK, whose | {"at": talk.ended_at})


def _known_of(call: CallRecord) -> CallChange:
    return CallChange(
        call_id=call.id,
        answered_at=call.answered_at,
        first_prompt_at=call.first_prompt_at,
        ended_at=call.ended_at,
        outcome=call.outcome,
    )


@cache
def _moving(into: Into) -> Any:
    statement = into(cel_files)
    return statement.on_conflict_do_update(
        index_elements=[cel_files.c.file],
        set_={"offset": statement.excluded.offset},
        where=cel_files.c.offset == bindparam("since", type_=BigInteger),
    )


@cache
def _begun_anew(into: Into) -> Any:
    """Store a recording; one that continues in a later talk is that talk's, and needs its copy made again."""
    statement = into(recordings)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[recordings.c.id],
        set_={
            "dispatcher_id": new.dispatcher_id,
            "started_at": new.started_at,
            "listening_file": None,
            "seconds": None,
        },
        where=recordings.c.started_at < new.started_at,
    )
