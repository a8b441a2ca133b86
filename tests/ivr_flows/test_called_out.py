"""The first words to somebody whom a dispatcher has called, and the last."""

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, TalkEnd
from ivr_flows.ports import FlowPorts
from ivr_flows.routing import converse
from tests.fakes.call import FakeCall


async def test_they_are_told_that_the_talk_is_recorded_and_not_thanked_for_calling(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True, talks=[TalkEnd.OVER])
    await converse(call, Arrival.CALLED, city)
    assert call.heard == ["we-call", "recording-notice"]
    assert call.verbs[-1] == "talk"


async def test_a_star_refuses_the_recording_and_another_key_only_cuts_the_notice_short(
    city: FlowPorts,
) -> None:
    refuses = FakeCall("*", impatient=True, outgoing=True, talks=[TalkEnd.OVER])
    await converse(refuses, Arrival.CALLED, city)
    assert refuses.recording_refused
    hurries = FakeCall("5", impatient=True, outgoing=True, talks=[TalkEnd.OVER])
    await converse(hurries, Arrival.CALLED, city)
    assert not hurries.recording_refused
    assert hurries.verbs[-1] == "talk"


async def test_who_refused_before_hears_no_notice(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True, talks=[TalkEnd.OVER])
    call.recording_refused = True
    await converse(call, Arrival.CALLED, city)
    assert call.heard == []


async def test_whose_caller_is_gone_hears_nothing_more(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True)
    await converse(call, Arrival.LEFT_BEHIND, city)
    assert (call.heard, call.verbs) == ([], [])


async def test_whose_dispatchers_phone_died_waits_at_the_head_of_the_line(city: FlowPorts) -> None:
    call = FakeCall(outgoing=True, talks=[TalkEnd.BROKEN])
    await converse(call, Arrival.CALLED, city)
    assert Step.RETURNED_TO_LINE in [step for step, _ in call.notes]
