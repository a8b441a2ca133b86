"""By keys a caller asks to be told before the power changes: nothing lives without the code of a message."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from hotline.calls.conversation import Next
from hotline.city.addresses import Address, demo_streets
from hotline.contact.channel import Channel
from hotline.contact.codes import MOST_A_DAY
from hotline.dialling.notices import POWER
from hotline.outages.subscriptions import PowerAhead, SubscriptionRequest
from hotline.power.reading import read_told
from hotline.voice.speech import Language
from ivr_flows import power_in_chat_phrases
from ivr_flows.outages_asked import outages_asked
from ivr_flows.ports import AheadWay, FlowPorts
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.power import KYIV, houses_with_queues, published

MOBILE, LANDLINE = "+380671112233", "+380457900001"
HOUSE = Address(street="Київський квартал", house="3")


@pytest.fixture(autouse=True)
async def _city(city: FlowPorts, storage: Storage) -> None:
    await storage.streets.add(demo_streets())
    now = city.clock.now()
    for number in (MOBILE, LANDLINE):
        await storage.known_places.remember(number, HOUSE, call_id="before", at=now)
    content = published(now.astimezone(KYIV).date(), {"4.1": {19: "no"}})
    await city.power.take(read_told(content, heard_at=now, zone=KYIV), source="file", by=None)


@pytest.fixture(autouse=True)
def _queues(storage: Storage) -> Iterator[None]:
    with houses_with_queues():
        yield


async def asks(city: FlowPorts, keys: str, number: str = MOBILE) -> FakeCall:
    call = FakeCall(keys, number=number)
    there = replace(city, new_code=lambda: "482615")
    assert await outages_asked(call, there) in {Next.MENU, Next.DISPATCHER}
    return call


async def test_who_keys_in_the_code_is_told_before_each_change(city: FlowPorts, storage: Storage) -> None:
    call = await asks(city, "7482615#")
    assert call.heard[-1] == "power-ahead-noted"
    (one,) = await storage.power_subscribers.living()
    assert (one.contact, one.place, one.ahead) == (MOBILE, HOUSE, PowerAhead())
    (message,) = await storage.outbox.claim((Channel.SMS,), city.clock.now())
    assert re.match("subscriber:", message.to)
    assert message.facts["texts"]["code"] == "482615"


async def test_the_quiet_hours_of_the_city_hold_for_who_chooses_none(
    city: FlowPorts, storage: Storage
) -> None:
    await asks(replace(city, rules=replace(city.rules, power_quiet=(23, 6))), "7482615#")
    (one,) = await storage.power_subscribers.living()
    assert one.ahead == PowerAhead(quiet_from=23, quiet_until=6)
    assert "крім часу з 23:00 до 6:00" in power_in_chat_phrases.minutes((23, 6)).uk
    assert "крім часу з 23:00 до 6:00" in power_in_chat_phrases.noted(15, Channel.CHAT, (23, 6)).uk


@pytest.mark.parametrize("keys", ["7", "7___", "7000000#111111#222222#", "70#", "7482#"])
async def test_without_the_code_nothing_lives(city: FlowPorts, storage: Storage, keys: str) -> None:
    await asks(city, keys)
    assert await storage.power_subscribers.living() == []


async def test_a_forged_number_gets_no_more_than_some_codes_a_day(city: FlowPorts, storage: Storage) -> None:
    calls = [await asks(city, "7") for _ in range(MOST_A_DAY + 2)]
    assert [call.heard[-1] for call in calls[MOST_A_DAY:]] == ["power-ahead-too-many"] * 2
    assert len(await storage.outbox.claim((Channel.SMS,), city.clock.now())) == MOST_A_DAY


async def test_who_is_subscribed_ends_it_by_the_same_key(city: FlowPorts, storage: Storage) -> None:
    await asks(city, "7482615#")
    call = await asks(city, "72")
    assert call.heard[-1] == "power-ahead-known"
    assert len(await storage.power_subscribers.living()) == 1
    call = await asks(city, "71")
    assert call.heard[-1] == "power-ahead-stopped"
    assert await storage.power_subscribers.living() == []


async def test_the_key_ends_nothing_but_the_power_at_this_address(city: FlowPorts, storage: Storage) -> None:
    await asks(city, "7482615#")
    now, kept = city.clock.now(), []
    for place, power in ((HOUSE, None), (replace(HOUSE, house="5"), PowerAhead())):
        wish = SubscriptionRequest(
            channel=Channel.SMS, contact=MOBILE, language=Language.UKRAINIAN, place=place, power=power
        )
        kept.append(await storage.outage_subscriptions.ask(wish, "111111", place.text, now))
        await storage.outage_subscriptions.confirm(kept[-1].id, now)
    await asks(city, "71")
    living = await storage.outage_subscriptions.of_contact(Channel.SMS, MOBILE)
    assert [one.id for one in living] == [one.id for one in kept]


async def test_a_landline_is_called_back_and_lives_only_once_it_has_agreed_there(
    city: FlowPorts, storage: Storage
) -> None:
    call = await asks(city, "7", LANDLINE)
    assert call.heard[-1] == "power-ahead-called"
    assert await storage.outbox.claim((Channel.SMS,), city.clock.now()) == []
    assert await storage.power_subscribers.living() == []
    (job,) = await storage.call_jobs.claim(city.clock.now(), 10)
    assert (job.source, job.number) == (POWER, LANDLINE)


async def test_a_forged_landline_is_called_only_so_often_a_day(city: FlowPorts, storage: Storage) -> None:
    calls = [await asks(city, "7", LANDLINE) for _ in range(MOST_A_DAY + 2)]
    assert [call.heard[-1] for call in calls[MOST_A_DAY:]] == ["power-ahead-too-many"] * 2
    assert len(await storage.call_jobs.claim(city.clock.now(), 10)) <= MOST_A_DAY


@pytest.mark.parametrize("number", ["+79161234567", "+12025550123", "+380900123456", "+881612345678", "112"])
async def test_nothing_is_offered_to_numbers_that_cost_more(
    city: FlowPorts, storage: Storage, number: str
) -> None:
    await storage.known_places.remember(number, HOUSE, call_id="before", at=city.clock.now())
    call = await asks(city, "7", number)
    assert "power-off-0-1800-1900" in call.heard, "they hear the schedule"
    assert "power-ahead" not in call.heard
    assert await storage.outbox.claim((Channel.SMS,), city.clock.now()) == []
    assert await storage.call_jobs.claim(city.clock.now(), 10) == []


async def test_a_landline_stops_by_the_same_key(city: FlowPorts, storage: Storage) -> None:
    wish = SubscriptionRequest(
        channel=Channel.CALL,
        contact=LANDLINE,
        language=Language.UKRAINIAN,
        place=HOUSE,
        power=PowerAhead(),
    )
    kept = await storage.outage_subscriptions.ask(wish, "", "", city.clock.now())
    await storage.outage_subscriptions.confirm(kept.id, city.clock.now())
    call = await asks(city, "71", LANDLINE)
    assert call.heard[-1] == "power-ahead-stopped"
    assert await storage.power_subscribers.living() == []


async def test_who_writes_and_is_not_known_is_told_of_the_page(city: FlowPorts, storage: Storage) -> None:
    call = await asks(replace(city, ahead=AheadWay(channel=Channel.PAGE)), "7")
    assert call.heard[-1] == "chat-ahead-on-page"
    assert await storage.outbox.claim((Channel.SMS,), city.clock.now()) == []
