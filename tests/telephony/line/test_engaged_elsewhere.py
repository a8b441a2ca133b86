"""Dispatchers who talk by another node's own queue: the edge has refused to ring them."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection

import pytest

from hotline.line.line import Dispatcher
from hotline.line.presence_states import ASTERISKS_QUEUE, Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.store import Storage
from telephony.line.engaged_elsewhere import EngagedElsewhere
from telephony.owed import OwedWrites
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import fresh_storage

CALL = "b-1.1"


@pytest.fixture
async def storage() -> AsyncIterator[Storage]:
    async with fresh_storage(SetClock()) as opened:
        yield opened


async def offered(storage: Storage) -> Dispatcher:
    """A dispatcher to whom somebody is offered."""
    one = await storage.dispatchers.add("201", "Оксана", "s", frozenset())
    await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
    await storage.line.enter(CALL, at=NOON)
    offer = await storage.line.pair(NOON)
    assert offer is not None
    return offer.dispatcher


async def at_once(_seconds: float) -> None: ...


def of(
    storage: Storage,
    tasks: asyncio.TaskGroup,
    told: Collection[str] = (),
    pause: Callable[[float], Awaitable[None]] = at_once,
) -> EngagedElsewhere:
    return EngagedElsewhere(
        line=storage.line,
        clock=SetClock(),
        line_changed=asyncio.Event(),
        owed=OwedWrites(tasks),
        tasks=tasks,
        told=lambda: told,
        pause=pause,
    )


async def presence(storage: Storage) -> tuple[Presence, str]:
    (one,) = await storage.dispatchers.all()
    return one.presence, one.reason


async def test_they_are_engaged_for_a_while_and_who_was_offered_to_them_waits_on(storage: Storage) -> None:
    dispatcher, over = await offered(storage), asyncio.Event()

    async def until_over(_seconds: float) -> None:
        await over.wait()

    async with asyncio.TaskGroup() as tasks:
        elsewhere = of(storage, tasks, pause=until_over)
        await elsewhere.refused(dispatcher)
        assert await presence(storage) == (Presence.TALKING, ASTERISKS_QUEUE)
        assert elsewhere.desks() == {"201"}, "nobody takes them for engaged with nobody"
        (entry,) = await storage.line.entries()
        assert (entry.state, entry.dispatcher_id) == (QueueEntryState.WAITING, None)
        assert await storage.line.pair(NOON) is None
        over.set()
    assert await presence(storage) == (Presence.READY, "")
    assert elsewhere.desks() == set()


async def test_whom_their_own_node_tells_of_meanwhile_is_left_to_that(storage: Storage) -> None:
    dispatcher = await offered(storage)
    async with asyncio.TaskGroup() as tasks:
        await of(storage, tasks, told={"201"}).refused(dispatcher)
    assert await presence(storage) == (Presence.TALKING, ASTERISKS_QUEUE)


async def test_whose_offer_has_ended_is_left_as_they_are(storage: Storage) -> None:
    dispatcher = await offered(storage)
    await storage.line.leave(CALL, NOON)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.AWAY, NOON)
    async with asyncio.TaskGroup() as tasks:
        elsewhere = of(storage, tasks)
        await elsewhere.refused(dispatcher)
        assert elsewhere.desks() == set()
    assert (await presence(storage))[0] is Presence.AWAY
