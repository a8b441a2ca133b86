"""What gateways say of notices, on both databases; what is put off in the act of claiming."""

from datetime import timedelta

import pytest

from hotline.contact.channel import Channel
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import Notice
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

LATER = NOON + timedelta(minutes=1)
SMS = (Channel.SMS,)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def claimed(city: City) -> Notice:
    await city.enter(category="water-none")
    (notice,) = await city.storage.outbox.claim(SMS, NOON)
    return notice


async def again(city: City, notice: Notice) -> Notice:
    kept = await city.storage.outbox.find(notice.id)
    assert kept is not None
    return kept


async def test_what_is_held_becomes_due_then_and_is_no_try(city: City) -> None:
    await city.enter(category="water-none")
    outbox, morning = city.storage.outbox, NOON + timedelta(hours=8)
    assert await outbox.claim(SMS, NOON, hold=lambda _notice: morning) == []
    assert await outbox.claim(SMS, morning - timedelta(seconds=1)) == []
    (notice,) = await outbox.claim(SMS, morning)
    assert notice.tries == 1


async def test_what_died_of_one_channel_leaves_the_others_claims_alone(city: City) -> None:
    await city.enter()
    outbox = city.storage.outbox
    assert len(await outbox.claim((Channel.SMS, Channel.EMAIL), NOON)) == 2
    assert await outbox.died(LATER, LATER, (Channel.EMAIL,)) == 1
    assert [one.channel for one in await outbox.undecided()] == [Channel.EMAIL]
    assert await outbox.waiting() == {("email", "unsure"): 1, ("sms", "claimed"): 1}


async def test_an_unsure_one_is_asked_about_when_it_is_time_and_settled_once(city: City) -> None:
    notice, receipts = await claimed(city), city.storage.receipts
    await city.storage.outbox.unclear(notice.id, NOON, "no answer")
    assert await receipts.unsure(Channel.EMAIL, LATER) == []
    (unsure,) = await receipts.unsure(Channel.SMS, NOON)
    await receipts.ask_later(unsure, LATER)
    assert await receipts.unsure(Channel.SMS, NOON) == []
    (unsure,) = await receipts.unsure(Channel.SMS, LATER)
    assert await receipts.settle(unsure, LATER, NoticeEvent.CONFIRM, "gw-1")
    assert not await receipts.settle(unsure, LATER, NoticeEvent.MISS)  # another worker's answer comes late
    kept = await again(city, notice)
    assert (kept.state, kept.provider_id) == (NoticeState.SENT, "gw-1")


async def test_an_answer_about_an_earlier_hand_over_changes_nothing(city: City) -> None:
    notice, outbox, receipts = await claimed(city), city.storage.outbox, city.storage.receipts
    await outbox.unclear(notice.id, NOON, "no answer")
    (seen,) = await receipts.unsure(Channel.SMS, NOON)
    await outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, LATER)
    await outbox.claim(SMS, LATER)
    await outbox.unclear(notice.id, LATER, "no answer again")
    assert not await receipts.settle(seen, LATER, NoticeEvent.MISS)
    kept = await again(city, notice)
    assert (kept.state, kept.key) == (NoticeState.UNSURE, notice.key)  # the gateway may have it by this key


async def test_sent_ones_are_asked_about_for_a_while_if_the_gateway_has_a_name_for_them(city: City) -> None:
    named, receipts = await claimed(city), city.storage.receipts
    nameless = await claimed(city)
    await city.storage.outbox.sent(named.id, NOON, "gw-1")
    await city.storage.outbox.sent(nameless.id, NOON)
    assert [one.id for one in await receipts.awaited(Channel.SMS, NOON, LATER)] == [named.id]
    assert await receipts.awaited(Channel.SMS, LATER, LATER) == []
    (kept,) = await receipts.awaited(Channel.SMS, NOON, LATER)
    await receipts.ask_later(kept, LATER + timedelta(seconds=1))
    assert await receipts.awaited(Channel.SMS, NOON, LATER) == []


async def test_a_report_that_comes_before_we_noted_the_hand_over_is_not_undone(city: City) -> None:
    notice, outbox = await claimed(city), city.storage.outbox
    await outbox.sent(notice.id, NOON, "gw-1")
    assert await city.storage.receipts.reported(Channel.SMS, "gw-1", LATER, NoticeEvent.DELIVER)
    await outbox.sent(notice.id, LATER, "gw-1")
    assert (await again(city, notice)).state is NoticeState.DELIVERED
    assert not await city.storage.receipts.reported(Channel.SMS, "gw-1", LATER, NoticeEvent.BOUNCE)
    assert not await city.storage.receipts.reported(Channel.SMS, "", LATER, NoticeEvent.BOUNCE)


async def test_what_failed_gets_a_new_key_when_it_is_sent_again(city: City) -> None:
    notice, outbox = await claimed(city), city.storage.outbox
    await outbox.failed(notice.id, NOON, "no such number", again_in=None)
    await outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, LATER)
    (anew,) = await outbox.claim(SMS, LATER)
    assert (anew.id, anew.tries) == (notice.id, 1)
    assert anew.key != notice.key
