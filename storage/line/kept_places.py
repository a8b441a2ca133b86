"""Places kept in the line for those who are called when it is their turn."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import Outcome
from hotline.dialling.dialler import Kind
from hotline.dialling.job_states import JobState
from hotline.dialling.jobs import NewJob
from hotline.dialling.nodes import node_of
from hotline.line.cut_off import RUNG_AT_ONCE, TRIED_FOR, CallBackNow, CutOff
from hotline.line.kept_places import KEPT_PLACE, again_in
from hotline.line.line import Priority, QueueEntry
from hotline.line.presence_states import Presence, PresenceEvent
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.core.database import Database
from storage.dialling.job_rows import in_state
from storage.dialling.owing import owe_calls, owe_no_more
from storage.line import queries
from storage.line.dispatchers import become, read_dispatcher
from storage.line.steps import (
    end_talk,
    entry_row,
    free,
    leaves,
    may_take,
    put_first,
    read_entry,
    set_entry,
    withdraw_offer,
)
from storage.tables import Moment, call_attempts, call_jobs, calls, queue_entries

_KEPT = queries.ENTRY_LOCKED.where(queue_entries.c.callback_to.is_not(None), queries.IN_LINE)
_OF_NUMBER = (
    select(queue_entries)
    .where(queue_entries.c.callback_to == bindparam("number"), queries.IN_LINE)
    .order_by(*queries.ORDER)
    .limit(1)
)
_PROMISED = (
    select(func.count())
    .select_from(queue_entries)
    .where(
        queue_entries.c.callback_to == bindparam("number"),
        queue_entries.c.entered_at >= bindparam("since", type_=Moment),
    )
)
_DIALLED = (
    select(
        select(func.count())
        .where(call_attempts.c.job_id == call_jobs.c.id)
        .correlate(call_jobs)
        .scalar_subquery()
    )
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
                wanted = None if row.cut_at is None else _dispatcher_of_talk(row)
                await self._stands(
                    connection, row, call_id, priority=row.priority, wanted_dispatcher_id=wanted
                )

    async def reached(self, kept: str, call_id: str, at: datetime) -> bool:
        async with self._database.writing() as connection:
            if (row := await _kept(connection, kept)) is None:
                return False
            await _leaves(connection, row, at)
            first = {"priority": int(Priority.RETURNING), "anybody_from": None}
            as_before = {"priority": row.priority}
            await self._stands(
                connection,
                row,
                call_id,
                **(first if row.cut_at is None else as_before),
                wanted_dispatcher_id=_dispatcher_of_talk(row),
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

    async def break_off(
        self, kept: str, until: datetime, at: datetime, *, rings_no_more: bool = False
    ) -> None:
        async with self._database.writing() as connection:
            if (row := await _being_called(connection, kept)) is None:
                return
            asked = {"kept": kept, "of_attempt": row.offers}
            times = (await connection.execute(_DIALLED, asked)).scalar()
            at_once = rings_no_more and _is_called_at_once(row)
            if times is None or (at_once and times < RUNG_AT_ONCE):
                await _waits_until(connection, row, until, at)
            else:
                await _in_vain(connection, row, at)

    async def cut_off(self, cut: CutOff, at: datetime) -> CallBackNow | None:
        async with self._database.writing() as connection:
            new = {
                "call_id": cut.call_id,
                "priority": int(Priority.ORDINARY),
                "entered_at": cut.arrived_at,
                "state": QueueEntryState.WAITING.value,
                "offers": 0,
            }
            await connection.execute(self._add_entry, new)
            row = await entry_row(connection, cut.call_id)
            if row.callback_to is not None and not (_is_called_at_once(row) and _is_ours(row, cut)):
                return None
            talked_with = row.dispatcher_id if row.state == QueueEntryState.TALKING.value else None
            await withdraw_offer(connection, row, at)
            await set_entry(
                connection,
                row,
                QueueEntryEvent.CUT_OFF,
                priority=put_first(row) if talked_with is not None else row.priority,
                wanted_dispatcher_id=talked_with or row.wanted_dispatcher_id,
                dispatcher_id=None,
                offers=row.offers + 1,
                left_at=None,
                callback_to=cut.number,
                not_before=at + TRIED_FOR,
                cut_at=at,
                node=cut.node or None,
            )
            anew = row.callback_to is not None
            if not anew:
                await owe_calls(connection, [_call_to(cut.number, cut.call_id, row.priority)], at)
            row = await entry_row(connection, cut.call_id)
            wanted = row.wanted_dispatcher_id
            held = wanted is not None and await _keep_free(
                connection, row, wanted, at, talked=talked_with is not None
            )
        return CallBackNow(
            call_id=row.call_id,
            number=row.callback_to,
            attempt=row.offers,
            priority=Priority(row.priority),
            entered_at=row.entered_at,
            dispatcher_id=wanted if held else None,
            anew=anew,
        )

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
    if row is None or row.state == QueueEntryState.OFFERED.value or _is_called_at_once(row):
        return row
    return None


def _is_called_at_once(row: Row[Any]) -> bool:
    """Tell whether a fault of ours ended their call, and the call to them at once has not been in vain."""
    return row.cut_at is not None and row.rung == 0 and row.state != QueueEntryState.LEFT.value


def _is_ours(row: Row[Any], cut: CutOff) -> bool:
    """Tell whether no other node has adopted a place that is kept."""
    own = node_of(cut.call_id)
    return (row.node or own) == (cut.node or own)


def _dispatcher_of_talk(row: Row[Any]) -> int | None:
    """Give the dispatcher who is kept free for them, or with whom they were to go on."""
    held: int | None = row.dispatcher_id
    wanted: int | None = row.wanted_dispatcher_id
    return held or wanted


async def _keep_free(
    connection: AsyncConnection, row: Row[Any], dispatcher_id: int, at: datetime, *, talked: bool
) -> bool:
    """Keep the dispatcher free for this place; `talked`: their talk is over by that.

    False: they wish for something else, or have another caller.
    """
    dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
    if talked:
        await end_talk(connection, row.call_id, dispatcher_id, at)
        if dispatcher.presence is Presence.TALKING and await free(connection, dispatcher, at):
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
    if dispatcher.presence is not Presence.READY or not await may_take(connection, dispatcher):
        return False
    await set_entry(connection, row, QueueEntryEvent.OFFER, dispatcher_id=dispatcher_id)
    await become(connection, dispatcher, PresenceEvent.PICK, at)
    return True


async def _in_vain(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    rung = row.rung + 1
    pause = again_in(rung, cut_off=row.cut_at is not None)
    if pause is None:
        await _leaves(connection, row, at)
        if row.cut_at is None:
            await connection.execute(_MISSED, {"call": row.call_id})
    else:
        # Whom they talked with waits for them no longer: anybody takes them.
        await _waits_until(connection, row, at + pause, at, rung=rung, wanted_dispatcher_id=None)


async def _waits_until(
    connection: AsyncConnection, row: Row[Any], until: datetime, at: datetime, **differs: object
) -> None:
    await withdraw_offer(connection, row, at)
    later = {"dispatcher_id": None, "not_before": until}
    waits = row.state == QueueEntryState.WAITING.value
    event = QueueEntryEvent.KEEP if waits else QueueEntryEvent.RETURN
    await set_entry(connection, row, event, **later | differs)


def _call_to(number: str, kept: str, priority: int = Priority.ORDINARY) -> NewJob:
    """Owe a call whose moment is the line's to say."""
    kind = Kind.EMERGENCY if priority == Priority.EMERGENCY else Kind.CALL_BACK
    return NewJob(source=KEPT_PLACE, about=kept, number=number, kind=kind)


async def _leaves(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    await owe_no_more(connection, KEPT_PLACE, row.call_id, at)
    await leaves(connection, row, at)
