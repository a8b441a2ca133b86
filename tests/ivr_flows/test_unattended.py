"""An emergency that finds nobody on duty."""

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next, TalkEnd
from hotline.errors import CallGone
from hotline.line.line import Priority
from hotline.line.queue_entry_states import QueueEntryState
from ivr_flows.alarm_call import Left, alarm_call
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting
from tests.fakes.alarm import FakeAlarm
from tests.fakes.call import FakeCall
from tests.fakes.desk import FakeDesk

FIRST = ["alarm-nobody-yet", "alarm-services"]


async def test_with_nobody_to_ring_the_services_are_named_and_a_message_is_taken(city: FlowPorts) -> None:
    call = FakeCall()
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.MESSAGE
    assert call.heard == [*FIRST, "alarm-message"]
    assert call.steps == [Step.JOINED_LINE, Step.LEFT_LINE]


async def test_the_caller_holds_while_duty_contacts_are_rung(city: FlowPorts, alarm: FakeAlarm) -> None:
    alarm.rings_for = 3
    call = FakeCall()
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.MESSAGE
    assert call.heard == [
        *(*FIRST, "alarm-duty-rung"),
        "recording-notice",
        *["alarm-duty-still-rung"] * 2,
        "alarm-message",
    ]
    assert (alarm.sounded, alarm.over) == ([("call-1", "+380457900001")], [("call-1", False)])


async def test_whoever_comes_talks_with_the_caller_who_stands_in_no_line_then(
    city: FlowPorts, alarm: FakeAlarm
) -> None:
    alarm.rings_for = 9
    call = FakeCall(contact_comes=True)
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.GOODBYE
    assert call.verbs[-1] == "talk"
    assert alarm.over == [("call-1", True)]
    entry = await city.line.entry("call-1")
    assert entry
    assert entry.state is QueueEntryState.LEFT


async def test_a_contact_who_hangs_up_before_a_word_leaves_the_caller_holding_for_the_others(
    city: FlowPorts, alarm: FakeAlarm
) -> None:
    alarm.rings_for = 9
    call = FakeCall(contact_comes=True, talks=[TalkEnd.BROKEN])
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.GOODBYE
    assert call.verbs.count("talk") == 2
    assert call.steps == [Step.JOINED_LINE, Step.LEFT_LINE, Step.JOINED_LINE, Step.LEFT_LINE]
    assert alarm.sounded == [("call-1", "+380457900001")]
    assert alarm.over == [("call-1", True)]


async def test_a_dispatcher_who_comes_meanwhile_gets_the_caller(
    city: FlowPorts, alarm: FakeAlarm, desk: FakeDesk
) -> None:
    alarm.rings_for = 9

    async def hold(seconds: float) -> bool:
        await desk.comes_on_duty()
        return await desk.hold(seconds)

    call = FakeCall(hold=hold)
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.GOODBYE
    assert call.verbs[-1] == "talk"
    assert alarm.over == [("call-1", True)]


async def test_whoever_hangs_up_meanwhile_is_known_to_have(city: FlowPorts, alarm: FakeAlarm) -> None:
    alarm.rings_for = 9
    call = FakeCall(hang_up_at=2)
    with pytest.raises(CallGone):
        await waiting(call, city, priority=Priority.EMERGENCY)
    assert alarm.over == [("call-1", False)]


class Callers:
    """One caller who holds, or has hung up."""

    def __init__(self, *, holds: bool, left: Left | None = None) -> None:
        self.holds = holds
        self.left = left

    def hold(self) -> bool:
        return self.holds

    async def meet(self, call: FakeCall) -> bool:
        return self.holds and await call.meet("call-1")

    def wrote(self) -> bool:
        return self.left is not None and self.left.wrote

    def who_left(self) -> Left | None:
        return self.left


async def test_one_key_brings_the_contact_to_the_caller(city: FlowPorts) -> None:
    call = FakeCall("1", outgoing=True)
    assert await alarm_call(call, Callers(holds=True))
    assert call.heard == ["duty-who-calls", "alarm-waits", "alarm-keys"]
    assert call.verbs[-1] == "meet call-1"


@pytest.mark.parametrize(
    ("left", "told"),
    [
        (Left("+380671112233"), "Зателефонуйте, будь ласка, на номер нуль шість, сім один"),
        (Left(None), "Номер того, хто телефонував, приховано."),
        (Left("+380671112233", wrote=True), "Зателефонуйте, будь ласка, на номер нуль шість, сім один"),
        (Left(None, wrote=True), "Номера людина не назвала"),
        (None, "Дякуємо. На цей дзвінок уже відповіли"),
    ],
)
async def test_whoever_answers_too_late_hears_whom_to_call(left: Left | None, told: str) -> None:
    call = FakeCall("1", outgoing=True)
    assert await alarm_call(call, Callers(holds=False, left=left))
    assert call.said[3].startswith(told)


async def test_a_machine_that_presses_nothing_takes_nobody() -> None:
    call = FakeCall(outgoing=True)
    assert not await alarm_call(call, Callers(holds=True))
    assert "meet call-1" not in call.verbs
