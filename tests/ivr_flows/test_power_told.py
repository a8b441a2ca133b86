"""Callers hear when there is power at theirs: in both languages, old data with their hour, never a guess."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.addresses import Address, Area, demo_streets
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from hotline.power.forecast import forecast
from hotline.power.reading import read_told
from hotline.power.schedule import KnownPower
from hotline.voice.speech import Language
from ivr_flows.outages_asked import outages_asked
from ivr_flows.ports import FlowPorts
from ivr_flows.power_phrases import AHEAD, told
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.outages import entered
from tests.fakes.power import KYIV, houses_with_queues, published

NUMBER = "+380457900001"
ELSEWHERE = "+380457900009"
SUPPLIER = "Телефон постачальника електроенергії — нуль вісім, нуль нуль, два один, нуль три, один нуль."
PAGE = "За номером особового рахунку чергу й графік показано також на сторінці постачальника."
HOUSE = Address(street="Київський квартал", house="3")


@pytest.fixture(autouse=True)
async def _city(storage: Storage, clock: SetClock) -> None:
    await storage.streets.add(demo_streets())
    await storage.known_places.remember(NUMBER, HOUSE, call_id="before", at=clock.now())


@pytest.fixture(autouse=True)
def _queues(storage: Storage) -> Iterator[None]:
    with houses_with_queues():
        yield


async def tells(city: FlowPorts, hours: dict[int, str], **more: object) -> None:
    now = city.clock.now()
    content = published(now.astimezone(KYIV).date(), {"4.1": hours}, **more)
    await city.power.take(read_told(content, heard_at=now, zone=KYIV), source="file", by=None)


async def heard(city: FlowPorts, keys: str = "_", language: Language = Language.UKRAINIAN) -> FakeCall:
    call = FakeCall(keys, number=NUMBER)
    call.language = language
    assert await outages_asked(call, city) in {Next.MENU, Next.DISPATCHER}
    return call


def power(call: FakeCall) -> list[str]:
    """Give what was told of the power, without the offer to be told ahead."""
    pairs = zip(call.said, call.heard, strict=True)
    told = [(said, name) for said, name in pairs if name.startswith("power") and name != AHEAD.name]
    return [said.replace("+", "") for said, _ in told]


async def test_two_times_without_power_are_told_and_no_more(city: FlowPorts) -> None:
    await tells(city, {19: "no", 20: "first", 22: "no", 24: "no"})
    call = await heard(city)
    assert call.said[0] == "За вашою адресою відключень зараз немає."
    assert power(call) == [
        "За графіком світла не буде сьогодні від вісімнадцятої до дев'ятнадцятої години тридцяти хвилин.",
        "Далі — сьогодні від двадцять першої до двадцять другої.",
    ]
    assert (Step.INFORMED, {"about": "power-schedule", "queues": "4.1"}) in call.notes


async def test_off_now_is_said_instead_of_nothing_is_off(city: FlowPorts) -> None:
    await tells(city, {13: "no", 14: "no"})
    call = await heard(city)
    assert "nothing-at-yours" not in call.heard
    assert power(call) == ["Зараз за графіком світла немає до чотирнадцятої години."]


async def test_english_callers_hear_it_in_english(city: FlowPorts) -> None:
    await tells(city, {19: "maybe"})
    assert power(await heard(city, language=Language.ENGLISH)) == [
        "The power may be off today from six in the evening to seven in the evening."
    ]


async def test_what_the_source_said_long_ago_is_told_with_its_hour(city: FlowPorts, clock: SetClock) -> None:
    await tells(city, {})
    assert power(await heard(city)) == ["За графіком сьогодні світло більше не вимикатимуть."]
    clock.pass_by(timedelta(hours=2, minutes=5).total_seconds())
    assert power(await heard(city))[-1] == "Ці дані постачальник дав сьогодні о дванадцятій годині."


async def test_during_emergency_cuts_no_schedule_is_told(city: FlowPorts) -> None:
    await tells(city, {19: "no"}, status="EmergencyShutdowns")
    call = await heard(city)
    told, supplier = power(call)
    assert told.startswith("Зараз діють аварійні відключення світла.")
    assert supplier == SUPPLIER
    assert "nothing-at-yours" not in call.heard


async def test_emergency_cuts_are_told_to_a_caller_whose_address_nobody_knows(city: FlowPorts) -> None:
    await tells(city, {19: "no"}, status="EmergencyShutdowns")
    call = FakeCall("_", number=None)
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard[0] == "power-emergency-cuts"
    assert call.heard[-1] == "report-anywhere"


async def test_while_schedules_hold_an_unknown_caller_is_asked_for_the_house(city: FlowPorts) -> None:
    await tells(city, {13: "no", 14: "no"})
    # К is on key 4; of Київський and Курчатова (by its former name) the list names both.
    call = FakeCall("413#_", number=ELSEWHERE)
    assert await outages_asked(call, city) is Next.MENU
    assert call.heard[:2] == ["no-outages", "power-where"]
    assert power(call)[1:] == ["Зараз за графіком світла немає до чотирнадцятої години."]
    assert await city.known_places.addresses_of(ELSEWHERE) == [HOUSE]


@pytest.mark.parametrize(
    ("keys", "leads"), [("_", Next.MENU), ("0", Next.DISPATCHER), ("111", Next.DISPATCHER)]
)
async def test_whoever_does_not_say_where_is_not_held(city: FlowPorts, keys: str, leads: Next) -> None:
    await tells(city, {13: "no"})
    assert await outages_asked(FakeCall(keys, number=ELSEWHERE), city) is leads


async def test_yesterdays_schedule_has_nobody_asked_where_they_are(city: FlowPorts, clock: SetClock) -> None:
    await tells(city, {13: "no"})
    clock.pass_by(timedelta(days=2).total_seconds())
    call = FakeCall("_", number=ELSEWHERE)
    await outages_asked(call, city)
    assert "power-where" not in call.heard


async def test_where_power_is_off_by_a_breakdown_that_alone_is_told(city: FlowPorts) -> None:
    await tells(city, {19: "no"})
    begun = city.clock.now() - timedelta(hours=1)
    areas = (Area(street=HOUSE.street, first=3, last=3),)
    await entered(city.outages, Utility.POWER, OutageKind.UNPLANNED, begun, None, areas=areas)
    assert not power(await heard(city))


async def test_without_a_schedule_and_without_a_queue(city: FlowPorts, storage: Storage) -> None:
    assert power(await heard(city)) == [
        "Графіка відключень світла на сьогодні постачальник іще не дав.",
        SUPPLIER,
        PAGE,
    ]
    elsewhere = FakeCall("__", number=ELSEWHERE)
    house = Address(street=HOUSE.street, house="40")
    await storage.known_places.remember(ELSEWHERE, house, call_id="before", at=city.clock.now())
    await outages_asked(elsewhere, city)
    assert not power(elsewhere)
    await tells(city, {13: "no"})
    await outages_asked(elsewhere, city)
    assert power(elsewhere) == [
        "За якою чергою вимикають світло у вашому будинку, нам, на жаль, невідомо.",
        SUPPLIER,
        PAGE,
    ]


async def test_a_chat_has_the_address_of_the_suppliers_page(city: FlowPorts) -> None:
    now = city.clock.now()
    there = forecast(KnownPower(schedules={}), (), (), now=now, zone=KYIV)
    *_, page = told(there, KYIV, now=now)
    assert page.in_chat(Language.UKRAINIAN).endswith(": https://supplier.example/account")
    assert page.in_chat(Language.ENGLISH).endswith(": https://supplier.example/account")


async def test_the_queue_of_a_house_that_nobody_knows_is_found_by_the_account(
    city: FlowPorts, storage: Storage
) -> None:
    user = await storage.users.add(login="petro", name="Петро", role=Role.HEAD, password_hash="-")
    await city.accounts.take(b"1234567890;4.1", city.clock.now(), by=user.id)
    await storage.known_places.remember(
        ELSEWHERE, Address(street=HOUSE.street, house="40"), call_id="before", at=city.clock.now()
    )
    await tells(city, {13: "no", 14: "no"})
    call = FakeCall("1234567890#_", number=ELSEWHERE)
    await outages_asked(call, city)
    assert power(call)[-1] == "Зараз за графіком світла немає до чотирнадцятої години."
    assert "power-ask-account" in call.heard
    wrong = FakeCall("5555#_", number=ELSEWHERE)
    await outages_asked(wrong, city)
    assert "power-no-account" in wrong.heard
    waits = FakeCall("__", number=ELSEWHERE)
    await outages_asked(waits, city)
    assert waits.heard[-1] == "something-off"
