"""The watch on real storage: looks beside one another, faults told once, restarts, no database."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from hotline.contact.channel import Channel
from hotline.delivery.outbox import Notice
from hotline.equipment.following import Following
from hotline.equipment.items import Calls, Change, Fault, Item, Kind, Maintenance, NewItem, Way
from hotline.equipment.states import Look, State
from service.equipment.built_in import Check
from service.equipment.watch import EquipmentWatch
from storage.equipment.register import StoredEquipment
from storage.store import Storage
from tests.cti_server.conftest import KYIV
from tests.fakes.clock import SetClock

WELL = Look(state=State.IN_ORDER, said="asterisk-up")
AWAY = Look(state=State.OUT_OF_ORDER, said="asterisk-away")
PHONE = "+380671112233"


class Tasks:
    """Implements `hotline.equipment.following.FaultTasks`."""

    def __init__(self) -> None:
        self.said: list[tuple[str, int]] = []

    async def owe(self, item: Item, fault: Fault, at: object) -> None:
        del item, at
        self.said.append(("owed", fault.id))

    async def ended(self, item: Item, fault: Fault, at: object, *, removed: bool) -> None:
        del item, at
        self.said.append(("removed" if removed else "ended", fault.id))


class Bench:
    """A watch whose one item, Asterisk, is as the test says."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.clock = SetClock()
        self.now = 0.0
        self.look: Look | None = WELL
        """None: the check does not end."""
        self.tasks = Tasks()
        self.watch = self.started()

    def started(self, equipment: StoredEquipment | None = None) -> EquipmentWatch:
        """Begin a process anew."""
        storage, equipment = self.storage, equipment or self.storage.equipment
        following = Following(
            equipment=equipment,
            outbox=storage.outbox,
            users=storage.users,
            executors=storage.executors,
            zone=KYIV,
            tasks=self.tasks,
        )

        async def check(_item: NewItem) -> Look:
            if self.look is None:
                await asyncio.Event().wait()
                raise AssertionError
            return self.look

        checks: Mapping[Kind, Check] = {Kind.ASTERISK: check}
        return EquipmentWatch(
            equipment=equipment,
            following=following,
            built_in=checks,
            provided=[Kind.ASTERISK],
            clock=self.clock,
            monotonic=lambda: self.now,
        )

    async def item(self) -> Item:
        return (await self.storage.equipment.all())[0]

    async def rounds(self, look: Look, times: int = 1) -> None:
        """Have the item found so, this many times."""
        self.look = look
        for _ in range(times):
            async with asyncio.TaskGroup() as looks:
                with suppress(OperationalError):  # the round goes on with the next, as it does in life
                    await self.watch.round(looks)
            self.now += 60
            self.clock.pass_by(60)

    async def follow(self) -> None:
        """Let a round pass in which nothing is due."""
        now, self.now = self.now, 0.0
        async with asyncio.TaskGroup() as looks:
            await self.watch.round(looks)
        self.now = now

    async def notices(self) -> list[Notice]:
        found = [await self.storage.outbox.find(number) for number in range(1, 20)]
        return [one for one in found if one is not None]

    async def states(self) -> list[State]:
        return [
            one.look.state for one in await self.storage.equipment.changes(self.clock.now() - timedelta(9))
        ]


@pytest.fixture
async def bench(storage: Storage) -> Bench:
    made = Bench(storage)
    await made.rounds(WELL)
    return made


async def calling(bench: Bench, **calls: object) -> Item:
    """Have the item call a telephone."""
    item = await bench.item()
    wanted = replace(Calls(whom=f"phone:{PHONE}", after_minutes=5, task_after_minutes=10), **calls)  # type: ignore[arg-type]
    return await bench.storage.equipment.update(replace(item, calls=wanted), seen=item.version)


async def test_only_changes_are_written_and_the_board_knows_the_last_look(bench: Bench) -> None:
    await bench.rounds(WELL, 5)
    await bench.rounds(AWAY, 2)
    assert await bench.states() == [State.IN_ORDER]
    await bench.rounds(AWAY, 5)
    assert await bench.states() == [State.IN_ORDER, State.OUT_OF_ORDER]
    standing = bench.watch.standing((await bench.item()).id)
    assert standing.since == bench.clock.now() - timedelta(minutes=5)
    assert standing.looked_at == bench.clock.now() - timedelta(minutes=1)


async def test_a_fault_is_told_once_becomes_one_task_and_its_end_is_told(bench: Bench) -> None:
    await calling(bench)
    await bench.rounds(AWAY, 7)
    assert await bench.notices() == [], "not before its time"
    await bench.rounds(AWAY, 10)
    (told,) = await bench.notices()
    assert (told.channel, told.address, told.about) == (Channel.SMS, PHONE, "equipment-fault")
    (fault,) = (await bench.storage.equipment.faults([1])).values()
    assert bench.tasks.said == [("owed", fault.id)]
    await bench.rounds(WELL, 3)
    await bench.follow()
    assert [one.about for one in await bench.notices()] == ["equipment-fault", "equipment-over"]
    assert bench.tasks.said == [("owed", fault.id), ("ended", fault.id)]


async def test_what_comes_and_goes_calls_nobody(bench: Bench) -> None:
    await calling(bench, after_minutes=0)
    for _ in range(12):
        await bench.rounds(AWAY, 2)
        await bench.rounds(WELL)
    assert await bench.states() == [State.IN_ORDER, State.DISTURBED]
    assert await bench.notices() == []


async def test_a_restart_in_a_fault_changes_neither_since_when_nor_who_was_told(bench: Bench) -> None:
    item = await calling(bench)
    await bench.rounds(AWAY, 12)
    since = bench.watch.standing(item.id).since
    bench.watch = bench.started()
    await bench.rounds(AWAY)
    assert bench.watch.standing(item.id).since == since
    await bench.rounds(AWAY, 3)
    assert len(await bench.notices()) == 1
    assert await bench.states() == [State.IN_ORDER, State.OUT_OF_ORDER]
    assert {what for what, _fault in bench.tasks.said} == {"owed"}


async def test_nobody_is_called_while_it_is_being_worked_on(bench: Bench) -> None:
    item = await calling(bench)
    now = bench.clock.now()
    works = Maintenance(since=now, until=now + timedelta(minutes=30), reason="чистка")
    await bench.storage.equipment.update(replace(item, maintenance=works), seen=item.version)
    await bench.rounds(AWAY, 20)
    assert (await bench.notices(), bench.tasks.said) == ([], [])
    await bench.rounds(AWAY, 20)
    assert len(await bench.notices()) == 1, "it outlasted the work"


async def test_a_check_that_hangs_holds_up_no_other_and_is_not_taken_for_good(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.equipment.watch.OVER_SECONDS", -14.99)
    port = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    async with port:
        number = port.sockets[0].getsockname()[1]
        other = await bench.storage.equipment.add(
            NewItem(
                name="Принтер",
                kind=Kind.PRINTER,
                way=Way.TCP,
                host="127.0.0.1",
                port=number,
                timeout_seconds=30,
            )
        )
        bench.look = None
        async with asyncio.TaskGroup() as looks:
            await bench.watch.round(looks)
    asterisk = await bench.item()
    assert bench.watch.standing(other.id).settled.state is State.IN_ORDER
    assert bench.watch.standing(asterisk.id).look.said == "slow-check"
    assert bench.watch.standing(asterisk.id).look.state is State.NOT_KNOWN


async def test_a_check_that_fails_is_not_known_and_never_green(bench: Bench) -> None:
    bench.watch = bench.started()
    bench.watch._built_in = {}
    await bench.rounds(WELL, 3)
    standing = bench.watch.standing((await bench.item()).id)
    assert standing.settled == Look(state=State.NOT_KNOWN, said="not-checked")


class AwayEquipment(StoredEquipment):
    """A register whose database takes no changes."""

    async def change(self, change: Change) -> Change:
        raise OperationalError("away", None, Exception(str(change)))


async def test_while_the_database_is_away_changes_wait_in_their_order(bench: Bench) -> None:
    bench.watch = bench.started(AwayEquipment(bench.storage.database))
    for look in (AWAY, WELL):
        await bench.rounds(look, 3)
    assert await bench.states() == [State.IN_ORDER]
    bench.watch._equipment = bench.storage.equipment
    await bench.watch.write()
    assert await bench.states() == [State.IN_ORDER, State.OUT_OF_ORDER, State.IN_ORDER]


async def test_calls_go_first_at_a_start_unless_somebody_asks_for_a_look(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.equipment.watch.AFTER_START_SECONDS", 3600.0)
    item, looked = await bench.item(), asyncio.Event()

    async def check(_item: NewItem) -> Look:
        looked.set()
        return WELL

    bench.watch = bench.started()
    bench.watch._built_in = {Kind.ASTERISK: check}
    keeping = asyncio.create_task(bench.watch.keep())
    while bench.watch.standing(item.id).since is None:
        assert not keeping.done()
        await asyncio.sleep(0)
    assert bench.watch.standing(item.id).settled == WELL, "known from before"
    assert bench.watch.standing(item.id).looked_at is None
    assert not looked.is_set()
    bench.watch.look_soon(item.id)
    async with asyncio.timeout(60):
        await looked.wait()
    keeping.cancel()


async def test_what_was_taken_off_the_board_is_told_of_no_more(bench: Bench) -> None:
    router = await bench.storage.equipment.add(
        NewItem(
            name="Маршрутизатор",
            kind=Kind.ROUTER,
            way=Way.TCP,
            host="169.254.0.1",
            calls=Calls(whom=f"phone:{PHONE}", after_minutes=0),
        )
    )
    out = Change(item_id=router.id, look=AWAY, began_at=bench.clock.now())
    await bench.storage.equipment.change(out)
    bench.watch = bench.started()
    await bench.follow()
    await bench.storage.equipment.remove(router.id, bench.clock.now())
    await bench.follow()
    assert [one.about for one in await bench.notices()] == ["equipment-fault"]
    assert bench.tasks.said == [("removed", 2)]


async def test_of_many_that_change_at_once_each_is_written_once(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    many = NewItem(name="Камера", kind=Kind.CAMERA, way=Way.TCP, host="169.254.0.1", failures=1)
    for _ in range(30):
        await bench.storage.equipment.add(many)
    await bench.rounds(WELL)
    assert (await bench.states()).count(State.NOT_KNOWN) == 30
    assert not caplog.records


async def test_whom_it_calls_is_told_though_they_were_chosen_in_the_middle_of_the_fault(bench: Bench) -> None:
    await bench.rounds(AWAY, 10)
    assert await bench.notices() == []
    await calling(bench)
    await bench.rounds(AWAY, 3)
    assert [one.address for one in await bench.notices()] == [PHONE]


async def test_a_task_that_cannot_be_given_keeps_nobody_from_being_told(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_given: object) -> None:
        raise RuntimeError("no task")

    monkeypatch.setattr(bench.tasks, "owe", refuses)
    await calling(bench, after_minutes=20)
    await bench.rounds(AWAY, 40)
    assert len(await bench.notices()) == 1
