import asyncio
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.notice_states import NoticeEvent, NoticeState
from hotline.delivery.outbox import NewNotice
from hotline.errors import ForbiddenTransition, NotFound
from hotline.outages.subscriptions import SubscriptionRequest
from hotline.voice.speech import Language
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON
from tests.storage.enterprise import City, found

SMS = (Channel.SMS,)
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def state(city: City, number: str, about: str) -> NoticeState:
    listed = await city.storage.outbox.of_appeal(number)
    (one,) = [each for each in listed if each.about == about and each.channel is Channel.SMS]
    return one.state


async def test_a_notice_is_claimed_handed_over_and_never_again(city: City) -> None:
    appeal, outbox = await city.enter(category="water-none"), city.storage.outbox
    assert await outbox.claim(SMS, NOON - timedelta(seconds=1)) == []
    (notice,) = await outbox.claim(SMS, NOON)
    assert (notice.about, notice.address, notice.tries) == ("register", appeal.applicant_number, 1)
    assert notice.facts["number"] == appeal.number
    assert await outbox.claim(SMS, LATER) == []
    await outbox.sent(notice.id, LATER, "gateway-7")
    (kept,) = await outbox.of_appeal(appeal.number)
    assert (kept.state, kept.provider_id, kept.changed_at) == (NoticeState.SENT, "gateway-7", LATER)
    assert await outbox.claim(SMS, LATER + timedelta(days=1)) == []


async def test_a_courier_has_work_as_long_as_a_notice_is_under_way(city: City) -> None:
    outbox = city.storage.outbox
    assert not await outbox.any_under_way(Channel.SMS)
    await city.enter(category="water-none")
    assert await outbox.any_under_way(Channel.SMS)
    (notice,) = await outbox.claim(SMS, NOON)
    assert await outbox.any_under_way(Channel.SMS)
    await outbox.unclear(notice.id, NOON, "no answer")
    assert await outbox.any_under_way(Channel.SMS)
    await outbox.sent(notice.id, LATER)
    assert not await outbox.any_under_way(Channel.SMS)


async def test_they_are_claimed_in_the_order_in_which_they_are_owed(city: City) -> None:
    appeal = await city.enter()
    claimed = await city.storage.outbox.claim((Channel.SMS, Channel.EMAIL), NOON)
    assert [one.about for one in claimed] == ["assign", "register"]
    assert {one.number for one in claimed} == {appeal.number}
    assert not [one for one in claimed if one.channel is Channel.PAGE]


async def test_codes_that_anybody_can_have_sent_delay_no_notice(city: City) -> None:
    subscriptions = city.storage.outage_subscriptions
    for number in range(3):
        wish = SubscriptionRequest(
            channel=Channel.SMS,
            contact=f"+38067000000{number}",
            language=Language.UKRAINIAN,
            place=Address(street="Київський квартал"),
        )
        await subscriptions.ask(wish, "123456", "Київський квартал", NOON - timedelta(minutes=1))
    await city.enter(category="water-none")
    first = await city.storage.outbox.claim(SMS, NOON, limit=2)
    assert [one.about for one in first] == ["register", "subscription-code"]
    assert len(await city.storage.outbox.claim(SMS, NOON)) == 2


async def test_many_workers_claim_each_notice_once(city: City, url: str) -> None:
    for _ in range(8):
        await city.enter(category="water-none")
    async with open_storage(url) as elsewhere:
        both = (city.storage.outbox, elsewhere.outbox)
        claims = [both[at % 2].claim(SMS, NOON, limit=3) for at in range(8)]
        claimed = [one.id for found in await asyncio.gather(*claims) for one in found]
    claimed += [one.id for one in await city.storage.outbox.claim(SMS, NOON)]
    assert len(claimed) == len(set(claimed)) == 8


async def test_what_failed_is_owed_again_later_or_given_up(city: City) -> None:
    appeal, outbox = await city.enter(category="water-none"), city.storage.outbox
    (notice,) = await outbox.claim(SMS, NOON)
    await outbox.failed(notice.id, NOON, "gateway 503", again_in=timedelta(minutes=5))
    assert await outbox.claim(SMS, LATER) == []
    (again,) = await outbox.claim(SMS, NOON + timedelta(minutes=5))
    assert (again.tries, again.fault) == (2, "gateway 503")
    await outbox.failed(again.id, LATER, "no such number", again_in=None)
    assert await state(city, appeal.number, "register") is NoticeState.FAILED
    await outbox.decide(again.id, NoticeEvent.SEND_AGAIN, LATER)
    assert [one.id for one in await outbox.claim(SMS, LATER)] == [notice.id]


async def test_what_was_being_handed_over_when_the_service_died_is_unsure_and_not_repeated(
    city: City,
) -> None:
    appeal, outbox = await city.enter(category="water-none"), city.storage.outbox
    (notice,) = await outbox.claim(SMS, NOON)
    assert await outbox.died(NOON, LATER) == 0
    assert await outbox.died(LATER, LATER) == 1
    assert await state(city, appeal.number, "register") is NoticeState.UNSURE
    assert await outbox.claim(SMS, LATER) == []
    await outbox.decide(notice.id, NoticeEvent.DECIDE, LATER)
    with pytest.raises(ForbiddenTransition):
        await outbox.decide(notice.id, NoticeEvent.SEND_AGAIN, LATER)


async def reads(city: City) -> int:
    """The id of somebody who reads notices on pages."""
    user = await city.storage.users.add(login="reader", name="Х", role=Role.HEAD, password_hash="x")
    return user.id


async def test_what_was_read_is_listed_with_who_and_when_and_comes_back(city: City) -> None:
    await city.enter()
    page, outbox, reader = f"executor:{city.heat.id}", city.storage.outbox, await reads(city)
    (notice,) = await outbox.on_page(page)
    await outbox.seen(page, [notice.id], LATER, by=reader)
    (read,) = await outbox.seen_on_page(page)
    assert (read.id, read.seen_by, read.changed_at) == (notice.id, reader, LATER)
    assert await outbox.unseen("head", [notice.id], LATER) == 0
    assert await outbox.unseen(page, [notice.id], LATER) == 1
    assert await outbox.seen_on_page(page) == []
    (back,) = await outbox.on_page(page)
    assert (back.id, back.seen_by) == (notice.id, None)


async def test_what_is_for_a_page_stays_there_until_it_was_seen(city: City) -> None:
    await city.enter()
    page = f"executor:{city.heat.id}"
    (notice,) = await city.storage.outbox.on_page(page)
    assert notice.about == "assign"
    outbox = city.storage.outbox
    for_applicant = next(one for one in await outbox.of_appeal(notice.number) if one.channel is Channel.SMS)
    reader = await reads(city)
    assert await outbox.seen("head", [notice.id], LATER, by=reader) == 0
    assert await outbox.seen(page, [notice.id, for_applicant.id, 999], LATER, by=reader) == 1
    assert await outbox.seen(page, [notice.id], LATER, by=reader) == 0
    assert await outbox.on_page(page) == []
    assert for_applicant.id in [one.id for one in await outbox.claim(SMS, NOON)]
    assert await city.storage.outbox.on_page("head") == []


async def test_a_notice_that_is_not_there_is_said_to_be_missing(city: City) -> None:
    outbox = city.storage.outbox
    for missing in (
        outbox.sent(999, NOON),
        outbox.failed(999, NOON, "", again_in=None),
        outbox.decide(999, NoticeEvent.DECIDE, NOON),
    ):
        with pytest.raises(NotFound):
            await missing


def of_outage(matter: str = "outage-17-v3", channel: Channel = Channel.SMS) -> NewNotice:
    return NewNotice(
        matter=matter,
        to="watcher:5",
        channel=channel,
        address="+380671112233",
        about="outage-over",
        facts=notice_facts(Language.UKRAINIAN, texts={"where": ""}),
        due_at=LATER,
    )


async def test_what_no_appeal_caused_is_owed_once_for_each_matter_recipient_and_channel(
    storage: Storage,
) -> None:
    outbox = storage.outbox
    await outbox.owe([of_outage(), of_outage(channel=Channel.EMAIL)], NOON)
    await outbox.owe([of_outage(), of_outage("outage-17-v4")], NOON)
    await outbox.owe([], NOON)
    assert await outbox.claim(SMS, NOON) == []
    claimed = await outbox.claim((Channel.SMS, Channel.EMAIL), LATER)
    assert [(one.matter, one.channel) for one in claimed] == [
        ("outage-17-v3", Channel.SMS),
        ("outage-17-v3", Channel.EMAIL),
    ]
    for one in claimed:
        await outbox.sent(one.id, LATER)
    assert [one.matter for one in await outbox.claim(SMS, LATER)] == ["outage-17-v4"]
    assert {(one.number, one.entry_id, one.to, one.owed_at) for one in claimed} == {
        ("", None, "watcher:5", NOON)
    }
    await outbox.sent(claimed[0].id, LATER)
    await outbox.owe([of_outage()], LATER)
    assert await outbox.claim(SMS, LATER + timedelta(days=1)) == []
