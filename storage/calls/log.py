"""The call log: calls and journeys through the journal, recordings and messages at once."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import cache, partial
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import (
    HEARS_MENU,
    CallRecord,
    Direction,
    JourneyStep,
    Outcome,
    Recording,
    Step,
    VoiceMessage,
)
from storage.calls.journal import Journal
from storage.calls.rows import CallChange
from storage.core.database import Database, Into
from storage.core.rows import row_to
from storage.core.writes import Remembered
from storage.tables import calls, journey_steps, recordings, voice_messages

_ONE_CALL = select(calls).where(calls.c.id == bindparam("call_id"))
_RECENT = select(calls).order_by(calls.c.arrived_at.desc(), calls.c.id.desc()).limit(bindparam("most"))
_REFUSES = (
    select(calls.c.recording_refused)
    .where(calls.c.number == bindparam("number"), calls.c.ended_at.is_not(None))
    .order_by(calls.c.arrived_at.desc())
    .limit(1)
)
_LATE_CALLS = (
    select(calls.c.answered_at, calls.c.ended_at)
    .where(
        calls.c.number == bindparam("number"),
        calls.c.arrived_at >= bindparam("since"),
        calls.c.direction == Direction.INCOMING,
        calls.c.answered_at.is_not(None),
        calls.c.ended_at.is_not(None),
    )
    .order_by(calls.c.arrived_at.desc())
    .limit(5)
)
_UNENDED = select(calls).where(calls.c.ended_at.is_(None)).order_by(calls.c.arrived_at, calls.c.id)
_JOURNEY = (
    select(journey_steps)
    .where(journey_steps.c.call_id == bindparam("call_id"))
    .order_by(journey_steps.c.number)
)
_IN_TIME = (recordings.c.started_at, recordings.c.id)
_RECORDINGS = select(recordings).where(recordings.c.call_id == bindparam("call_id")).order_by(*_IN_TIME)
_UNFINISHED = select(recordings).where(recordings.c.listening_file.is_(None)).order_by(*_IN_TIME)
_MESSAGES = select(voice_messages).order_by(voice_messages.c.began_at.desc(), voice_messages.c.id.desc())

_NO_END = delete(journey_steps).where(
    journey_steps.c.call_id == bindparam("call"), journey_steps.c.step == Step.ENDED.value
)
_GOES_ON = (
    update(calls)
    .where(calls.c.id == bindparam("call"), calls.c.outcome == Outcome.LOST.value)
    .values(ended_at=None, outcome=None)
)

_UNFINISHED_MESSAGES = (
    select(voice_messages)
    .where(voice_messages.c.seconds.is_(None))
    .order_by(voice_messages.c.began_at, voice_messages.c.id)
)
_NO_MESSAGE = delete(voice_messages).where(
    voice_messages.c.id == bindparam("message"),
    voice_messages.c.seconds.is_(None),  # what was found to have a length may be encrypted by now
)


class StoredCallLog:
    """`hotline.calls.call.CallLog` on a database. Reads see flushed entries."""

    def __init__(self, database: Database, journal: Journal) -> None:
        self._database = database
        self._journal = journal
        self._keep_recording = _replacing(database.insert, recordings)
        self._keep_message = _replacing(database.insert, voice_messages)
        # Looked for every few seconds, of which in most nobody calls.
        self._unended = Remembered(database.writes, partial(self._rows, _UNENDED))
        self._unfinished = Remembered(database.writes, partial(self._rows, _UNFINISHED))
        self._unfinished_messages = Remembered(database.writes, partial(self._rows, _UNFINISHED_MESSAGES))

    @property
    def behind(self) -> bool:
        """Whether calls and journeys wait for a database that cannot be written; none is lost yet."""
        return self._journal.behind

    @property
    def spills(self) -> bool:
        """Whether the database is so far behind that a part lies in the spill."""
        return self._journal.spills

    async def open(self, call: CallRecord) -> None:
        self._journal.put(call)

    async def note(self, step: JourneyStep) -> None:
        self._journal.put(step)

    async def heard_first(self, call_id: str, at: datetime) -> None:
        self._journal.put(CallChange(call_id=call_id, first_prompt_at=at))

    async def close(self, call_id: str, outcome: Outcome, at: datetime) -> None:
        self._journal.put(CallChange(call_id=call_id, ended_at=at, outcome=outcome))

    async def flush(self) -> None:
        await self._journal.flush()

    async def went_on(self, call_id: str) -> None:
        await self.flush()  # an end that is about to be written would come after it was taken back
        async with self._database.writing() as connection:
            if (await connection.execute(_GOES_ON, {"call": call_id})).rowcount:
                await connection.execute(_NO_END, {"call": call_id})
        self._journal.take_back_end(call_id)

    async def find(self, call_id: str) -> CallRecord | None:
        rows = await self._rows(_ONE_CALL, call_id=call_id)
        return read_call(rows[0]) if rows else None

    async def refuses_recording(self, number: str) -> bool:
        rows = await self._rows(_REFUSES, number=number)
        return bool(rows and rows[0]["recording_refused"])

    async def heard_menu(self, number: str, since: datetime) -> bool:
        rows = await self._rows(_LATE_CALLS, number=number, since=since)
        return any(row["ended_at"] - row["answered_at"] >= HEARS_MENU for row in rows)

    async def journey(self, call_id: str) -> Sequence[JourneyStep]:
        """Read the steps; those that this process has not written yet are among them."""
        return await self._steps(self._database.reading(), call_id)

    async def so_far(self, call_id: str) -> Sequence[JourneyStep]:
        at_hand = self._journal.whole(call_id)  # a caller is about to be shown
        return at_hand if at_hand is not None else await self._steps(self._database.read_inline(), call_id)

    async def _steps(
        self, connecting: AbstractAsyncContextManager[AsyncConnection], call_id: str
    ) -> Sequence[JourneyStep]:
        steps = {step.number: step for step in self._journal.steps_of(call_id)}  # before they are committed
        async with connecting as connection:
            for row in (await connection.execute(_JOURNEY, {"call_id": call_id})).mappings():
                steps[row["number"]] = row_to(JourneyStep, row)
        return [steps[number] for number in sorted(steps)]

    async def recent(self, limit: int = 50) -> Sequence[CallRecord]:
        return [read_call(row) for row in await self._rows(_RECENT, most=limit)]

    async def unended(self) -> Sequence[CallRecord]:
        return [read_call(row) for row in await self._unended.get()]

    async def keep_recording(self, recording: Recording) -> None:
        await self._write(self._keep_recording, record_row(recording))

    async def recordings(self, call_id: str) -> Sequence[Recording]:
        return [Recording(**row) for row in await self._rows(_RECORDINGS, call_id=call_id)]

    async def unfinished_recordings(self) -> Sequence[Recording]:
        return [Recording(**row) for row in await self._unfinished.get()]

    async def keep_message(self, message: VoiceMessage) -> None:
        if message.seconds == 0:
            await self._write(_NO_MESSAGE, {"message": message.id})
        else:
            await self._write(self._keep_message, record_row(message))

    async def messages(self) -> Sequence[VoiceMessage]:
        return [VoiceMessage(**row) for row in await self._rows(_MESSAGES)]

    async def unfinished_messages(self) -> Sequence[VoiceMessage]:
        return [VoiceMessage(**row) for row in await self._unfinished_messages.get()]

    async def _rows(self, query: Select[Any], **values: object) -> Sequence[RowMapping]:
        async with self._database.reading() as connection:
            rows: Sequence[RowMapping] = (await connection.execute(query, values)).mappings().all()
        return rows

    async def _write(self, statement: Any, values: dict[str, Any]) -> None:
        async with self._database.writing() as connection:
            await connection.execute(statement, values)


@cache
def _replacing(into: Into, table: Any) -> Any:
    statement = into(table)
    replaced = {column.name: statement.excluded[column.name] for column in table.c if not column.primary_key}
    return statement.on_conflict_do_update(index_elements=[table.c.id], set_=replaced)


def record_row(record: Recording | VoiceMessage) -> dict[str, Any]:
    return {name: getattr(record, name) for name in record.__slots__}


def read_call(row: RowMapping) -> CallRecord:
    return row_to(CallRecord, row)
