"""A node that is gone: who acts in its stead, and who looks after its places, on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from hotline.dialling.dialler import Result
from hotline.dialling.jobs import REACHED, Brief, Verdict
from hotline.line.adoption import GivenBack
from hotline.line.cut_off import TRIED_FOR, CutOff
from hotline.line.kept_places import KEPT_PLACE
from hotline.line.line import Priority
from hotline.line.on_node import looked_after
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.line.adoption import StoredAdoptions
from storage.line.line import StoredLine
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON, Cluster, FixedClock, cluster, migrated_postgres
from tests.storage.line.test_transitions import after, ready

__all__ = ["cluster", "migrated_postgres"]
A1, A2, B1 = "hotline-a-1.1", "hotline-a-1.2", "hotline-b-1.1"
MARIA = "+380457900001"


@pytest.fixture
async def storage(cluster: Cluster, migrated_postgres: str) -> AsyncIterator[Storage]:
    cluster.empty()
    async with open_storage(migrated_postgres, FixedClock()) as one:
        yield one


def _of(storage: Storage, node: str) -> StoredAdoptions:
    return StoredAdoptions(storage.database, node)


async def test_of_three_nodes_one_adopts_a_fourth_and_none_while_it_serves(storage: Storage) -> None:
    others = [_of(storage, node) for node in ("b", "c", "d")]
    async with _of(storage, "a").serving():
        for one in others:
            async with one.in_place_of("a") as ours:
                assert not ours
    async with AsyncExitStack() as stack:
        adopting = (stack.enter_async_context(one.in_place_of("a")) for one in others)
        assert sorted(await asyncio.gather(*adopting)) == [False, False, True]
    async with others[1].in_place_of("a") as ours:
        assert ours


async def test_a_node_that_comes_back_waits_until_the_other_has_adopted_its_calls(storage: Storage) -> None:
    back = asyncio.Event()

    async def comes_back() -> None:
        async with _of(storage, "a").serving():
            back.set()

    async with asyncio.TaskGroup() as tasks:
        async with _of(storage, "b").in_place_of("a") as ours:
            assert ours
            tasks.create_task(comes_back())
            async with _of(storage, "a").in_place_of("c"):  # several trips to the server later
                assert not back.is_set()
        await back.wait()


async def test_kept_places_are_taken_over_once_and_paired_by_who_took_them(storage: Storage) -> None:
    for place, call_id in enumerate((A1, A2, B1)):
        await storage.line.enter(call_id, at=after(place))
    for call_id in (A2, B1):
        assert await storage.kept_places.keep(call_id, MARIA, NOON)
    await ready(storage, "201")
    b, c = _of(storage, "b"), _of(storage, "c")
    assert [(one.call_id, one.node) for one in await b.take_kept("a")] == [(A2, "b")]
    assert await c.take_kept("a") == []
    assert [one.call_id for one in await storage.line.entries() if looked_after(one, "a")] == [A1]

    line = StoredLine(storage.database, "b")
    offer = await line.pair(after(60))
    assert offer is not None
    assert (offer.call_id, offer.callback_to, offer.node) == (A2, MARIA, "b")
    assert [one.call_id for one in await c.take_kept("b")] == [A2, B1], "should that one be gone, too"


async def test_whom_another_node_calls_back_their_own_does_not_and_neither_the_other_way(
    storage: Storage,
) -> None:
    for call_id in (A1, A2):
        await storage.line.enter(call_id, at=NOON)
    mine = CutOff(call_id=A1, number=MARIA, arrived_at=NOON)
    theirs = CutOff(call_id=A1, number=MARIA, arrived_at=NOON, node="b")
    adopted = await storage.kept_places.cut_off(theirs, after(1))
    assert adopted is not None
    assert await storage.kept_places.cut_off(mine, after(2)) is None
    assert await storage.kept_places.cut_off(theirs, after(3)) is not None, "it died before anybody was rung"

    mine, theirs = (CutOff(call_id=A2, number=MARIA, arrived_at=NOON, node=node) for node in ("", "b"))
    assert await storage.kept_places.cut_off(mine, after(1)) is not None
    assert await storage.kept_places.cut_off(theirs, after(2)) is None


async def test_a_place_taken_over_is_given_no_turn_while_they_are_called_at_once(storage: Storage) -> None:
    await storage.line.enter(A1, at=NOON)
    one = await ready(storage, "201")
    assert await storage.kept_places.cut_off(
        CutOff(call_id=A1, number=MARIA, arrived_at=NOON, node="b"), after(1)
    )
    line = StoredLine(storage.database, "b")
    assert await line.pair(after(2)) is None
    assert await StoredLine(storage.database, "a").pair(after(1) + TRIED_FOR) is None
    assert (await storage.dispatchers.get(one.id)).presence is Presence.READY
    offer = await line.pair(after(1) + TRIED_FOR + timedelta(seconds=1))
    assert offer is not None
    assert offer.node == "b"


async def _cut_off(storage: Storage, call_id: str = A1) -> None:
    cut = CutOff(call_id=call_id, number=MARIA, arrived_at=NOON, node="b")
    assert await storage.kept_places.cut_off(cut, after(9)) is not None


async def _in_talk(storage: Storage, call_id: str, dispatcher_id: int) -> None:
    await storage.line.enter(call_id, at=NOON)
    assert await storage.line.pick(call_id, dispatcher_id, after(1)) is not None
    assert await storage.line.answered(call_id, dispatcher_id, after(2))


async def test_a_talk_that_lives_is_given_back_and_nobody_is_called(storage: Storage) -> None:
    one = await ready(storage, "201")
    await _in_talk(storage, A1, one.id)
    await _cut_off(storage)
    for _ in range(2):  # who does it may die, and does it again
        given = await _of(storage, "a").give_back(A1, after(20), talks_with=one.id, waits=False)
        assert given is GivenBack.TALK
    (entry,) = await storage.line.entries()
    assert (entry.state, entry.dispatcher_id, entry.callback_to, entry.cut_at, entry.node) == (
        *(QueueEntryState.TALKING, one.id, None, None, ""),
    )
    assert (await storage.dispatchers.get(one.id)).presence is Presence.TALKING
    (talk,) = (await storage.records.on_record()).talks
    assert (talk.call_id, talk.dispatcher_id) == (A1, one.id)
    assert await storage.call_jobs.claim_this(KEPT_PLACE, A1, "back", after(21), attempt=2) is None
    await storage.line.talk_ended(A1, one.id, after(30), wrap_up=timedelta())
    assert (await storage.dispatchers.get(one.id)).presence is Presence.READY


async def test_who_is_offered_meanwhile_to_the_dispatcher_of_a_talk_that_lives_waits_on(
    storage: Storage,
) -> None:
    one = await ready(storage, "201")
    await _in_talk(storage, A1, one.id)
    await _cut_off(storage)
    await storage.kept_places.not_reached(A1, after(10), attempt=2)
    await storage.line.enter(B1, at=after(11))
    assert await storage.line.pick(B1, one.id, after(12)) is not None
    given = await _of(storage, "a").give_back(A1, after(20), talks_with=one.id, waits=False)
    assert given is GivenBack.TALK
    states = {entry.call_id: entry.state for entry in await storage.line.entries()}
    assert states == {A1: QueueEntryState.TALKING, B1: QueueEntryState.WAITING}
    assert await storage.line.engaging(one.id) == [A1]


async def test_nobody_is_in_two_talks_and_whose_dispatcher_has_another_waits_first(storage: Storage) -> None:
    one = await ready(storage, "201")
    await _in_talk(storage, A1, one.id)
    await _cut_off(storage)
    await storage.kept_places.not_reached(A1, after(10), attempt=2)
    await _in_talk(storage, B1, one.id)
    given = await _of(storage, "a").give_back(A1, after(20), talks_with=one.id, waits=False)
    assert given is GivenBack.PLACE
    assert await storage.line.engaging(one.id) == [B1]
    (first,) = [entry for entry in await storage.line.entries() if entry.call_id == A1]
    assert (first.state, first.priority, first.callback_to) == (
        *(QueueEntryState.WAITING, Priority.RETURNING, None),
    )


async def test_whoever_waited_stands_where_they_stood_with_a_number_or_without(storage: Storage) -> None:
    for place, call_id in enumerate((A1, A2)):
        await storage.line.enter(call_id, at=after(place))
    await _cut_off(storage)
    await storage.line.leave(A2, after(9))  # nobody can be called back who has no number
    for call_id in (A1, A2):
        given = await _of(storage, "a").give_back(call_id, after(20), talks_with=None, waits=True)
        assert given is GivenBack.PLACE
    entries = await storage.line.entries()
    assert [(one.call_id, one.entered_at, one.callback_to) for one in entries] == [
        (A1, NOON, None),
        (A2, after(1), None),
    ]


async def test_who_left_a_message_has_no_place_and_is_not_called_back(storage: Storage) -> None:
    await _cut_off(storage)
    given = await _of(storage, "a").give_back(A1, after(20), talks_with=None, waits=False)
    assert given is GivenBack.NOTHING
    assert await storage.line.entries() == []
    assert await storage.kept_places.of(MARIA) is None


async def test_who_has_settled_the_call_that_called_them_back_is_known(storage: Storage) -> None:
    jobs, adoptions = storage.call_jobs, _of(storage, "a")
    for call_id in (A1, A2):
        await _cut_off(storage, call_id)
    job = await jobs.claim_this(KEPT_PLACE, A1, "back", after(10), attempt=1)
    assert job is not None
    brief = Brief(number=MARIA, about="", exempt="they wait", answers=A1)
    assert await jobs.admit(job, brief, after(10), since=NOON, budget=1) is Verdict.ADMITTED
    assert await jobs.dial("back", after(10))
    assert await adoptions.spoken_with([A1, A2]) == set()
    await jobs.settle("back")
    assert await adoptions.spoken_with([A1, A2]) == {A1}
    await jobs.end("back", Result.INTERRUPTED, after(20))
    await jobs.follow("back", REACHED, after(20))
    assert await adoptions.spoken_with([A1, A2]) == {A1}


async def test_who_came_back_by_another_call_is_served_there(storage: Storage) -> None:
    await storage.line.enter(A1, at=NOON)
    await _cut_off(storage)
    await storage.kept_places.take_over(A1, B1, after(10))
    given = await _of(storage, "a").give_back(A1, after(20), talks_with=None, waits=True)
    assert given is GivenBack.ELSEWHERE
    assert [entry.call_id for entry in await storage.line.entries()] == [B1]
