"""Who is rung while somebody with an emergency holds, how often, and for whom."""

from datetime import timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from hotline.access.permissions import Role
from hotline.appeals.routing import Rule
from hotline.chats.chat_states import ChatAct
from hotline.chats.chats import Chat, Medium, NewChat
from hotline.city.city_rules import CityRules
from hotline.dialling.calling_out import CallingRules
from hotline.dialling.dialler import Kind, Result
from hotline.enterprises.executors import Contact
from hotline.voice.speech import Voice
from ivr_flows.alarm_call import Left
from service.calls.alarm_calls import RUNG_AGAIN_AFTER, TOLD_WITHIN, AlarmCalls
from service.chats.alarm import LOOKED_AFTER, ChatAlarm
from storage.store import Storage
from tests.fakes.clock import SetClock
from tests.fakes.databases import fresh_storage
from tests.fakes.jobs import Worker

DESK, NIGHT = "+380671112201", "+380671112202"
MARIA = "+380457900001"


@pytest.fixture
async def storage(storage: Storage) -> Storage:
    contacts = (Contact(name="Диспетчерська", number=DESK), Contact(name="Нічний", order=2, number=NIGHT))
    executor = await storage.executors.add("КП «Водоканал»", "Водоканал", contacts)
    await storage.rules.add(Rule(order=1, executor_id=executor.id, categories=("emergency",)))
    return storage


def calls(storage: Storage, clock: SetClock, *, most: int = 2) -> AlarmCalls:
    return AlarmCalls(
        jobs=storage.call_jobs,
        routing=storage.rules,
        executors=storage.executors,
        rules=CallingRules(),
        city=CityRules(timezone=ZoneInfo("Europe/Kyiv")),
        voice=cast("Voice", None),
        clock=clock,
        demo=False,
        most=most,
    )


async def test_the_contacts_of_whoever_takes_emergencies_are_rung_in_their_order(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    assert await alarm.sound("c1", MARIA)
    worker = Worker(storage, clock, alarm)
    attempts = await worker.take()
    assert [(one.job.number, one.job.kind) for one in attempts] == [
        (DESK, Kind.EMERGENCY),
        (NIGHT, Kind.EMERGENCY),
    ]
    for one in attempts:
        assert alarm.rings()
        await worker.dial(one)
        await worker.over(one, Result.NO_ANSWER)
    assert not alarm.rings()
    assert await worker.take() == []


async def test_nobody_is_rung_without_a_way_out_or_without_a_rule(storage: Storage, clock: SetClock) -> None:
    assert not await calls(storage, clock, most=0).sound("c1", MARIA)
    async with fresh_storage(clock) as empty:
        assert not await calls(empty, clock).sound("c1", MARIA)


async def test_an_emergency_that_no_rule_names_is_for_all_who_take_any_kind_of_emergency(
    clock: SetClock,
) -> None:
    async with fresh_storage(clock) as opened:
        for order, category, numbers in (
            (1, "water-leak", (DESK,)),
            (2, "gas-smell", (DESK, NIGHT)),
            (3, "road-hole", ("+380671112203",)),
            (4, "emergency", ()),
        ):
            contacts = tuple(Contact(name=f"Черговий {one}", number=one) for one in numbers)
            executor = await opened.executors.add(f"КП «{order}»", str(order), contacts)
            await opened.rules.add(Rule(order=order, executor_id=executor.id, categories=(category,)))
        alarm = calls(opened, clock)
        assert await alarm.sound("c1", MARIA)
        worker = Worker(opened, clock, alarm)
        assert [one.brief.number for one in await worker.take()] == [DESK, NIGHT]


async def test_a_contact_is_rung_once_in_a_while_however_many_press_the_key(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    worker = Worker(storage, clock, alarm)
    for call_id in ("c1", "c2", "c3"):
        await alarm.sound(call_id, MARIA)
    attempts = await worker.take()
    assert len(attempts) == 2
    for one in attempts:
        await worker.dial(one)
        await worker.over(one, Result.NO_ANSWER)
    await alarm.sound("c4", MARIA)
    assert await worker.take() == []
    clock.pass_by(RUNG_AGAIN_AFTER / timedelta(seconds=1))
    await alarm.sound("c5", MARIA)
    assert len(await worker.take()) == 2


async def test_nobody_is_rung_any_more_when_a_dispatcher_has_answered_all(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    await alarm.sound("c1", MARIA)
    alarm.holds_no_longer("c1", served=True)
    assert await Worker(storage, clock, alarm).take() == []
    assert alarm.who_left() is None
    assert not alarm.rings()


async def test_after_a_restart_nobody_is_rung_for_whoever_held_before(
    storage: Storage, clock: SetClock
) -> None:
    await calls(storage, clock).sound("c1", MARIA)
    reborn = calls(storage, clock)
    worker = Worker(storage, clock, reborn)
    assert await worker.take() == []
    assert await reborn.sound("c2", MARIA)
    assert len(await worker.take()) == 2


async def test_whoever_hung_up_is_named_to_one_contact_and_not_after_a_long_time(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    for call_id, number in (("c1", MARIA), ("c2", None)):
        await alarm.sound(call_id, number)
        alarm.holds_no_longer(call_id, served=False)
    assert not alarm.hold()
    assert alarm.who_left() == Left(MARIA)
    clock.pass_by(TOLD_WITHIN / timedelta(seconds=1) + 1)
    assert alarm.who_left() is None


async def urgent_chat(storage: Storage, clock: SetClock) -> Chat:
    chat = await storage.chats.begin(NewChat(medium=Medium.WEB, address="browser"), clock.now())
    return await storage.chats.add(chat, [], clock.now(), act=ChatAct.ASK_FOR_PERSON, urgent=True)


def chat_alarm(
    storage: Storage, clock: SetClock, alarm: AlarmCalls, *, on_duty: bool = False, alone: bool = True
) -> ChatAlarm:
    async def anybody() -> bool:
        return on_duty

    return ChatAlarm(chats=storage.chats, alarm=alarm, on_duty=anybody, clock=clock, alone=alone)


async def test_a_chat_with_an_emergency_rings_the_contacts_until_one_has_taken_it(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    for_chats = chat_alarm(storage, clock, alarm)
    await for_chats.look()
    for_chats.tell(await urgent_chat(storage, clock))
    await for_chats.look()
    worker = Worker(storage, clock, alarm)
    attempts = await worker.take()
    assert [one.job.number for one in attempts] == [DESK, NIGHT]
    for one in attempts:
        await worker.dial(one)
        await worker.over(one, Result.NO_ANSWER)
    clock.pass_by(RUNG_AGAIN_AFTER / timedelta(seconds=1))
    await for_chats.look()
    assert len(await worker.take()) == 2
    assert alarm.wrote()
    assert alarm.who_left() == Left(None, wrote=True)
    clock.pass_by(LOOKED_AFTER / timedelta(seconds=1))
    await for_chats.look()
    assert alarm.who_left() is None


async def test_however_many_write_of_an_emergency_each_contact_is_rung_once_in_a_while(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    for_chats, worker = chat_alarm(storage, clock, alarm), Worker(storage, clock, alarm)
    rung = []
    for _ in range(2):
        for _ in range(5):
            for_chats.tell(await urgent_chat(storage, clock))
            await for_chats.look()
        attempts = await worker.take()
        rung += [one.job.number for one in attempts]
        for one in attempts:
            await worker.dial(one)
            await worker.over(one, Result.NO_ANSWER)
        clock.pass_by(LOOKED_AFTER / timedelta(seconds=1))
        await for_chats.look()
        assert await worker.take() == []
        clock.pass_by((RUNG_AGAIN_AFTER - LOOKED_AFTER) / timedelta(seconds=1))
    assert rung == [DESK, NIGHT] * 2


async def test_a_chat_that_waited_before_a_restart_rings_and_one_that_is_taken_does_not(
    storage: Storage, clock: SetClock
) -> None:
    chat = await urgent_chat(storage, clock)
    alarm = calls(storage, clock)
    for_chats = chat_alarm(storage, clock, alarm)
    await for_chats.look()
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="x")
    for_chats.tell(await storage.chats.add(chat, [], clock.now(), act=ChatAct.TAKE, user_id=user.id))
    assert await Worker(storage, clock, alarm).take() == []
    assert alarm.who_left() is None


async def test_a_chat_whose_process_died_before_it_told_of_it_rings_and_no_longer_when_it_is_taken(
    storage: Storage, clock: SetClock
) -> None:
    alarm = calls(storage, clock)
    for_chats = chat_alarm(storage, clock, alarm, alone=False)
    await for_chats.look()
    chat = await urgent_chat(storage, clock)
    clock.pass_by(LOOKED_AFTER / timedelta(seconds=1))
    await for_chats.look()
    assert len(await Worker(storage, clock, alarm).take()) == 2
    assert alarm.rings()
    user = await storage.users.add(login="olena", name="Олена", role=Role.DISPATCHER, password_hash="x")
    await storage.chats.add(chat, [], clock.now(), act=ChatAct.TAKE, user_id=user.id)
    clock.pass_by((LOOKED_AFTER + RUNG_AGAIN_AFTER) / timedelta(seconds=1))
    await for_chats.look()
    assert await Worker(storage, clock, alarm).take() == []


async def test_nobody_is_rung_for_a_chat_that_a_dispatcher_is_there_to_take(
    storage: Storage, clock: SetClock
) -> None:
    await urgent_chat(storage, clock)
    alarm = calls(storage, clock)
    await chat_alarm(storage, clock, alarm, on_duty=True).look()
    assert await Worker(storage, clock, alarm).take() == []
