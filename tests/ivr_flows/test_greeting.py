"""The first words of a call."""

from datetime import timedelta

from hotline.calls.call import CallRecord, JourneyStep, Outcome, Step
from hotline.calls.conversation import Next
from hotline.city.classifier import Utility
from hotline.outages.outage import OutageKind
from ivr_flows import prompts
from ivr_flows.greeting import greeting
from ivr_flows.ports import FlowPorts
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
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
    assert [*call.heard[:5], call.heard[-1]] == [
        *FIRST_WORDS,
        "english-on-nine",
        "city-emergency",
        "outage-keys",
    ]
    assert call.said[5].startswith("Аварійне відключення води по всьому місту.")
    assert call.notes == [(Step.INFORMED, {"about": "outage", "outage": 1})]


async def test_emergencies_come_before_what_else_is_off_everywhere(city: FlowPorts) -> None:
    for kind in (OutageKind.PLANNED, OutageKind.EMERGENCY, OutageKind.REPAIR):
        await _enter(city, kind)
    call = FakeCall()
    await greeting(call, city)
    assert call.heard[4] == "city-emergency"
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


async def test_a_number_that_called_lately_and_stayed_for_the_menu_knows_it(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    async def knows() -> bool:
        call = FakeCall()
        await greeting(call, city)
        return call.knows_menu

    assert not await knows()
    await _past_call(storage, clock, "hurried", seconds=5)
    assert not await knows()
    await _past_call(storage, clock, "patient", seconds=30)
    assert await knows()
    clock.pass_by(timedelta(days=31).total_seconds())
    assert not await knows()


async def _past_call(storage: Storage, clock: SetClock, call_id: str, *, seconds: float) -> None:
    now = clock.now()
    await storage.calls.open(CallRecord(id=call_id, number=FakeCall().number, shown="", arrived_at=now))
    await storage.calls.note(JourneyStep(call_id=call_id, number=1, at=now, step=Step.ANSWERED))
    await storage.calls.close(call_id, Outcome.ANSWERED_BY_MACHINE, now + timedelta(seconds=seconds))
    await storage.calls.flush()


async def _enter(city: FlowPorts, kind: OutageKind) -> None:
    begun = city.clock.now() - timedelta(hours=1)
    await entered(city.outages, Utility.WATER, kind, begun, None)
