"""A caller of another city: greeted in its name, told its outages, brought to a dispatcher."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Next
from hotline.city.addresses import Area, Side
from hotline.city.classifier import Utility, classifier
from hotline.neighbours.agreement import Agreement, Part
from hotline.neighbours.copy import CityCopy, CopiedMessage, WrongCopy, bare_copy, copy_of, read_copy, written
from hotline.neighbours.line import NeighbourLine
from hotline.outages.outage import Outage, OutageKind
from hotline.voice.city_name import CityName, city_name, in_name_of
from ivr_flows.neighbour import neighbour_greeting, neighbour_menu
from ivr_flows.ports import FlowPorts
from ivr_flows.routing import converse, go_on
from service.wiring.neighbours import ports_of
from tests.fakes.alarm import FakeAlarm
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.outages import entered

NAME = CityName(name="Чернігів", whose="міста Чернігова", en="Chernihiv", own=True)


def copied(clock: SetClock, *outages: Outage, message: CopiedMessage | None = None) -> CityCopy:
    """The copy as it comes: written there, read here."""
    now = clock.now()
    copy = copy_of(
        agreement(clock),
        NAME,
        at=now,
        local=now,
        outages=outages,
        classifier=classifier(),
        executors=(),
        streets=(),
        message=message,
    )
    return read_copy(written(copy))


def agreement(clock: SetClock) -> Agreement:
    return Agreement(
        id=3,
        part=Part.ANSWERS,
        name="Чернігів",
        document="№ 5",
        since=clock.now(),
        until=clock.now() + timedelta(days=9),
        number="+380462123456",
        made_by=1,
        made_at=clock.now(),
    )


def line(clock: SetClock, *outages: Outage, message: CopiedMessage | None = None) -> NeighbourLine:
    return NeighbourLine(agreement=agreement(clock), copy=copied(clock, *outages, message=message))


def off(clock: SetClock, number: int, kind: OutageKind = OutageKind.UNPLANNED) -> Outage:
    return Outage(
        id=number,
        utility=Utility.WATER,
        kind=kind,
        starts_at=clock.now() - timedelta(hours=1),
        entered_at=clock.now(),
    )


@pytest.fixture(autouse=True)
def _in_their_name() -> Iterator[None]:
    with in_name_of(NAME):
        yield


async def test_they_are_greeted_in_their_citys_name_and_told_who_answers(
    city: FlowPorts, clock: SetClock
) -> None:
    call = FakeCall()
    theirs = line(clock)
    assert await neighbour_greeting(call, ports_of(theirs, city), theirs) is Next.MENU
    assert call.heard == ["emergency-notice", "emergency-key", "welcome", "neighbour-answered-by"]
    assert call.said[2] == "Контакт-центр міста Чернігова."
    assert call.said[3] == "За домовленістю між громадами вам відповідають диспетчери міста Славутича."


async def test_another_name_lasts_no_longer_than_the_call() -> None:
    assert city_name() == NAME
    with in_name_of(CityName(name="Ніжин", whose="міста Ніжина", en="Nizhyn")):
        assert city_name().name == "Ніжин"
    assert city_name() == NAME


async def test_their_message_and_what_is_off_everywhere_come_first(city: FlowPorts, clock: SetClock) -> None:
    theirs = line(
        clock, off(clock, 1), message=CopiedMessage(mark="4-1", uk="Кип'ятіть воду.", en="Boil the water.")
    )
    await entered(city.outages, Utility.GAS, OutageKind.EMERGENCY, clock.now())
    call = FakeCall()
    await neighbour_greeting(call, ports_of(theirs, city), theirs)
    assert "Кип'ятіть воду." in call.said
    assert any(said.startswith("Відключення води") or "води" in said for said in call.said)
    assert not any("газ" in said.lower() for said in call.said), "ours are none of theirs"
    assert (Step.INFORMED, {"about": "neighbour-outages"}) in call.notes
    await neighbour_menu(FakeCall(), ports_of(theirs, city), theirs)


async def test_an_old_copy_is_told_with_its_time(city: FlowPorts, clock: SetClock) -> None:
    theirs = line(clock)
    clock.pass_by(7200)
    call = FakeCall("1")
    assert await neighbour_menu(call, ports_of(theirs, city), theirs) is Next.DISPATCHER
    assert call.heard[2:4] == ["neighbour-no-outages", "neighbour-as-of"]
    assert call.said[3].startswith("Ці відомості ми отримали сьогодні о")


async def test_the_key_of_emergencies_is_not_kept_waiting(city: FlowPorts, clock: SetClock) -> None:
    theirs = line(clock, off(clock, 1))
    call = FakeCall("4", impatient=True)
    assert await neighbour_greeting(call, ports_of(theirs, city), theirs) is Next.EMERGENCY
    assert await neighbour_menu(FakeCall("4"), ports_of(theirs, city), theirs) is Next.EMERGENCY


@pytest.mark.parametrize("keys", ["_", "0", "777"])
async def test_who_presses_nothing_or_wrongly_gets_a_dispatcher(
    city: FlowPorts, clock: SetClock, keys: str
) -> None:
    theirs = line(clock)
    assert await neighbour_menu(FakeCall(keys), ports_of(theirs, city), theirs) is Next.DISPATCHER


async def test_their_emergency_rings_none_of_our_enterprises(
    city: FlowPorts, clock: SetClock, alarm: FakeAlarm
) -> None:
    theirs = line(clock)
    call = FakeCall()
    assert await go_on(call, Next.EMERGENCY, ports_of(theirs, city)) is Next.MESSAGE
    assert alarm.sounded == []


async def test_after_a_restart_they_are_in_their_own_menu_again(city: FlowPorts, clock: SetClock) -> None:
    theirs = line(clock)
    call = FakeCall("0")
    await converse(call, Arrival.IN_MENU, ports_of(theirs, city))
    assert call.heard[0] == "resumed"
    assert "neighbour-menu" in call.heard
    assert "menu" not in call.heard


async def test_more_than_three_outages_are_left_to_a_dispatcher(city: FlowPorts, clock: SetClock) -> None:
    many = [off(clock, number) for number in range(1, 6)]
    call = FakeCall("1")
    theirs = replace(line(clock), copy=copied(clock, *many))
    await neighbour_menu(call, ports_of(theirs, city), theirs)
    assert "neighbour-more-outages" in call.heard


@pytest.mark.parametrize("name", ["", "  ", "С" * 61, "Слав\u0000утич"])
def test_a_city_whose_name_cannot_be_said_is_none(clock: SetClock, name: str) -> None:
    copy = copied(clock)
    with pytest.raises(WrongCopy):
        read_copy(written(msgspec.structs.replace(copy, city=msgspec.structs.replace(copy.city, name=name))))


async def test_how_old_a_copy_is_goes_by_our_clock_and_not_by_theirs(
    city: FlowPorts, clock: SetClock
) -> None:
    theirs = line(clock)
    slow = msgspec.structs.replace(theirs.copy, made_at=clock.now() - timedelta(days=2))
    call = FakeCall("1")
    await neighbour_menu(call, ports_of(theirs, city), replace(theirs, copy=slow))
    assert "neighbour-as-of" not in call.heard, "it was read this minute"
    ahead = msgspec.structs.replace(theirs.copy, made_at=clock.now() + timedelta(days=2))
    clock.pass_by(7200)
    call = FakeCall("1")
    await neighbour_menu(call, ports_of(theirs, city), replace(theirs, copy=ahead))
    assert "neighbour-as-of" in call.heard
    assert any(said.startswith("Ці відомості ми отримали сьогодні о") for said in call.said)


async def test_of_a_city_whose_copy_cannot_be_read_nothing_is_claimed(
    city: FlowPorts, clock: SetClock
) -> None:
    known = agreement(clock)
    theirs = NeighbourLine(agreement=known, copy=bare_copy(known), bare=True)
    call = FakeCall("1")
    with in_name_of(theirs.copy.city_name):
        await neighbour_greeting(call, ports_of(theirs, city), theirs)
        assert await neighbour_menu(call, ports_of(theirs, city), theirs) is Next.DISPATCHER
    assert "Контакт-центр громади Чернігів." in call.said
    assert "neighbour-no-outages" not in call.heard


async def test_what_is_at_the_bounds_of_a_copy_can_be_said(city: FlowPorts, clock: SetClock) -> None:
    wide = replace(
        off(clock, 2**53, OutageKind.EMERGENCY),
        expected_end=clock.now().replace(year=2199, month=12, day=31),
        areas=(
            Area(street="К" * 300, first=99_999, last=1, side=Side.ODD),
            Area(street="", first=1, letter="Ю" * 300),
        ),
        reason="р" * 5_000,
    )
    call = FakeCall("1")
    theirs = line(clock, wide)
    await neighbour_menu(call, ports_of(theirs, city), theirs)
    assert "neighbour-outages" in call.heard


async def test_who_is_called_back_hears_who_calls_in_their_citys_name(
    city: FlowPorts, clock: SetClock
) -> None:
    theirs = line(clock)
    call = FakeCall()
    await converse(call, Arrival.CALLED, ports_of(theirs, city))
    assert "Добрий день! Контакт-центр міста Чернігова." in call.said
