"""The register and its history on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.equipment.items import Calls, Change, Item, Kind, NewItem, Way
from hotline.equipment.states import Look, State
from hotline.errors import NotFound, Outdated
from hotline.retention.terms import Retention
from storage.store import Storage
from tests.storage.conftest import NOON

ROUTER = NewItem(name="Маршрутизатор", kind=Kind.ROUTER, way=Way.TCP, host="10.0.0.1")
DISK = NewItem(name="", kind=Kind.DISK, way=Way.BUILT_IN)
TRUNK = NewItem(name="", kind=Kind.TRUNK, way=Way.BUILT_IN)
MINUTE = timedelta(minutes=1)


async def become(storage: Storage, item: Item, state: State, minutes: float) -> Change:
    look = Look(state=state, said="works", values={"ms": 3})
    new = Change(item_id=item.id, look=look, began_at=NOON + minutes * MINUTE)
    return await storage.equipment.change(new)


async def test_checks_of_our_own_are_there_once_and_come_back_as_they_were(storage: Storage) -> None:
    equipment = storage.equipment
    router = await equipment.add(ROUTER)
    for _ in range(2):
        await equipment.provide({Kind.DISK: DISK, Kind.TRUNK: TRUNK})
    trunk, disk, own = await equipment.all()
    assert (trunk.kind, disk.kind, own) == (Kind.TRUNK, Kind.DISK, router)
    await equipment.update(replace(trunk, calls=Calls(whom="mail:a@example.org")), seen=1)
    await equipment.provide({Kind.DISK: DISK})
    assert [one.kind for one in await equipment.all()] == [Kind.DISK, Kind.ROUTER]
    await equipment.provide({Kind.DISK: DISK, Kind.TRUNK: TRUNK})
    assert (await equipment.get(trunk.id)).calls.whom == "mail:a@example.org"
    await equipment.remove(disk.id, NOON)
    assert (await equipment.get(disk.id)).kind is Kind.DISK, "a check of our own stays"
    await equipment.remove(router.id, NOON)
    with pytest.raises(NotFound):
        await equipment.get(router.id)


async def test_of_two_who_change_it_at_once_the_second_is_told(storage: Storage) -> None:
    item = await storage.equipment.add(ROUTER)
    first = await storage.equipment.update(replace(item, failures=5), seen=item.version)
    with pytest.raises(Outdated):
        await storage.equipment.update(replace(item, failures=7), seen=item.version)
    assert await storage.equipment.get(item.id) == first
    assert (first.failures, first.version) == (5, 2)


async def test_a_fault_is_one_until_the_item_is_in_order_again(storage: Storage) -> None:
    item = await storage.equipment.add(ROUTER)
    await become(storage, item, State.IN_ORDER, 0)
    begun = await become(storage, item, State.OUT_OF_ORDER, 1)
    for minutes, state in enumerate((State.NOT_KNOWN, State.DISTURBED, State.OUT_OF_ORDER), start=2):
        await become(storage, item, state, minutes)
        fault = (await storage.equipment.faults([item.id]))[item.id]
        assert (fault.id, fault.began_at) == (begun.id, begun.began_at)
    await become(storage, item, State.IN_ORDER, 6)
    assert await storage.equipment.faults([item.id]) == {}
    again = await become(storage, item, State.OUT_OF_ORDER, 7)
    assert (await storage.equipment.faults([item.id]))[item.id].id == again.id
    assert (await storage.equipment.now())[item.id] == again


async def test_a_clock_that_was_set_back_turns_no_history_round(storage: Storage) -> None:
    item = await storage.equipment.add(ROUTER)
    await become(storage, item, State.IN_ORDER, 60)
    assert (await become(storage, item, State.OUT_OF_ORDER, 0)).began_at == NOON + 60 * MINUTE
    await storage.equipment.watched(NOON + 60 * MINUTE)
    await storage.equipment.watched(NOON)
    await storage.equipment.watched(NOON + 65 * MINUTE)
    assert await storage.equipment.watches(NOON) == [(NOON + 60 * MINUTE, NOON + 65 * MINUTE)]


async def test_a_pause_of_the_board_stays_on_record(storage: Storage) -> None:
    for minutes in (0, 1, 9, 40, 41):
        await storage.equipment.watched(NOON + minutes * MINUTE)
    assert await storage.equipment.watches(NOON) == [
        (NOON, NOON + 9 * MINUTE),
        (NOON + 40 * MINUTE, NOON + 41 * MINUTE),
    ]


async def test_the_disk_is_measured_a_few_times_a_day(storage: Storage) -> None:
    for hours, free in ((0, 100), (1, 99), (7, 90)):
        await storage.equipment.measure(free * 2**40, NOON + timedelta(hours=hours))
    assert await storage.equipment.measured_first(NOON) == (NOON, 100 * 2**40)
    assert await storage.equipment.measured_first(NOON + MINUTE) == (NOON + timedelta(hours=7), 90 * 2**40)
    assert await storage.equipment.database_bytes() > 0


async def test_the_sweep_leaves_the_state_that_lasts(storage: Storage) -> None:
    item = await storage.equipment.add(ROUTER)
    term = Retention().equipment
    await become(storage, item, State.IN_ORDER, 0)
    await become(storage, item, State.OUT_OF_ORDER, 1)
    await become(storage, item, State.IN_ORDER, 2)
    await storage.retention.sweep(Retention(), NOON + term + 1.5 * MINUTE)
    assert len(await storage.equipment.changes(NOON - MINUTE)) == 2
    await storage.retention.sweep(Retention(), NOON + 2 * term)
    (left,) = await storage.equipment.changes(NOON - MINUTE)
    assert left.look.state is State.IN_ORDER
