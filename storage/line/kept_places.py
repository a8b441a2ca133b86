"""Places kept in the line for those who are called when it is their turn."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Outcome
from hotline.dialling.dialler import Kind
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import NewJob
from hotline.line.kept_places import KEPT_PLACE, again_in
from hotline.line.line import Priority, QueueEntry
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.core.database import Database
from storage.dialling.job_rows import in_state
from storage.dialling.owing import owe_calls, owe_no_more
from storage.line import queries
from storage.line.steps import entry_row, leaves, read_entry, set_entry, withdraw_offer
from storage.tables import Moment, call_jobs, calls, queue_entries

_KEPT = queries.ENTRY_LOCKED.where(queue_entries.c.callback_to.is_not(None), queries.IN_LINE)
_OF_NUMBER = select(queue_entries).where(queue_entries.c.callback_to == bindparam("number"), queries.IN_LINE)
_PROMISED = (
    select(func.count())
    .select_from(queue_entries)
    .where(
        queue_entries.c.callback_to == bindparam("number"),
        queue_entries.c.entered_at >= bindparam("since", type_=Moment),
    )
)
_DIALLED = (
    select(call_jobs.c.id)
    .where(
        call_jobs.c.source == KEPT_PLACE,
        call_jobs.c.about == bindparam("kept"),
        call_jobs.c.attempt == bindparam("of_attempt"),
        in_state(JobState.DIALLED, JobState.OVER),
    )
    .limit(1)
)
_MISSED = update(calls).where(calls.c.id == bindparam("call")).values(outcome=Outcome.ABANDONED_IN_LINE.value)


class StoredKeptPlaces:
    """`hotline.line.kept_places.KeptPlaces` on a database. Places are locked before dispatchers."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._add_entry = database.insert(queue_entries).on_conflict_do_nothing()

    async def keep(self, call_id: str, number: str, not_before: datetime) -> bool:
        async with self._database.writing() as connection:
            row = await entry_row(connection, call_id)
            if not QUEUE_ENTRY.allows(QueueEntryState(row.state), QueueEntryEvent.KEEP):
                return False
            kept = {"wanted_dispatcher_id": None, "callback_to": number, "offers": 0}
            await set_entry(connection, row, QueueEntryEvent.KEEP, not_before=not_before, **kept)
            if row.callback_to is None:
                await owe_calls(connection, [_call_to(number, call_id)], not_before)
            return True

    async def of(self, number: str) -> QueueEntry | None:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(_OF_NUMBER, {"number": number})).first()
        return None if row is None else read_entry(row)

    async def promised(self, number: str, since: datetime) -> int:
        async with self._database.reading() as connection:
            counted = await connection.execute(_PROMISED, {"number": number, "since": since})
            return int(counted.scalar_one())

    async def take_over(self, kept: str, call_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            if (row := await _kept(connection, kept)) is not None:
                await _leaves(connection, row, at)
                await self._stands(connection, row, call_id, priority=row.priority)

    async def reached(self, kept: str, call_id: str, at: datetime) -> bool:
        async with self._database.writing() as connection:
            if (row := await _kept(connection, kept)) is None:
                return False
            await _leaves(connection, row, at)
            await self._stands(
                connection,
                row,
                call_id,
                priority=int(Priority.RETURNING),
                anybody_from=None,
                wanted_dispatcher_id=row.dispatcher_id,
            )
            return True

    async def not_reached(self, kept: str, at: datetime, *, attempt: int) -> None:
        async with self._database.writing() as connection:
            row = await _being_called(connection, kept)
            if row is not None and row.offers == attempt:
                await _in_vain(connection, row, at)

    async def put_off(self, kept: str, until: datetime, at: datetime, *, attempt: int) -> None:
        async with self._database.writing() as connection:
            row = await _being_called(connection, kept)
            if row is not None and row.offers == attempt:
                await _waits_until(connection, row, until, at)

    async def cut_off(self, kept: str, until: datetime, at: datetime) -> None:
        async with self._database.writing() as connection:
            if (row := await _being_called(connection, kept)) is None:
                return
            asked = {"kept": kept, "of_attempt": row.offers}
            if (await connection.execute(_DIALLED, asked)).first() is not None:
                await _in_vain(connection, row, at)
            else:
                await _waits_until(connection, row, until, at)

    async def give_back(self, kept: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            if (row := await _kept(connection, kept)) is not None:
                await _leaves(connection, row, at)

    async def _stands(
        self, connection: AsyncConnection, row: Row[Any], call_id: str, **differs: object
    ) -> None:
        """Give the call the place that this row had."""
        entry = {
            "call_id": call_id,
            "entered_at": row.entered_at,
            "state": QueueEntryState.WAITING.value,
            "skill": row.skill,
            "anybody_from": row.anybody_from,
            "offers": 0,
        }
        await connection.execute(self._add_entry, entry | differs)


async def _kept(connection: AsyncConnection, call_id: str) -> Row[Any] | None:
    return (await connection.execute(_KEPT, {"call": call_id})).first()


async def _being_called(connection: AsyncConnection, call_id: str) -> Row[Any] | None:
    row = await _kept(connection, call_id)
    return row if row is not None and row.state == QueueEntryState.OFFERED.value else None


async def _in_vain(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    rung = row.rung + 1
    pause = again_in(rung)
    if pause is None:
        await _leaves(connection, row, at)
        await connection.execute(_MISSED, {"call": row.call_id})
    else:
        await _waits_until(connection, row, at + pause, at, rung=rung)


async def _waits_until(
    connection: AsyncConnection, row: Row[Any], until: datetime, at: datetime, **differs: object
) -> None:
    await withdraw_offer(connection, row, at)
    later = {"dispatcher_id": None, "not_before": until}
    await set_entry(connection, row, QueueEntryEvent.RETURN, **later | differs)


def _call_to(number: str, kept: str) -> NewJob:
    """Owe a call whose moment is the line's to say."""
    return NewJob(source=KEPT_PLACE, about=kept, number=number, kind=Kind.CALL_BACK)


async def _leaves(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    await owe_no_more(connection, KEPT_PLACE, row.call_id, at)
    await leaves(connection, row, at)
