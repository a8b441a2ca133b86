"""Calls in the outbox: claimed by one, renewed while they last, ended once."""

import asyncio
from datetime import timedelta

import pytest

from hotline.appeals.acts.work import Accept
from hotline.appeals.appeal import Appeal
from hotline.city.classifier import Urgency
from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeState
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

LATER = NOON + timedelta(minutes=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def emergency(city: City) -> Appeal:
    return await city.enter(urgency=Urgency.EMERGENCY)


async def state(city: City, number: str) -> NoticeState:
    (call,) = [one for one in await city.storage.outbox.of_appeal(number) if one.channel is Channel.CALL]
    return call.state


async def test_an_emergency_owes_a_call_to_whoever_is_on_duty_and_what_is_not_urgent_owes_none(
    city: City,
) -> None:
    await city.enter()
    appeal = await emergency(city)
    (claimed,) = await city.storage.calls_owed.claim(NOON, 9)
    assert (claimed.number, claimed.about, claimed.tries) == (appeal.number, "assign", 1)
    assert claimed.to == f"contact:{city.heat.contacts[0].id}"
    assert claimed.address == city.heat.contacts[0].number
    assert await city.storage.calls_owed.claim(LATER, 9) == []


async def test_nobody_is_called_to_be_told_that_it_is_accepted_or_confirmed(city: City) -> None:
    appeal = await emergency(city)
    await city.storage.handling.carry_out(
        appeal.number, Accept(by=city.executor, at=LATER), version=appeal.version
    )
    calls = [one for one in await city.storage.outbox.of_appeal(appeal.number) if one.channel is Channel.CALL]
    assert [one.about for one in calls] == ["assign"]


async def test_the_same_number_is_not_rung_about_two_things_at_once(city: City) -> None:
    first, second = await emergency(city), await emergency(city)
    owed = city.storage.calls_owed
    (claimed,) = await owed.claim(NOON, 9)
    assert claimed.number == first.number
    assert await owed.claim(LATER, 9) == []
    await owed.ended(claimed.id, NoticeState.SENT, LATER, tries=1)
    (then,) = await owed.claim(LATER, 9)
    assert then.number == second.number


async def test_many_workers_claim_each_call_once(city: City, url: str) -> None:
    await emergency(city)
    async with open_storage(url) as elsewhere:
        both = (city.storage.calls_owed, elsewhere.calls_owed)
        claims = await asyncio.gather(*(both[at % 2].claim(NOON, 9) for at in range(8)))
    assert sum(len(one) for one in claims) == 1


async def test_a_call_that_is_to_be_tried_again_is_owed_again_after_its_pause(city: City) -> None:
    appeal, owed = await emergency(city), city.storage.calls_owed
    (claimed,) = await owed.claim(NOON, 9)
    minute = timedelta(minutes=1)
    await owed.ended(claimed.id, NoticeState.OWED, NOON, tries=1, fault="busy", again_in=minute)
    assert await owed.claim(NOON + timedelta(seconds=59), 9) == []
    (again,) = await owed.claim(LATER, 9)
    assert (again.id, again.tries, again.fault) == (claimed.id, 2, "busy")
    await owed.ended(again.id, NoticeState.FAILED, LATER, tries=2, fault="busy")
    assert await state(city, appeal.number) is NoticeState.FAILED


async def test_a_claim_that_nobody_renews_is_unsure_and_is_not_called_again(city: City) -> None:
    appeal, owed = await emergency(city), city.storage.calls_owed
    (claimed,) = await owed.claim(NOON, 9)
    await owed.renew([claimed.id], LATER)
    assert await owed.left_behind(LATER, LATER) == 0
    assert await owed.left_behind(LATER + timedelta(seconds=1), LATER) == 1
    assert await state(city, appeal.number) is NoticeState.OWED
    await owed.ended(claimed.id, NoticeState.SENT, LATER, tries=1)
    assert await state(city, appeal.number) is NoticeState.OWED
    (again,) = await owed.claim(LATER, 9)
    assert (again.id, again.tries) == (claimed.id, 1)


async def test_calls_are_left_to_whoever_calls_when_others_deliver_the_rest(city: City) -> None:
    await emergency(city)
    claimed = await city.storage.outbox.claim((Channel.EMAIL, Channel.SMS), NOON)
    assert Channel.CALL not in {one.channel for one in claimed}
    assert len(await city.storage.calls_owed.claim(NOON, 9)) == 1


async def test_a_call_that_was_put_off_is_due_then_and_was_no_try(city: City) -> None:
    await emergency(city)
    owed = city.storage.calls_owed
    (claimed,) = await owed.claim(NOON, 9)
    await owed.put_off(claimed.id, LATER, NOON, tries=1)
    assert await owed.claim(LATER - timedelta(seconds=1), 9) == []
    (again,) = await owed.claim(LATER, 9)
    assert (again.id, again.tries) == (claimed.id, 1)


async def test_a_late_word_of_one_try_ends_no_later_one(city: City) -> None:
    appeal, owed = await emergency(city), city.storage.calls_owed
    (claimed,) = await owed.claim(NOON, 9)
    minute = timedelta(minutes=1)
    await owed.ended(claimed.id, NoticeState.OWED, NOON, tries=1, fault="busy", again_in=minute)
    (again,) = await owed.claim(LATER, 9)
    await owed.ended(claimed.id, NoticeState.FAILED, LATER, tries=1)
    await owed.put_off(claimed.id, LATER, LATER, tries=1)
    assert await state(city, appeal.number) is NoticeState.CLAIMED
    await owed.ended(again.id, NoticeState.SENT, LATER, tries=2)
    assert await state(city, appeal.number) is NoticeState.SENT
