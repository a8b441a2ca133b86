"""What broke though nothing should: two callers of one dispatcher, who is shown as free, two attempts."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.line.invariants import Bridge, InAsterisk, Living, Truth, broken
from hotline.line.line import Dispatcher
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.store import Storage
from storage.tables import dispatchers, queue_entries
from telephony.ari.actions import Ari
from telephony.calls.leg import Leg
from telephony.calls.talk import Talks
from telephony.line.fallback_queue import FallbackQueue
from telephony.node.invariant_healing import Healing
from telephony.node.registry import ChannelRegistry
from tests.fakes.clock import SetClock
from tests.storage.conftest import NOON


class Asked:
    """Asterisk, which does what it is asked; `paths` is what that was."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    async def request(self, method: str, path: str, *_: object) -> str:
        self.paths.append(f"{method} {path}")
        return ""

    def order(self, method: str, path: str) -> None:
        raise AssertionError(f"{method} {path}")


@pytest.fixture
def asterisk() -> Asked:
    return Asked()


@pytest.fixture
def healing(storage: Storage, asterisk: Asked) -> Healing:
    return Healing(
        ari=Ari(asterisk, "hotline"),
        line=storage.line,
        kept=storage.kept_places,
        fallback=FallbackQueue.__new__(FallbackQueue),
        registry=ChannelRegistry(),
        talks=Talks.__new__(Talks),
        clock=SetClock(NOON + timedelta(seconds=9)),
        wrap_up=timedelta(0),
        line_changed=asyncio.Event(),
    )


async def heal(storage: Storage, healing: Healing, there: InAsterisk) -> set[Truth]:
    """Heal what is broken, once; what it was."""
    record = await storage.records.on_record()
    found = broken(record, there)
    for one in sorted(found):
        await healing.heal(one, record, there)
    return {one.truth for one in found}


async def rung(storage: Storage, call_id: str, *, answered: bool) -> Dispatcher:
    """A caller who is offered to the only dispatcher, and perhaps talks with them."""
    one = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
    await storage.line.enter(call_id, at=NOON)
    assert await storage.line.pair(NOON) is not None
    if answered:
        await storage.line.answered(call_id, one.id, NOON)
    return one


async def becomes(storage: Storage, one: Dispatcher, presence: Presence) -> None:
    """Have a hand that is not the line's write their presence."""
    async with storage.database.writing() as connection:
        await connection.execute(
            update(dispatchers).where(dispatchers.c.id == one.id).values(presence=presence.value)
        )


def ringing(*calls: str, leg: str = "ring-c1-1", up: bool = False) -> InAsterisk:
    """These callers are there, and one phone of the dispatcher's, which talks with the last when it is up."""
    channels = [*(Living(id=call) for call in calls), Living(id=leg, desk="201", up=up)]
    bridge = Bridge(id=f"talk-{leg}", named_after=leg, channels=frozenset({leg, calls[-1]}))
    return InAsterisk(channels={one.id: one for one in channels}, bridges=[bridge] if up else [])


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("shown", [Presence.READY, Presence.PAUSED])
async def test_a_dispatcher_with_a_caller_who_is_shown_as_free_is_engaged_again(
    storage: Storage, healing: Healing, shown: Presence, *, answered: bool
) -> None:
    one = await rung(storage, "c1", answered=answered)
    await becomes(storage, one, shown)
    there = ringing("c1", up=answered)
    assert Truth.ENTRY_ENGAGES in await heal(storage, healing, there)
    assert await heal(storage, healing, there) <= {Truth.TALK_IS_RECORDED}
    now = await storage.dispatchers.get(one.id)
    assert now.presence is (Presence.TALKING if answered else Presence.OFFERED)
    if not answered:
        assert await storage.line.answered("c1", one.id, NOON)


async def test_a_caller_offered_to_somebody_who_is_away_waits_on_for_anyone(
    storage: Storage, healing: Healing
) -> None:
    one = await rung(storage, "c1", answered=False)
    await becomes(storage, one, Presence.AWAY)
    assert await heal(storage, healing, ringing("c1")) == {Truth.ENTRY_ENGAGES}
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.state, entry.dispatcher_id) == (QueueEntryState.WAITING, None)
    assert (await storage.dispatchers.get(one.id)).presence is Presence.AWAY


async def test_a_caller_whose_desk_never_rang_waits_on_and_it_is_not_rung_after_all(
    storage: Storage, healing: Healing
) -> None:
    one = await rung(storage, "c1", answered=False)
    late, others = Leg("ring-c1-1", "ring-c1-1"), Leg("ring-c2-1", "ring-c2-1")
    healing._registry.legs |= {leg.id: leg for leg in (late, others)}
    nobody = InAsterisk(channels={"c1": Living(id="c1")}, bridges=[])
    assert await heal(storage, healing, nobody) == {Truth.OFFER_RINGS}
    assert (late.withdrawn, others.withdrawn) == (True, False)
    assert (await storage.dispatchers.get(one.id)).presence is Presence.READY


@pytest.mark.parametrize("state", [QueueEntryState.OFFERED, QueueEntryState.TALKING])
async def test_of_two_callers_of_one_dispatcher_that_is_kept_in_which_a_phone_is(
    storage: Storage, healing: Healing, state: QueueEntryState
) -> None:
    one = await rung(storage, "c1", answered=True)
    await storage.line.enter("c2", at=NOON)
    async with storage.database.writing() as connection:
        held = {"state": state.value, "dispatcher_id": one.id}
        await connection.execute(update(queue_entries).where(queue_entries.c.call_id == "c2").values(held))
    there = ringing("c2", "c1", up=True)
    assert Truth.ONE_ENTRY in await heal(storage, healing, there)
    assert Truth.ONE_ENTRY not in await heal(storage, healing, there)
    true, other = await storage.line.entry("c1"), await storage.line.entry("c2")
    assert true is not None
    assert other is not None
    assert (true.state, true.dispatcher_id) == (QueueEntryState.TALKING, one.id)
    assert other.dispatcher_id is None
    assert (await storage.dispatchers.get(one.id)).presence is Presence.TALKING


async def test_of_two_calls_of_ours_to_one_number_the_answered_one_goes_on(
    storage: Storage, healing: Healing, asterisk: Asked
) -> None:
    channels = {one.id: one for one in (Living(id="out-1", up=False), Living(id="out-2", up=True))}
    there = InAsterisk(channels=channels, bridges=[])
    record = await storage.records.on_record()
    number = "+380457900001"
    record = replace(record, attempts={"out-1": number, "out-2": number, "out-3": number})
    (one, *_) = sorted(one for one in broken(record, there) if one.truth is Truth.ONE_ATTEMPT)
    assert await healing.heal(one, record, there)
    assert asterisk.paths == ["DELETE /channels/out-1"]
