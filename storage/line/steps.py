"""Steps of which the acts of the line are made: each changes rows that the act has locked."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.line.line import Dispatcher, Priority, QueueEntry
from hotline.line.presence_states import (
    FROM_PAUSE,
    PRESENCE,
    Presence,
    PresenceEvent,
    Wish,
    end_of,
    goes_back_to,
)
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.line import queries
from storage.line.dispatchers import become, engaged, read_dispatcher
from storage.tables import queue_entries, talks

NOT_ANSWERING = "not-answering"
_SET_ENTRY = update(queue_entries).where(queue_entries.c.call_id == bindparam("call"))
_START_TALK = insert(talks)
_END_TALK = (
    update(talks)
    .where(
        talks.c.call_id == bindparam("call"),
        talks.c.dispatcher_id == bindparam("dispatcher"),
        talks.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("at"))
)
_OPEN_TALK = select(
    exists().where(
        talks.c.call_id == bindparam("call"),
        talks.c.dispatcher_id == bindparam("dispatcher"),
        talks.c.ended_at.is_(None),
    )
)
_TALK_GOES_ON = (
    update(talks)
    .where(
        talks.c.id
        == select(func.max(talks.c.id))
        .where(talks.c.call_id == bindparam("call"), talks.c.dispatcher_id == bindparam("dispatcher"))
        .scalar_subquery()
    )
    .values(ended_at=None)
)

_STANDS_ELSEWHERE = select(
    exists().where(
        queue_entries.c.entered_at == bindparam("entered"),
        queue_entries.c.call_id != bindparam("call"),
        queries.IN_LINE,
    )
)
"""A call that took a kept place over stands in it since the same moment."""


async def entry_row(connection: AsyncConnection, call_id: str) -> Row[Any]:
    return (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).one()


async def set_entry(
    connection: AsyncConnection, row: Row[Any], event: QueueEntryEvent, **values: Any
) -> None:
    """Change a locked queue entry, by the row as it is, and what is given beside its state.

    Raises ForbiddenTransition.
    """
    state = QUEUE_ENTRY.after(QueueEntryState(row.state), event)
    await connection.execute(_SET_ENTRY.values(state=state.value, **values), {"call": row.call_id})


async def becomes_urgent(connection: AsyncConnection, call_id: str) -> None:
    """Make a locked queue entry that of an emergency, whose dispatcher is rung for it already."""
    urgent = {"priority": int(Priority.EMERGENCY), "anybody_from": None}
    await connection.execute(_SET_ENTRY.values(**urgent), {"call": call_id})


async def leaves(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    """Take a locked queue entry out of the line; an offer under way frees its dispatcher."""
    await withdraw_offer(connection, row, at)
    await set_entry(connection, row, QueueEntryEvent.LEAVE, left_at=at)


async def offered_row(
    connection: AsyncConnection, call_id: str, dispatcher_id: int, attempt: int | None
) -> Row[Any] | None:
    """Lock the queue entry offered to this dispatcher, by this attempt; None when the offer has ended."""
    row = (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).first()
    return row if _is_with(row, QueueEntryState.OFFERED, dispatcher_id, attempt) else None


async def talks_with(
    connection: AsyncConnection, call_id: str, dispatcher_id: int, attempt: int | None
) -> bool:
    """Tell whether the place is that of a talk with this dispatcher already, who was offered it so."""
    row = (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).first()
    return _is_with(row, QueueEntryState.TALKING, dispatcher_id, attempt)


def _is_with(row: Row[Any] | None, state: QueueEntryState, dispatcher_id: int, attempt: int | None) -> bool:
    if row is None or row.state != state.value or row.dispatcher_id != dispatcher_id:
        return False
    return attempt is None or row.offers == attempt


async def stands_elsewhere(connection: AsyncConnection, row: Row[Any]) -> bool:
    """Tell whether a caller who was cut off has come back, or was reached, by another call."""
    if row.state != QueueEntryState.LEFT.value or row.cut_at is None:
        return False
    asked = {"entered": row.entered_at, "call": row.call_id}
    return bool((await connection.execute(_STANDS_ELSEWHERE, asked)).scalar())


async def withdraw_offer(connection: AsyncConnection, row: Row[Any], at: datetime) -> None:
    if row.state != QueueEntryState.OFFERED.value:
        return
    dispatcher = await read_dispatcher(connection, row.dispatcher_id, lock=True)
    if dispatcher.presence is Presence.OFFERED:
        await free(connection, dispatcher, at, but=row.call_id)


async def free(
    connection: AsyncConnection,
    dispatcher: Dispatcher,
    at: datetime,
    *,
    wrap_up: timedelta = timedelta(0),
    but: str = "",
) -> bool:
    """Give a locked dispatcher the presence they wished for, else AFTER_CALL for `wrap_up`, else READY.

    False when an entry other than the call `but` keeps them engaged.
    """
    if await engaged(connection, dispatcher.id, but=but):
        return False
    wish = wish_of(dispatcher)
    event = end_of(dispatcher.presence, wish, wrap_up)
    until = at + wrap_up if event in {PresenceEvent.WRAP_UP, PresenceEvent.BUSY} else None
    await become(connection, dispatcher, event, at, reason=wish.reason if wish else "", wrap_up_until=until)
    return True


async def count_miss(
    connection: AsyncConnection,
    dispatcher_id: int,
    at: datetime,
    pause_after: int | None,
    wrap_up: timedelta,
) -> None:
    dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
    if dispatcher.presence is not Presence.OFFERED:
        return
    on_pause = dispatcher.reason.startswith(FROM_PAUSE)  # whatever the cause, they are not rung once more
    counts = (pause_after is not None or on_pause) and dispatcher.wish is None
    counted = replace(dispatcher, misses=dispatcher.misses + counts)
    if counts and not on_pause and pause_after is not None and counted.misses >= pause_after:
        counted = replace(counted, wish=Wish(presence=Presence.PAUSED, reason=NOT_ANSWERING))
    await free(connection, counted, at, wrap_up=wrap_up)


async def take_offers_back(connection: AsyncConnection, dispatcher_id: int) -> bool:
    """Put a caller who is offered to the dispatcher back into the line; False when there is none."""
    rows = (await connection.execute(queries.OFFERED_TO, {"dispatcher": dispatcher_id})).all()
    for row in rows:
        await back_to_the_head(connection, row)
    return bool(rows)


def put_first(row: Row[Any]) -> int:
    """Give the priority of who waits before all others; who waits behind all of them still does."""
    return int(row.priority if row.priority == Priority.SLOWER else max(Priority.RETURNING, row.priority))


async def back_to_the_head(connection: AsyncConnection, row: Row[Any]) -> None:
    """Have a caller who was offered in vain wait again, before those who were not, for anyone."""
    await set_entry(
        connection,
        row,
        QueueEntryEvent.RETURN,
        priority=put_first(row),
        anybody_from=None,
        wanted_dispatcher_id=None,
        dispatcher_id=None,
    )


async def may_take(connection: AsyncConnection, dispatcher: Dispatcher) -> bool:
    """Tell whether a locked dispatcher is free for somebody of their own choice."""
    free_to = PRESENCE.allows(dispatcher.presence, PresenceEvent.PICK)
    return free_to and not await engaged(connection, dispatcher.id)


async def engage(connection: AsyncConnection, dispatcher: Dispatcher, at: datetime, reason: str) -> None:
    """Make a locked dispatcher TALKING; a pause is gone back to."""
    wish = wish_of(dispatcher)
    await become(connection, dispatcher, PresenceEvent.ENGAGE, at, reason=reason, wish=wish)


async def begin_talk(
    connection: AsyncConnection, dispatcher: Dispatcher, event: PresenceEvent, call_id: str, at: datetime
) -> None:
    """Begin a talk of a locked dispatcher; it resets their missed offers."""
    await _talks(connection, dispatcher, event, at)
    talk = {"call_id": call_id, "dispatcher_id": dispatcher.id, "started_at": at}
    await connection.execute(_START_TALK, talk)


async def is_in_talk(connection: AsyncConnection, row: Row[Any], dispatcher_id: int) -> bool:
    """Tell whether a talk of this place with the dispatcher goes on, on record."""
    if not _is_with(row, QueueEntryState.TALKING, dispatcher_id, None):
        return False
    talk = {"call": row.call_id, "dispatcher": dispatcher_id}
    return bool((await connection.execute(_OPEN_TALK, talk)).scalar())


async def _talks(
    connection: AsyncConnection, dispatcher: Dispatcher, event: PresenceEvent, at: datetime
) -> None:
    wish = wish_of(dispatcher)
    await become(connection, replace(dispatcher, misses=0), event, at, wish=wish)


async def talk_goes_on(
    connection: AsyncConnection, dispatcher: Dispatcher, call_id: str, at: datetime
) -> None:
    """Take back the end of the latest talk of a locked dispatcher in this call."""
    await _talks(connection, dispatcher, PresenceEvent.TAKE_OVER, at)
    await connection.execute(_TALK_GOES_ON, {"call": call_id, "dispatcher": dispatcher.id})


async def end_talk(connection: AsyncConnection, call_id: str, dispatcher_id: int, at: datetime) -> None:
    """End the talk on record."""
    talk = {"call": call_id, "dispatcher": dispatcher_id, "at": at}
    await connection.execute(_END_TALK, talk)


def wish_of(dispatcher: Dispatcher) -> Wish | None:
    """Give the presence that an engaged dispatcher goes back to; None: as after any talk."""
    return goes_back_to(dispatcher.presence, dispatcher.reason, dispatcher.wish)


def read_entry(row: Row[Any]) -> QueueEntry:
    return QueueEntry(
        call_id=row.call_id,
        priority=Priority(row.priority),
        entered_at=row.entered_at,
        state=QueueEntryState(row.state),
        skill=row.skill,
        topic=row.topic,
        anybody_from=row.anybody_from,
        wanted_dispatcher_id=row.wanted_dispatcher_id,
        dispatcher_id=row.dispatcher_id,
        callback_to=row.callback_to,
        cut_at=row.cut_at,
        node=row.node or "",
    )
