"""What is written of places and of presence goes by their tables, from each state, whatever happens."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from hotline.errors import ForbiddenTransition
from hotline.line.cut_off import CutOff
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import (
    ASTERISKS_QUEUE,
    CONSULT,
    ENGAGED,
    PRESENCE,
    Presence,
    PresenceEvent,
)
from hotline.line.queue_entry_states import QUEUE_ENTRY, QueueEntryEvent, QueueEntryState
from storage.store import Storage
from tests.storage.conftest import NOON

NUMBER = "+380671112233"
NO_TIME, SOME_TIME = timedelta(0), timedelta(seconds=30)


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def ready(storage: Storage, extension: str) -> Dispatcher:
    one = await storage.dispatchers.add(extension, "Оля", "s", frozenset())
    return await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)


async def offered(storage: Storage, call: str, *, urgent: bool = False) -> Dispatcher:
    """The line's first caller is offered to the only dispatcher who is ready."""
    priority = Priority.EMERGENCY if urgent else Priority.ORDINARY
    await storage.line.enter(call, at=NOON, priority=priority)
    offer = await storage.line.pair(after(1))
    assert offer is not None
    return offer.dispatcher


async def place_in(storage: Storage, state: QueueEntryState, dispatcher: Dispatcher) -> None:
    """Bring the place of `c1` into a state, by the roads of every day."""
    if state is QueueEntryState.WAITING:
        await storage.line.enter("c1", at=NOON)
        return
    await offered(storage, "c1")
    if state is QueueEntryState.TALKING:
        assert await storage.line.answered("c1", dispatcher.id, after(2))
    elif state is QueueEntryState.LEFT:
        await storage.line.leave("c1", after(2))


async def cut_off(storage: Storage, one: Dispatcher) -> None:
    """A fault of ours ends the call; the dispatcher, who wishes for a pause, is not kept free for it."""
    await storage.dispatchers.set_presence(one.id, Presence.PAUSED, after(4), "tea")
    await storage.kept_places.cut_off(CutOff(call_id="c1", number=NUMBER, arrived_at=NOON), after(5))


HAPPENS: dict[QueueEntryEvent, Callable[[Storage, Dispatcher, Dispatcher], Awaitable[object]]] = {
    QueueEntryEvent.ENTER: lambda storage, *_: storage.line.enter("c1", at=after(5)),
    QueueEntryEvent.KEEP: lambda storage, *_: storage.kept_places.keep("c1", NUMBER, after(9)),
    QueueEntryEvent.OFFER: lambda storage, _, other: storage.line.pick("c1", other.id, after(5)),
    QueueEntryEvent.RETURN: lambda storage, one, _: storage.line.missed(
        "c1", one.id, after(5), pause_after=None
    ),
    QueueEntryEvent.ANSWER: lambda storage, one, _: storage.line.answered("c1", one.id, after(5)),
    QueueEntryEvent.CALL_OUT: lambda storage, _, other: storage.line.calls_out("c1", other.id, after(5)),
    QueueEntryEvent.TAKE_OVER: lambda storage, _, other: storage.line.passed_on("c1", other.id, after(5)),
    QueueEntryEvent.END_TALK: lambda storage, one, _: storage.line.talk_ended(
        "c1", one.id, after(5), wrap_up=NO_TIME
    ),
    QueueEntryEvent.LEAVE: lambda storage, *_: storage.line.leave("c1", after(5)),
    QueueEntryEvent.CUT_OFF: lambda storage, one, _: cut_off(storage, one),
    QueueEntryEvent.GO_ON: lambda storage, one, _: storage.adoptions.give_back(
        "c1", after(5), talks_with=one.id, waits=False
    ),
}


@pytest.mark.parametrize("event", QueueEntryEvent)
@pytest.mark.parametrize("state", QueueEntryState)
async def test_a_place_goes_where_the_table_leads_or_stays(
    storage: Storage, state: QueueEntryState, event: QueueEntryEvent
) -> None:
    one = await ready(storage, "201")
    await place_in(storage, state, one)
    other = await ready(storage, "202")
    with suppress(ForbiddenTransition):
        await HAPPENS[event](storage, one, other)
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert entry.state is QUEUE_ENTRY.table[state].get(event, state)


async def test_a_caller_who_has_hung_up_is_passed_on_to_nobody(storage: Storage) -> None:
    one = await ready(storage, "201")
    await place_in(storage, QueueEntryState.LEFT, one)
    colleague = await ready(storage, "202")
    with pytest.raises(ForbiddenTransition):
        await storage.line.passed_on("c1", colleague.id, after(5))
    assert await storage.line.engaging(colleague.id) == []
    assert (await storage.dispatchers.get(colleague.id)).presence is Presence.READY


async def presence_in(storage: Storage, presence: Presence) -> Dispatcher:
    """Bring a dispatcher into a presence; who is engaged is so with `c1`."""
    one = await ready(storage, "201")
    if presence in {Presence.AWAY, Presence.PAUSED}:
        await storage.dispatchers.set_presence(one.id, presence, NOON, "tea")
    elif presence is not Presence.READY:
        await offered(storage, "c1")
        if presence is not Presence.OFFERED:
            assert await storage.line.answered("c1", one.id, after(2))
        if presence is Presence.AFTER_CALL:
            await storage.line.talk_ended("c1", one.id, after(3), wrap_up=SOME_TIME)
    now = await storage.dispatchers.get(one.id)
    assert now.presence is presence
    return now


async def _chooses(storage: Storage, one: Dispatcher, presence: Presence) -> None:
    await storage.dispatchers.set_presence(one.id, presence, after(5), "tea")


async def _is_offered(storage: Storage, priority: Priority) -> None:
    await storage.line.enter("c2", at=after(5), priority=priority)
    await storage.line.pair(after(6))


async def _picks(storage: Storage, one: Dispatcher) -> None:
    await storage.line.enter("c2", at=after(5))
    await storage.line.pick("c2", one.id, after(6))


async def _takes_over(storage: Storage, one: Dispatcher) -> None:
    colleague = await ready(storage, "202")
    await storage.line.enter("c2", at=after(5))
    assert await storage.line.pick("c2", colleague.id, after(5)) is not None
    assert await storage.line.answered("c2", colleague.id, after(6))
    await storage.line.passed_on("c2", one.id, after(7))


async def _is_free(storage: Storage, one: Dispatcher, wrap_up: timedelta) -> None:
    if one.presence is Presence.OFFERED:
        await storage.line.missed("c1", one.id, after(5), pause_after=None)
    await storage.line.talk_ended("c1", one.id, after(6), wrap_up=wrap_up)


async def _is_free_as_wished(storage: Storage, one: Dispatcher, wish: Presence) -> None:
    if one.presence in ENGAGED:
        await storage.dispatchers.set_presence(one.id, wish, after(4), "tea")
    await _is_free(storage, one, SOME_TIME)


BEFALLS: dict[PresenceEvent, Callable[[Storage, Dispatcher], Awaitable[object]]] = {
    PresenceEvent.READY: lambda storage, one: _chooses(storage, one, Presence.READY),
    PresenceEvent.PAUSE: lambda storage, one: _chooses(storage, one, Presence.PAUSED),
    PresenceEvent.LEAVE: lambda storage, one: _chooses(storage, one, Presence.AWAY),
    PresenceEvent.OFFER: lambda storage, _: _is_offered(storage, Priority.ORDINARY),
    PresenceEvent.OFFER_EMERGENCY: lambda storage, _: _is_offered(storage, Priority.EMERGENCY),
    PresenceEvent.PICK: _picks,
    PresenceEvent.ANSWER: lambda storage, one: storage.line.answered("c1", one.id, after(5)),
    PresenceEvent.ENGAGE: lambda storage, one: storage.line.engage(
        one.id, after(5), ASTERISKS_QUEUE, begun=True
    ),
    PresenceEvent.TAKE_OVER: _takes_over,
    PresenceEvent.FREE: lambda storage, one: _is_free(storage, one, NO_TIME),
    PresenceEvent.FREE_TO_PAUSE: lambda storage, one: _is_free_as_wished(storage, one, Presence.PAUSED),
    PresenceEvent.FREE_TO_LEAVE: lambda storage, one: _is_free_as_wished(storage, one, Presence.AWAY),
    PresenceEvent.WRAP_UP: lambda storage, one: storage.line.talk_ended(
        "c1", one.id, after(6), wrap_up=SOME_TIME
    ),
    PresenceEvent.BUSY: lambda storage, one: storage.line.missed(
        "c1", one.id, after(6), pause_after=None, wrap_up=SOME_TIME
    ),
    PresenceEvent.LENGTHEN: lambda storage, one: storage.dispatchers.more_time(one.id, after(5), SOME_TIME),
    PresenceEvent.WRAPPED_UP: lambda storage, _: storage.line.end_wrap_ups(after(900)),
}


@pytest.mark.parametrize("event", PresenceEvent)
@pytest.mark.parametrize("presence", Presence)
async def test_a_presence_goes_where_the_table_leads_or_stays(
    storage: Storage, presence: Presence, event: PresenceEvent
) -> None:
    one = await presence_in(storage, presence)
    with suppress(ForbiddenTransition):
        await BEFALLS[event](storage, one)
    now = await storage.dispatchers.get(one.id)
    assert now.presence is PRESENCE.table[presence].get(event, presence)


async def test_whoever_was_away_and_took_a_caller_over_is_away_again_afterwards(storage: Storage) -> None:
    """The next caller would ring at a desk whose shift is over."""
    one = await presence_in(storage, Presence.AWAY)
    await _takes_over(storage, one)
    await storage.line.talk_ended("c2", one.id, after(60), wrap_up=SOME_TIME)
    assert (await storage.dispatchers.get(one.id)).presence is Presence.AWAY


async def test_a_pause_that_an_emergency_and_then_a_colleague_interrupted_is_gone_back_to(
    storage: Storage,
) -> None:
    one = await presence_in(storage, Presence.PAUSED)
    await storage.line.enter("c1", at=after(1), priority=Priority.EMERGENCY)
    assert await storage.line.pair(after(2)) is not None
    assert await storage.line.engage(one.id, after(3), CONSULT, begun=True)
    assert await storage.line.disengage(one.id, after(4), reason=CONSULT)
    now = await storage.dispatchers.get(one.id)
    assert (now.presence, now.reason) == (Presence.PAUSED, "tea")
