"""The wait for a dispatcher, on the real line."""

from collections.abc import Awaitable
from datetime import timedelta

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Done, Next, TalkEnd
from hotline.errors import CallGone
from hotline.line.line import Priority
from hotline.line.presence_states import CONSULT, Presence
from hotline.line.queue_entry_states import QueueEntryState
from hotline.supervision.slower_places import NewSlowerPlace
from ivr_flows import waiting as module
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import talk_again, waiting, waits_on
from storage.store import Storage
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.desk import FakeDesk


async def test_with_nobody_on_duty_a_message_is_offered_at_once(city: FlowPorts, storage: Storage) -> None:
    call = FakeCall()
    assert await waiting(call, city) is Next.MESSAGE
    assert call.heard == ["nobody-on-duty"]
    assert call.steps == [Step.JOINED_LINE, Step.LEFT_LINE]
    assert await storage.line.entries() == []


async def test_the_first_in_line_is_connected_without_being_counted(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard == ["recording-notice", "connecting-to-dispatcher"]


async def test_a_refusal_that_a_dispatcher_comes_before_counts_all_the_same(
    city: FlowPorts, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    call = FakeCall("*", hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.recording_refused
    assert call.heard == ["recording-notice", "connecting-to-dispatcher"]
    assert call.verbs.index("refuse_recording") < call.verbs.index("talk")


async def test_whoever_stands_behind_others_hears_their_place_and_the_wait(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    for other in ("a", "b"):
        await city.line.enter(other, at=clock.now())
        clock.pass_by(1)
    call = FakeCall(hold=desk.hold)
    call = FakeCall(hang_up_at=4, hold=desk.hold)
    with pytest.raises(CallGone):
        await waiting(call, city)
    assert call.said[1].startswith("Усі диспетчери зараз розмовляють.")
    assert call.said[2:4] == ["Перед вами двоє людей.", "Час очікування — близько дев'яти хвилин."]
    assert call.heard[4:] == ["callback-offer"]


async def test_the_place_is_told_again_now_and_then_but_only_once_that_all_are_talking(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    await city.line.enter("other", at=clock.now())
    clock.pass_by(1)
    left = False

    async def hold(seconds: float) -> bool:
        nonlocal left
        if desk.holds == 2 and not left:
            await city.line.leave("other", clock.now())
            left = True
        return await desk.hold(seconds)

    desk.busy_for = 3
    call = FakeCall(hold=hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard == [
        *("recording-notice", "you-are-in-line", "position-2", "wait-6", "callback-offer"),
        *("position-2", "wait-6", "callback-offer"),
        *("position-2", "wait-6", "callback-offer"),
        *("position-first", "wait-3", "callback-offer"),
    ]


async def test_an_emergency_stands_before_those_who_came_earlier(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    await city.line.enter("other", at=clock.now())
    clock.pass_by(60)
    call = FakeCall(hold=desk.hold)
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.GOODBYE
    assert call.notes[0] == (Step.JOINED_LINE, {"priority": "emergency"})
    assert call.heard == ["recording-notice", "connecting-to-dispatcher"]


async def test_an_emergency_in_the_line_is_not_offered_to_be_called_back(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    for other in ("a", "b"):
        await city.line.enter(other, at=clock.now())
        clock.pass_by(1)
    desk.busy_for = 2
    call = FakeCall("4", hold=desk.hold, number="+380671112233")
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard.count("callback-offer") == 1, "before the key, and not after it"


@pytest.mark.parametrize(("priority", "looks"), [(Priority.EMERGENCY, 6), (Priority.ORDINARY, 1)])
async def test_with_an_emergency_the_line_is_looked_at_every_few_seconds_and_they_are_told_no_more_often(
    city: FlowPorts, desk: FakeDesk, priority: Priority, looks: int
) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 2 * looks
    call = FakeCall(hold=desk.hold)
    assert await waiting(call, city, priority=priority) is Next.GOODBYE
    assert desk.holds == 2 * looks + 1
    told = [one for one in call.heard if one.startswith(("connecting", "position"))]
    assert told == ["connecting-to-dispatcher", *["position-first"] * 2]


async def test_whoever_presses_four_while_they_wait_goes_before_all_others(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    for other in ("a", "b"):
        await city.line.enter(other, at=clock.now())
        clock.pass_by(1)
    desk.busy_for = 1
    call = FakeCall("4", hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    entered = [detail["priority"] for step, detail in call.notes if step is Step.JOINED_LINE]
    assert entered == ["ordinary", "emergency"]
    (talking,) = [entry for entry in await city.line.entries() if entry.state is QueueEntryState.TALKING]
    assert talking.call_id == call.id


async def test_whoever_presses_four_while_a_dispatcher_is_rung_for_them_keeps_that_one(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    one = await desk.comes_on_duty()
    holds = 0

    async def hold(_seconds: float) -> bool:
        nonlocal holds
        holds += 1
        return holds > 1 and await city.line.answered(call.id, one.id, clock.now())

    call = FakeCall("4", hold=hold)
    await city.line.enter(call.id, at=clock.now())
    assert await city.line.pick(call.id, one.id, clock.now())
    assert await waits_on(call, city) is Next.GOODBYE


async def test_whose_case_became_an_emergency_while_the_line_stood_still_waits_on_before_all_others(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    await city.line.enter(call.id, at=clock.now())
    await call.set_urgent(urgent=True)
    assert await waits_on(call, city) is Next.GOODBYE
    joined = [detail["priority"] for step, detail in call.notes if step is Step.JOINED_LINE]
    assert joined == ["ordinary", "emergency"]


async def test_when_the_last_dispatcher_leaves_the_waiting_caller_can_leave_a_message(
    city: FlowPorts, desk: FakeDesk, storage: Storage, clock: SetClock
) -> None:
    one = await desk.comes_on_duty()

    async def hold(_seconds: float) -> bool:
        await storage.dispatchers.set_presence(one.id, Presence.AWAY, clock.now())
        return False

    call = FakeCall(hold=hold)
    assert await waiting(call, city) is Next.MESSAGE
    assert call.heard == ["recording-notice", "connecting-to-dispatcher", "nobody-on-duty"]


async def test_a_caller_whose_dispatchers_phone_died_goes_back_to_the_head_of_the_line(
    city: FlowPorts, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    priorities = []

    async def hold(seconds: float) -> bool:
        (entry,) = await city.line.entries()
        priorities.append(entry.priority)
        return await desk.hold_after_the_talk(seconds)

    call = FakeCall(hold=hold, talks=[TalkEnd.BROKEN])
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard[1:-1] == ["connecting-to-dispatcher", "returned-to-line", "position-first", "wait-3"]
    assert priorities == [Priority.ORDINARY, Priority.RETURNING]


async def test_who_fell_out_of_a_talk_with_nobody_left_in_it_is_first_in_the_line(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    one = await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    await city.line.enter(call.id, at=clock.now())
    assert await city.line.pick(call.id, one.id, clock.now())
    assert await city.line.answered(call.id, one.id, clock.now())
    await city.line.talk_ended(call.id, one.id, clock.now(), wrap_up=timedelta(0))
    assert await waits_on(call, city) is Next.GOODBYE
    assert call.notes[0] == (Step.JOINED_LINE, {"priority": "returning"})
    assert "talk" in call.verbs


async def test_whoever_waits_while_the_end_of_their_talk_is_written_is_first_in_the_line(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    """As after an outage: what their place looked like when they came back to it was not the last word."""
    one = await desk.comes_on_duty()

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            await city.line.talk_ended(call.id, one.id, clock.now(), wrap_up=timedelta(0))
        return await desk.hold(seconds)

    desk.busy_for = 1
    call = FakeCall(hold=hold, hang_up_at=20)
    await city.line.enter(call.id, at=clock.now())
    assert await city.line.pick(call.id, one.id, clock.now())
    assert await city.line.answered(call.id, one.id, clock.now())
    assert await waits_on(call, city) is Next.GOODBYE
    assert "talk" in call.verbs


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_desk_that_rings_for_a_caller_who_comes_back_to_the_line_goes_on_ringing(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, *, urgent: bool
) -> None:
    """Whose talk had no place any more, or who presses the emergency's key while they are asked to wait."""
    one = await desk.comes_on_duty()

    async def hold(_seconds: float) -> bool:
        return await city.line.answered(call.id, one.id, clock.now(), attempt=1)

    call = FakeCall(hold=hold, talks=[] if urgent else [TalkEnd.BROKEN], hang_up_at=20)
    await city.line.enter(call.id, at=clock.now())
    assert await city.line.pair(clock.now())
    going = waiting(call, city, priority=Priority.EMERGENCY) if urgent else talk_again(call, city)
    assert await going is Next.GOODBYE
    joined = [detail for step, detail in call.notes if step is Step.JOINED_LINE]
    assert joined == ([{"priority": "emergency"}] if urgent else [])


async def test_the_emergencys_key_pressed_while_a_desk_rings_makes_that_ring_an_emergencys(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    one = await desk.comes_on_duty()
    rung: list[Priority] = []

    async def hold(_seconds: float) -> bool:
        entry = await city.line.entry(call.id)
        assert entry is not None
        if entry.state is QueueEntryState.WAITING:
            assert await city.line.pair(clock.now())
            return False
        rung.append(entry.priority)
        return len(rung) > 1 and await city.line.answered(call.id, one.id, clock.now(), attempt=1)

    call = FakeCall("_4", hold=hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert rung == [Priority.ORDINARY, Priority.EMERGENCY]
    joined = [detail for step, detail in call.notes if step is Step.JOINED_LINE]
    assert joined == [{"priority": "ordinary"}, {"priority": "emergency"}], "once, however often it is seen"


async def test_an_emergency_goes_first_within_seconds_after_a_desk_that_rang_before_did_not_answer(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    one = await desk.comes_on_duty()

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            await city.line.missed(call.id, one.id, clock.now(), pause_after=None)
        return await desk.hold(seconds)

    desk.busy_for = 1
    call = FakeCall(hold=hold, hang_up_at=20)
    await city.line.enter(call.id, at=clock.now())
    assert await city.line.pair(clock.now())
    assert await waiting(call, city, priority=Priority.EMERGENCY) is Next.GOODBYE
    entry = await city.line.entry(call.id)
    assert entry is not None
    assert entry.priority is Priority.EMERGENCY
    assert desk.holds == 2


async def test_a_caller_passed_on_to_a_colleague_waits_for_them_alone(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty("201")
    colleague = await desk.comes_on_duty("202", Presence.READY)
    call = FakeCall(hold=desk.hold)
    await city.line.enter(
        call.id, at=clock.now(), priority=Priority.RETURNING, wanted_dispatcher_id=colleague.id
    )
    assert await desk.hold(30)
    entry = await city.line.entry(call.id)
    assert entry is not None
    assert entry.dispatcher_id == colleague.id


async def test_a_caller_passed_on_to_a_colleague_who_is_away_gets_the_first_who_is_free(
    city: FlowPorts, desk: FakeDesk
) -> None:
    await desk.comes_on_duty("201")
    away = await desk.comes_on_duty("202", Presence.AWAY)

    async def to_the_colleague(call_id: str) -> None:
        await desk.pass_on(call_id, away)

    call = FakeCall(hold=desk.hold_after_the_talk, talks=[TalkEnd.PASSED_ON], pass_on=to_the_colleague)
    assert await waiting(call, city) is Next.GOODBYE
    assert "nobody-on-duty" not in call.heard
    assert call.verbs.count("talk") == 2


async def test_a_colleague_who_does_not_come_within_one_announcement_is_waited_for_no_longer(
    city: FlowPorts, desk: FakeDesk, storage: Storage, clock: SetClock
) -> None:
    await desk.comes_on_duty("201")
    busy = await desk.comes_on_duty("202")
    assert await storage.line.engage(busy.id, clock.now(), CONSULT)
    call = FakeCall()
    await city.line.enter(
        call.id, at=clock.now(), wanted_dispatcher_id=busy.id, skill="english", topic="water"
    )
    await module._anyone_will_do(call, city)
    entry = await city.line.entry(call.id)
    assert entry is not None
    assert (entry.wanted_dispatcher_id, entry.skill, entry.topic) == (None, "english", "water")


async def test_a_colleague_whose_phone_rings_is_not_taken_away(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    colleague = await desk.comes_on_duty("201")
    call = FakeCall()
    await city.line.enter(call.id, at=clock.now(), wanted_dispatcher_id=colleague.id)
    assert await city.line.pair(clock.now())
    await module._anyone_will_do(call, city)
    entry = await city.line.entry(call.id)
    assert entry is not None
    assert entry.state is QueueEntryState.OFFERED


async def test_while_a_phone_rings_the_caller_is_asked_for_a_moment(
    city: FlowPorts, desk: FakeDesk, storage: Storage, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    offered = False

    async def hold(_seconds: float) -> bool:
        nonlocal offered
        if not offered:
            offered = await storage.line.pair(clock.now()) is not None
            return False
        entry = await storage.line.entry(call.id)
        assert entry is not None
        assert entry.dispatcher_id is not None
        return await storage.line.answered(call.id, entry.dispatcher_id, clock.now())

    call = FakeCall(hold=hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard == ["recording-notice", "connecting-to-dispatcher", "one-moment"]


async def test_a_caller_whose_place_was_given_up_by_mistake_stands_in_the_line_again(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            await city.line.leave(call.id, clock.now())
        return await desk.hold(seconds)

    desk.busy_for = 1
    call = FakeCall(hold=hold)
    assert await waiting(call, city) is Next.GOODBYE


async def test_a_talk_that_went_on_without_us_ends_as_any_other(city: FlowPorts) -> None:
    call = FakeCall(talks=[TalkEnd.OVER])
    assert await talk_again(call, city) is Next.GOODBYE
    assert call.verbs == ["talk"]


async def test_a_caller_whose_dispatchers_page_is_loaded_anew_is_first_for_the_same_dispatcher(
    city: FlowPorts, desk: FakeDesk
) -> None:
    dispatcher = await desk.comes_on_duty()
    wanted = []

    async def back_for_the_same(call_id: str) -> None:
        await desk.pass_on(call_id, dispatcher)
        entry = await city.line.entry(call_id)
        wanted.append(entry and entry.wanted_dispatcher_id)

    call = FakeCall(hold=desk.hold_after_the_talk, talks=[TalkEnd.INTERRUPTED], pass_on=back_for_the_same)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard[1:3] == ["connecting-to-dispatcher", "returned-to-line"]
    assert wanted == [dispatcher.id]


@pytest.mark.parametrize("end", [TalkEnd.BROKEN, TalkEnd.INTERRUPTED, TalkEnd.PASSED_ON])
async def test_a_talk_that_went_on_without_us_and_broke_leads_back_to_the_line(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, end: TalkEnd
) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold_after_the_talk, talks=[end], pass_on=desk.pass_on)
    await city.line.enter(call.id, at=clock.now())
    assert await desk.hold(30)
    assert await talk_again(call, city) is Next.GOODBYE
    assert call.verbs.count("talk") == 2


async def test_no_talk_begins_before_its_recording_was_told_of(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    call = FakeCall(hold=desk.hold)
    await waiting(call, city)
    assert call.verbs.index("announce insisting") < call.verbs.index("talk")


async def test_star_pressed_while_they_wait_refuses_the_recording(city: FlowPorts, desk: FakeDesk) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 1
    call = FakeCall("*", hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.recording_refused
    assert call.heard.count("recording-refused-ok") == 1


async def test_an_abusive_caller_is_served_behind_those_who_came_later_and_first_with_an_emergency(
    city: FlowPorts, storage: Storage, desk: FakeDesk, clock: SetClock
) -> None:
    number, today = "+380671112299", clock.now().astimezone(city.timezone).date()
    (head, *_) = await storage.users.all()
    await storage.slower_places.place(
        NewSlowerPlace(number=number, reason="лайка", until=today, review_on=today),
        by=head.id,
        at=clock.now(),
    )
    await desk.comes_on_duty()
    call = FakeCall("4", hold=desk.hold, number=number)
    desk.busy_for = 1
    assert await waiting(call, city) is Next.GOODBYE
    entered = [detail["priority"] for step, detail in call.notes if step is Step.JOINED_LINE]
    assert entered == ["slower", "emergency"]


async def test_a_case_that_becomes_an_emergency_is_one_before_the_database_answers(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await desk.comes_on_duty()
    await city.line.enter("other", at=clock.now())
    clock.pass_by(1)
    desk.busy_for = 1
    call = FakeCall("4", hold=desk.hold)

    async def stands(_call: FakeCall, _city: FlowPorts) -> None:
        assert call.urgent
        raise CallGone("the database stands")

    monkeypatch.setattr(module, "_goes_first", stands)
    with pytest.raises(CallGone, match="stands"):
        await waiting(call, city)


async def test_who_comes_while_the_wait_is_being_reckoned_is_not_waited_with(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await desk.comes_on_duty()
    await city.line.enter("other", at=clock.now())
    clock.pass_by(1)
    call = SomebodyComes(hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard == ["recording-notice", "one-moment"]


class SomebodyComes(FakeCall):
    """A call for which somebody comes whenever the wait is looked up."""

    async def unless_somebody_comes(self, look_up: Awaitable[Done], otherwise: Done) -> Done:
        found = await look_up
        return otherwise if isinstance(found, timedelta) else found
