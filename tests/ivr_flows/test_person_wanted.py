"""Whom we called gets a person at once, or is called back: nobody waits in a line for our own call."""

from hotline.calls.call import Step
from ivr_flows.person_wanted import person_wanted
from ivr_flows.ports import FlowPorts
from tests.fakes.call import FakeCall
from tests.fakes.desk import FakeDesk


async def test_without_a_free_dispatcher_they_are_called_back(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True)
    await person_wanted(call, city, free=False)
    assert call.steps == [Step.CALLBACK_WANTED]
    assert call.heard == ["survey-call-back"]
    assert await city.line.entries() == []


async def test_a_dispatcher_who_has_gone_meanwhile_leaves_a_call_back(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True)
    await person_wanted(call, city, free=True)
    assert call.steps[-1] is Step.CALLBACK_WANTED
    assert call.heard == ["nobody-on-duty", "survey-call-back"]
    assert await city.line.entries() == []


async def test_a_free_dispatcher_talks_with_them_at_once(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall("*", outgoing=True, impatient=True, hold=desk.hold)
    await person_wanted(call, city, free=True)
    assert call.recording_refused
    assert "talk" in call.verbs
    assert Step.CALLBACK_WANTED not in call.steps


async def test_whoever_speaks_of_an_emergency_waits_before_all_others(
    city: FlowPorts, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    call = FakeCall("*", outgoing=True, impatient=True, hold=desk.hold)
    await person_wanted(call, city, free=False, urgent=True)
    assert "talk" in call.verbs
    assert (Step.JOINED_LINE, {"priority": "emergency"}) in call.notes
    assert Step.CALLBACK_WANTED not in call.steps


async def test_an_emergency_to_which_nobody_comes_is_left_as_a_message(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True)
    await person_wanted(call, city, free=False, urgent=True)
    assert "alarm-message" in call.heard
    assert "survey-call-back" not in call.heard
    assert call.messages == 1


async def test_whoever_refused_to_be_recorded_is_not_asked_again(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall(outgoing=True, hold=desk.hold)
    call.recording_refused = True
    await person_wanted(call, city, free=True)
    assert "recording-notice" not in call.heard
