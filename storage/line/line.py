"""The waiting line in the database: every claim is one transaction, so that no two workers clash."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, update
from sqlalchemy.ext.asyncio import AsyncConnection

from hotline.calls.call import is_trial
from hotline.line.adoption import Adopted
from hotline.line.line import (
    COMES_BACK_WITHIN,
    NAMED_PLACES,
    Dispatcher,
    NobodyElse,
    Offer,
    Priority,
    QueueEntry,
    Standing,
)
from hotline.line.presence_states import (
    CALLING_OUT,
    ENGAGED,
    FROM_PAUSE,
    PRESENCE,
    Presence,
    PresenceEvent,
)
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.core.database import Database
from storage.core.transitions import allows
from storage.line import queries
from storage.line.dispatchers import become, dispatcher_of, engaged, read_dispatcher, read_dispatchers
from storage.line.far_back import FarBack
from storage.line.steps import (
    back_to_the_head,
    becomes_urgent,
    begin_talk,
    count_miss,
    end_talk,
    engage,
    entry_row,
    free,
    is_in_talk,
    leaves,
    may_take,
    offered_row,
    read_entry,
    set_entry,
    stands_elsewhere,
    take_offers_back,
    talks_with,
    wish_of,
    withdraw_offer,
)
from storage.tables import queue_entries

USUAL_TALK = timedelta(minutes=3)
SHORTEST_WAIT = timedelta(seconds=30)
RECENT = timedelta(hours=1)

_NOBODYS = (
    update(queue_entries)
    .where(
        queue_entries.c.call_id == bindparam("call"),
        queue_entries.c.dispatcher_id == bindparam("dispatcher"),
        allows(queue_entries.c.state, QUEUE_ENTRY, QueueEntryEvent.END_TALK),
    )
    .values(state=QUEUE_ENTRY.target(QueueEntryEvent.END_TALK).value, dispatcher_id=None)
)


class StoredLine:
    """`hotline.line.line.Line` on a database. Places are locked before dispatchers, everywhere."""

    def __init__(self, database: Database, node: str = "") -> None:
        """`node`: where there are several Asterisk nodes, the one whose callers are paired here."""
        self._database = database
        self._node = node
        self._others: Callable[[], Collection[str]] = tuple
        self._add_entry = database.insert(queue_entries).on_conflict_do_nothing()
        self._latest = datetime.min.replace(tzinfo=UTC)
        """The latest moment at which somebody entered."""
        self._far_back = FarBack(database)

    async def enter(
        self,
        call_id: str,
        *,
        at: datetime,
        priority: Priority = Priority.ORDINARY,
        skill: str | None = None,
        topic: str | None = None,
        anybody_from: datetime | None = None,
        wanted_dispatcher_id: int | None = None,
        unless: Collection[QueueEntryState] = (),
    ) -> QueueEntry:
        """Enter the line; withdraws an offer under way, and a place that was left begins anew at `at`.

        Raises Adopted where another node looks after the place by now, or has reached the caller by another
        call: this one was silent meanwhile.
        """
        wanted = {"skill": skill, "topic": topic, "wanted_dispatcher_id": wanted_dispatcher_id}
        behind = await self._behind_all(at)
        new = _new_entry(call_id, behind, QueueEntryState.WAITING) | wanted
        new |= {"priority": int(priority), "anybody_from": _patient(anybody_from, priority)}
        async with self._database.write_one() as connection:
            added = (await connection.execute(self._add_entry.returning(queue_entries), new)).first()
        if added is not None:
            return read_entry(added)
        async with self._database.write_inline() as connection:
            held = await entry_row(connection, call_id)
            anew = held.state == QueueEntryState.LEFT.value
            if self._is_anothers(held) and (not anew or await stands_elsewhere(connection, held)):
                raise Adopted(f"{call_id} was adopted by node {held.node}.")
            if QueueEntryState(held.state) in unless and held.callback_to is None:
                if priority is not Priority.EMERGENCY or held.state != QueueEntryState.OFFERED.value:
                    return read_entry(held)
                await becomes_urgent(connection, call_id)
                return read_entry(await entry_row(connection, call_id))
            rises_to = int(priority) if anew else max(priority, held.priority)
            if held.skill == skill and not anew:
                anybody_from = held.anybody_from  # the wait for it goes on
            await withdraw_offer(connection, held, at)
            await set_entry(
                connection,
                held,
                QueueEntryEvent.ENTER,
                entered_at=behind if anew else held.entered_at,
                priority=rises_to,
                anybody_from=_patient(anybody_from, rises_to),
                **wanted,
                dispatcher_id=None,
                left_at=None,
                callback_to=None,
                not_before=None,
                node=None,
            )
            return read_entry(await entry_row(connection, call_id))

    def _is_anothers(self, row: Row[Any]) -> bool:
        """Tell whether another node has adopted this place."""
        return bool(self._node) and row.node not in {None, self._node}

    async def _behind_all(self, at: datetime) -> datetime:
        """Return the moment that puts a newcomer last, even after the clock was set back."""
        if at + queries.CLOCK_SET_BACK > self._latest:
            self._latest = max(self._latest, at)
            return at
        async with self._database.reading() as connection:
            latest = (await connection.execute(queries.LATEST_ENTRY)).scalar_one()
        return at if latest is None else max(at, latest + timedelta(microseconds=1))

    async def entry(self, call_id: str) -> QueueEntry | None:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(queries.ENTRY_OF, {"call": call_id})).first()
        return None if row is None else read_entry(row)

    async def entries(self) -> Sequence[QueueEntry]:
        async with self._database.reading() as connection:
            return [read_entry(row) for row in (await connection.execute(queries.ENTRIES)).all()]

    async def engaging(self, dispatcher_id: int) -> Sequence[str]:
        async with self._database.read_inline() as connection:
            found = await connection.execute(queries.ENGAGING, {"dispatcher": dispatcher_id, "but": ""})
            return found.scalars().all()

    async def standing(self, call_id: str, at: datetime) -> Standing | None:
        async with self._database.read_inline() as connection:
            row = (await connection.execute(queries.ENTRY_OF, {"call": call_id})).first()
            if row is None or row.state != QueueEntryState.WAITING.value:
                return None
            wish = {
                "wanted": row.wanted_dispatcher_id,
                "lately": at - COMES_BACK_WITHIN,
                "urgent": row.priority == Priority.EMERGENCY,
            }
            before = {"priority": row.priority, "entered": row.entered_at, "call": call_id}
            ahead = (await connection.execute(queries.COUNT_BEFORE, before)).scalar_one()
            attended = (await connection.execute(queries.ATTENDED, wish)).scalar_one()
        if ahead == NAMED_PLACES:
            ahead = max(ahead, await self._far_back.ahead_of(row, at))
        return Standing(position=ahead + 1, attended=bool(attended))

    async def pair(self, at: datetime) -> Offer | None:
        if self._database.shared:
            return await self._pair_at_once(at)
        if not await self._somebody_can_be_served(at):
            return None  # seen without holding up those who write
        async with self._database.write_inline() as connection:
            pair = (await connection.execute(queries.FIRST_PAIR, queries.moment(at))).first()
            if pair is None:
                return None
            return await self._offer(connection, pair, dispatcher_of(pair), _offering(pair), at)

    def beside(self, others: Callable[[], Collection[str]]) -> None:
        """Take note of who tells which other nodes serve their callers now: these wait in the same line."""
        self._others = others

    async def _pair_at_once(self, at: datetime) -> Offer | None:
        statement, values = queries.PAIR_AT_ONCE, dict[str, Any](queries.moment(at))
        if self._node:
            statement = queries.PAIR_ON_NODE
            values |= {"mine": self._node, "serving": [self._node, *self._others()]}
        async with self._database.write_one() as connection:
            pair = (await connection.execute(statement, values)).first()
        return None if pair is None else _offer_of(pair, dispatcher_of(pair), _offering(pair), at)

    async def pick(self, call_id: str, dispatcher_id: int, at: datetime) -> Offer | None:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(queries.LOCK_PAIRING)
            row = (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).first()
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if (
                row is None
                or not QUEUE_ENTRY.allows(QueueEntryState(row.state), QueueEntryEvent.OFFER)
                or not await may_take(connection, dispatcher)
            ):
                return None
            return await self._offer(connection, row, dispatcher, PresenceEvent.PICK, at)

    async def answered(
        self, call_id: str, dispatcher_id: int, at: datetime, *, attempt: int | None = None
    ) -> bool:
        async with self._database.writing() as connection:
            row = await offered_row(connection, call_id, dispatcher_id, attempt)
            if row is None:
                return await talks_with(connection, call_id, dispatcher_id, attempt)
            if row.callback_to is not None:  # nobody is there to be talked with
                return False
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if not PRESENCE.allows(dispatcher.presence, PresenceEvent.ANSWER):
                return False
            await set_entry(connection, row, QueueEntryEvent.ANSWER)
            await begin_talk(connection, dispatcher, PresenceEvent.ANSWER, call_id, at)
            return True

    async def calls_out(self, call_id: str, dispatcher_id: int, at: datetime) -> Dispatcher | None:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(queries.LOCK_PAIRING)
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if not await may_take(connection, dispatcher):
                return None
            if is_trial(call_id) and not await connection.scalar(
                queries.OTHERS_ANSWER, {"but": dispatcher_id}
            ):
                raise NobodyElse("Nobody else is on duty: a trial call is begun when somebody is.")
            new = _new_entry(call_id, at, QueueEntryState.TALKING) | {"dispatcher_id": dispatcher_id}
            if not (await connection.execute(self._add_entry, new)).rowcount:
                row = await entry_row(connection, call_id)
                talking = {"dispatcher_id": dispatcher_id, "left_at": None}
                await set_entry(connection, row, QueueEntryEvent.CALL_OUT, **talking)
            await engage(connection, dispatcher, at, CALLING_OUT)
            return dispatcher

    async def passed_on(self, call_id: str, dispatcher_id: int, at: datetime) -> None:
        """Begins a talk of its own, once; that of the dispatcher before is ended by `talk_ended`."""
        async with self._database.writing() as connection:
            row = await entry_row(connection, call_id)
            if await is_in_talk(connection, row, dispatcher_id):
                return
            await take_offers_back(connection, dispatcher_id)
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            await set_entry(connection, row, QueueEntryEvent.TAKE_OVER, dispatcher_id=dispatcher_id)
            await begin_talk(connection, dispatcher, PresenceEvent.TAKE_OVER, call_id, at)

    async def missed(
        self,
        call_id: str,
        dispatcher_id: int,
        at: datetime,
        *,
        pause_after: int | None,
        attempt: int | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> None:
        """Do nothing when the offer has ended."""
        async with self._database.writing() as connection:
            row = await offered_row(connection, call_id, dispatcher_id, attempt)
            if row is None or self._is_anothers(row):
                return
            await back_to_the_head(connection, row)
            await count_miss(connection, dispatcher_id, at, pause_after, wrap_up)

    async def leave(self, call_id: str, at: datetime) -> None:
        async with self._database.writing() as connection:
            row = (await connection.execute(queries.ENTRY_LOCKED, {"call": call_id})).first()
            if row is None or row.callback_to is not None:
                return
            if QUEUE_ENTRY.allows(QueueEntryState(row.state), QueueEntryEvent.LEAVE):
                await leaves(connection, row, at)

    async def engage(self, dispatcher_id: int, at: datetime, reason: str, *, begun: bool = False) -> bool:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(queries.LOCK_PAIRING)
            offered = await take_offers_back(connection, dispatcher_id) if begun else False
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if not offered and not await may_take(connection, dispatcher):
                return False
            await engage(connection, dispatcher, at, reason)
            return True

    async def hold_again(self, dispatcher_id: int, at: datetime) -> bool:
        async with self._database.writing() as connection:
            if self._database.shared:
                await connection.execute(queries.LOCK_PAIRING)
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if dispatcher.presence in ENGAGED or not await engaged(connection, dispatcher.id):
                return False
            offered = await connection.execute(queries.OFFERED_TO, {"dispatcher": dispatcher_id})
            event = PresenceEvent.TAKE_OVER if offered.first() is None else PresenceEvent.PICK
            if dispatcher.presence is Presence.AWAY and event is PresenceEvent.PICK:
                await take_offers_back(connection, dispatcher_id)
            else:
                await become(connection, dispatcher, event, at, wish=wish_of(dispatcher))
            return True

    async def disengage(
        self,
        dispatcher_id: int,
        at: datetime,
        *,
        reason: str | None = None,
        wrap_up: timedelta = timedelta(0),
    ) -> bool:
        async with self._database.writing() as connection:
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            if dispatcher.presence not in ENGAGED or reason not in {None, dispatcher.reason}:
                return False
            return await free(connection, dispatcher, at, wrap_up=wrap_up)

    async def talk_ended(self, call_id: str, dispatcher_id: int, at: datetime, *, wrap_up: timedelta) -> None:
        async with self._database.writing() as connection:
            talk = {"call": call_id, "dispatcher": dispatcher_id}
            await connection.execute(_NOBODYS, talk)
            dispatcher = await read_dispatcher(connection, dispatcher_id, lock=True)
            await end_talk(connection, call_id, dispatcher_id, at)
            if dispatcher.presence is Presence.TALKING:
                await free(connection, dispatcher, at, wrap_up=wrap_up)

    async def end_wrap_ups(self, at: datetime) -> Sequence[int]:
        async with self._database.read_inline() as connection:
            if (await connection.execute(queries.ANYONE_RESTED, queries.moment(at))).first() is None:
                return []
        async with self._database.writing() as connection:
            found = await read_dispatchers(connection, queries.RESTED, **queries.moment(at))
            for one in found:
                await become(connection, one, PresenceEvent.WRAPPED_UP, at)
        return [one.id for one in found]

    async def expected_wait(self, at: datetime, position: int) -> timedelta:
        async with self._database.reading() as connection:
            recent = (await connection.execute(queries.LATEST_TALKS, {"since": at - RECENT})).all()
            on_duty = (await connection.execute(queries.COUNT_ON_DUTY)).scalar_one()
        lengths = [row.ended_at - row.started_at for row in recent]
        mean = sum(lengths, timedelta()) / len(lengths) if lengths else USUAL_TALK
        return max(SHORTEST_WAIT, mean * position / max(on_duty, 1))

    async def _somebody_can_be_served(self, at: datetime) -> bool:
        async with self._database.read_inline() as connection:
            return (await connection.execute(queries.SERVABLE, queries.moment(at))).scalar_one() is not None

    async def _offer(
        self,
        connection: AsyncConnection,
        row: Row[Any],
        dispatcher: Dispatcher,
        event: PresenceEvent,
        at: datetime,
    ) -> Offer:
        offer = _offer_of(row, dispatcher, event, at)
        await set_entry(
            connection, row, QueueEntryEvent.OFFER, dispatcher_id=dispatcher.id, offers=offer.attempt
        )
        await become(connection, dispatcher, event, at, reason=offer.dispatcher.reason)
        return offer


def _offering(entry: Row[Any]) -> PresenceEvent:
    """Give the event by which the first of the line is offered."""
    urgent = entry.priority == Priority.EMERGENCY
    return PresenceEvent.OFFER_EMERGENCY if urgent else PresenceEvent.OFFER


def _offer_of(entry: Row[Any], dispatcher: Dispatcher, event: PresenceEvent, at: datetime) -> Offer:
    """Give the next offer of this place to this dispatcher, as they were before it."""
    interrupted = event is PresenceEvent.OFFER_EMERGENCY and dispatcher.presence is Presence.PAUSED
    offered = replace(
        dispatcher,
        presence=PRESENCE.after(dispatcher.presence, event),
        reason=FROM_PAUSE + dispatcher.reason if interrupted else "",
        since=at,
        wrap_up_until=None,
    )
    return Offer(
        call_id=entry.call_id,
        dispatcher=offered,
        attempt=entry.offers + 1,
        callback_to=entry.callback_to,
        node=entry.node or "",
    )


def _patient(anybody_from: datetime | None, priority: int) -> datetime | None:
    """Give until when a caller of this priority waits for a skill: an emergency does not."""
    return None if priority >= Priority.EMERGENCY else anybody_from


def _new_entry(call_id: str, at: datetime, state: QueueEntryState) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "priority": int(Priority.ORDINARY),
        "entered_at": at,
        "state": state.value,
        "offers": 0,
    }
