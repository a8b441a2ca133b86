"""Subscribers to the power on both databases: told once, within limits, and never before they confirmed."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.city.addresses import Address
from hotline.contact.channel import Channel
from hotline.outages.subscriptions import PowerAhead, SubscriptionRequest
from hotline.power.schedule import Supply
from hotline.power.telling import AboutPower, Change, PowerNews, PowerSubscriber
from hotline.voice.speech import Language
from storage.power import subscribers
from storage.store import Storage
from tests.storage.conftest import NOON

TODAY = NOON.date()
WISH = SubscriptionRequest(
    channel=Channel.SMS,
    contact="+380671234567",
    language=Language.UKRAINIAN,
    place=Address(street="Київський квартал", house="3"),
    power=PowerAhead(minutes=15, quiet_from=23, quiet_until=6),
)


async def living(storage: Storage, wish: SubscriptionRequest = WISH) -> PowerSubscriber:
    asked = await storage.outage_subscriptions.ask(wish, "123456", "", NOON)
    await storage.outage_subscriptions.confirm(asked.id, NOON)
    return next(one for one in await storage.power_subscribers.living() if one.id == asked.id)


def news(one: PowerSubscriber, hours: int = 1) -> PowerNews:
    change = Change(at=NOON + timedelta(hours=hours), supply=Supply.OFF)
    return PowerNews(to=one, about=AboutPower.OFF, facts={"urgency": "emergency"}, told=change)


async def owed(storage: Storage) -> list[str]:
    claimed = await storage.outbox.claim((Channel.SMS, Channel.EMAIL), NOON + timedelta(days=1), 1000)
    return [one.about for one in claimed if one.about.startswith("power-")]


async def test_only_who_confirmed_is_told_and_those_of_outages_are_others(storage: Storage) -> None:
    await storage.outage_subscriptions.ask(WISH, "123456", "", NOON)
    assert await storage.power_subscribers.living() == []
    one = await living(storage)
    assert (one.ahead, one.place, one.told) == (WISH.power, WISH.place, None)
    assert await storage.outage_subscriptions.living() == []
    (found,) = await storage.outage_subscriptions.of_contact(WISH.channel, WISH.contact)
    assert found.power == WISH.power


async def test_asked_for_anew_with_other_hours_it_replaces_the_one_before_but_not_that_of_outages(
    storage: Storage,
) -> None:
    await living(storage)
    outages = await storage.outage_subscriptions.ask(replace(WISH, power=None), "123456", "", NOON)
    await storage.outage_subscriptions.confirm(outages.id, NOON)
    other = await living(storage, replace(WISH, power=PowerAhead(minutes=60)))
    assert await storage.power_subscribers.living() == [other]
    assert [one.id for one in await storage.outage_subscriptions.living()] == [outages.id]


async def test_a_change_is_owed_once_though_two_look_at_the_same_time(storage: Storage) -> None:
    one = await living(storage)

    both = (storage.power_subscribers.tell([news(one)], NOON, TODAY) for _ in range(2))
    assert sorted(await asyncio.gather(*both)) == [0, 1]
    assert await owed(storage) == ["power-off"]
    (now,) = await storage.power_subscribers.living()
    assert now.told == news(one).told


async def test_a_later_change_takes_back_what_was_not_sent(storage: Storage) -> None:
    one = await living(storage)
    await storage.power_subscribers.tell([news(one)], NOON, TODAY)
    (one,) = await storage.power_subscribers.living()
    await storage.power_subscribers.tell([news(one, 2)], NOON + timedelta(minutes=1), TODAY)
    assert await owed(storage) == ["power-off"]


async def test_who_has_stopped_is_not_told(storage: Storage) -> None:
    one = await living(storage)
    await storage.power_subscribers.tell([news(one)], NOON, TODAY)
    await storage.outage_subscriptions.stop(WISH.channel, WISH.contact, NOON)
    assert await storage.power_subscribers.tell([news(one, 2)], NOON, TODAY) == 0
    assert await owed(storage) == []


async def test_who_ended_this_one_alone_is_told_of_the_other_house(storage: Storage) -> None:
    one = await living(storage)
    other = await living(storage, replace(WISH, place=Address(street="Київський квартал", house="5")))
    await storage.power_subscribers.tell([news(one), news(other)], NOON, TODAY)
    await storage.outage_subscriptions.end([one.id], NOON)
    assert [left.id for left in await storage.power_subscribers.living()] == [other.id]
    (notice,) = await storage.outbox.claim((Channel.SMS,), NOON)
    assert notice.to == f"subscriber:{other.id}"


async def test_a_change_that_is_over_is_not_told_late(storage: Storage) -> None:
    one = await living(storage)
    await storage.power_subscribers.tell([news(one)], NOON, TODAY)
    assert await storage.power_subscribers.drop_late(NOON + timedelta(minutes=59)) == 0
    assert await storage.power_subscribers.drop_late(NOON + timedelta(minutes=61)) == 1
    assert await owed(storage) == []


async def test_what_is_not_sent_is_late_however_long_the_service_was_away(storage: Storage) -> None:
    one = await living(storage)
    await storage.power_subscribers.tell([news(one)], NOON, TODAY)
    assert await storage.power_subscribers.drop_late(NOON + timedelta(hours=9)) == 1
    (one,) = await storage.power_subscribers.living()
    off = PowerNews(to=one, about=AboutPower.CALLED_OFF, facts={"urgency": "emergency"}, told=None)
    await storage.power_subscribers.tell([off], NOON + timedelta(minutes=1), TODAY)
    assert await storage.power_subscribers.drop_late(NOON + timedelta(hours=5)) == 0
    assert await storage.power_subscribers.drop_late(NOON + timedelta(hours=9)) == 1
    assert await owed(storage) == []


async def test_one_contact_is_told_so_often_a_day_whatever_it_subscribes_to(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "MOST_A_DAY", {Channel.SMS: 2})
    first = await living(storage)
    second = await living(storage, replace(WISH, place=Address(street="Київський квартал", house="5")))
    assert await storage.power_subscribers.tell([news(first), news(second)], NOON, TODAY) == 2
    first, second = await storage.power_subscribers.living()
    assert await storage.power_subscribers.tell([news(first, 2), news(second, 2)], NOON, TODAY) == 0
    tomorrow = TODAY + timedelta(days=1)
    assert await storage.power_subscribers.tell([news(first, 2)], NOON, tomorrow) == 1


async def test_all_together_are_told_so_often_a_day(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscribers, "MOST_IN_ALL", {Channel.SMS: 1, Channel.EMAIL: 1})
    one = await living(storage)
    other = await living(storage, replace(WISH, contact="+380671234568"))
    mail = await living(storage, replace(WISH, channel=Channel.EMAIL, contact="olena@example.org"))
    assert await storage.power_subscribers.tell([news(one), news(other), news(mail)], NOON, TODAY) == 2
