"""The first words of a call."""

from datetime import timedelta

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from ivr_flows import prompts
from ivr_flows.greeting import greeting
from ivr_flows.ports import FlowPorts
from tests.fakes.call import FakeCall
from tests.fakes.outages import entered

FIRST_WORDS = [one.name for one in prompts.GREETING]


async def test_the_call_is_answered_and_112_comes_before_everything(city: FlowPorts) -> None:
    call = FakeCall()
    assert await greeting(call, city) is Next.MENU
    assert call.verbs[0] == "answer"
    assert call.heard == FIRST_WORDS


async def test_a_city_wide_emergency_is_told_before_anybody_asks(city: FlowPorts) -> None:
    await _enter(city, OutageKind.EMERGENCY)
    call = FakeCall()
    assert await greeting(call, city) is Next.MENU
    assert [*call.heard[:6], call.heard[-1]] == [*FIRST_WORDS, "city-emergency", "outage-keys"]
    assert call.said[6].startswith("Аварійне відключення води по всьому місту.")
    assert call.notes == [(Step.INFORMED, {"about": "outage", "outage": 1})]


async def test_emergencies_come_before_what_else_is_off_everywhere(city: FlowPorts) -> None:
    for kind in (OutageKind.PLANNED, OutageKind.EMERGENCY, OutageKind.REPAIR):
        await _enter(city, kind)
    call = FakeCall()
    await greeting(call, city)
    assert call.heard[5] == "city-emergency"
    assert [detail["outage"] for _, detail in call.notes] == [2, 1, 3]


async def test_an_emergency_is_told_even_to_those_who_pressed_a_key_in_the_greeting(city: FlowPorts) -> None:
    await _enter(city, OutageKind.EMERGENCY)
    call = FakeCall()
    await greeting(call, city)
    assert call.verbs == ["answer", "announce", "announce insisting", "choose"]


async def test_whoever_cuts_the_emergency_short_was_not_informed(city: FlowPorts) -> None:
    await _enter(city, OutageKind.EMERGENCY)
    call = FakeCall("0", impatient=True)
    assert await greeting(call, city) is Next.MENU
    assert call.steps == []


async def test_the_emergencys_key_in_the_greeting_waits_for_no_known_outage(city: FlowPorts) -> None:
    await _enter(city, OutageKind.EMERGENCY)
    call = FakeCall("4", impatient=True)
    assert await greeting(call, city) is Next.EMERGENCY
    assert call.heard == FIRST_WORDS
    assert call.notes == [(Step.PRESSED, {"key": "4"})]


async def test_what_was_typed_ahead_is_no_emergency_though_its_key_is_in_it(city: FlowPorts) -> None:
    call = FakeCall("22600004#", impatient=True)
    assert await greeting(call, city) is Next.MENU


async def _enter(city: FlowPorts, kind: OutageKind) -> None:
    begun = city.clock.now() - timedelta(hours=1)
    await entered(city.outages, Utility.WATER, kind, begun, None)
