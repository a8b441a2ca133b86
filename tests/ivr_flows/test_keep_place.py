"""Whoever would not wait, on the real line."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Arrival, Next
from hotline.line.cut_off import CutOff
from hotline.line.line import Dispatcher, Priority
from hotline.line.queue_entry_states import QueueEntryState
from ivr_flows.called_back import called_back
from ivr_flows.keep_place import keep_place
from ivr_flows.ports import FlowPorts
from ivr_flows.routing import converse
from ivr_flows.waiting import waiting
from tests.fakes.call import FakeCall
from tests.fakes.clock import SetClock
from tests.fakes.desk import FakeDesk

NUMBER = "+380457900001"
BEFORE = "before"
JUST_HUNG_UP = 30


@pytest.fixture
async def dispatcher(city: FlowPorts, desk: FakeDesk, clock: SetClock) -> Dispatcher:
    """One is on duty and talks; somebody stands in the line already."""
    one = await desk.comes_on_duty()
    await city.line.enter(BEFORE, at=clock.now())
    clock.pass_by(1)
    desk.busy_for = 100
    return one


@pytest.mark.usefixtures("dispatcher")
async def test_one_key_keeps_the_place_another_says_on_which_number(city: FlowPorts, desk: FakeDesk) -> None:
    call = FakeCall("11", hold=desk.hold)
    assert await waiting(call, city) is Next.GOODBYE
    assert call.heard[-3:] == ["callback-offer", "callback-number-0001", "place-kept"]
    assert call.notes[-1] == (Step.PLACE_KEPT, {"to": "0001"})
    entry = await city.kept_places.of(NUMBER)
    assert entry is not None
    assert (entry.call_id, entry.state) == (call.id, QueueEntryState.WAITING)


@pytest.mark.usefixtures("dispatcher")
async def test_several_people_may_be_called_at_an_interpreters_number(
    city: FlowPorts, desk: FakeDesk
) -> None:
    assert city.keeping is not None
    shared = replace(city, keeping=replace(city.keeping, shared=(NUMBER,)))
    for citizen in range(city.keeping.a_day + 1):
        call = FakeCall("10457900001#", hold=desk.hold, number=None, call_id=f"interpreted-{citizen}")
        assert await waiting(call, shared) is Next.GOODBYE
        assert call.heard[-1] == "place-kept"


@pytest.mark.usefixtures("dispatcher")
async def test_hung_up_the_place_is_still_theirs(city: FlowPorts, desk: FakeDesk, clock: SetClock) -> None:
    call = FakeCall("11", hold=desk.hold)
    await waiting(call, city)
    await city.line.leave(call.id, clock.now())
    assert [one.call_id for one in await city.line.entries()] == [BEFORE, call.id]


@pytest.mark.parametrize(
    ("typed", "number"), [("0457900033", "+380457900033"), ("0671234567", "+380671234567")]
)
async def test_another_number_can_be_keyed_in(
    city: FlowPorts, clock: SetClock, typed: str, number: str
) -> None:
    call = FakeCall(f"2{typed}#")
    await city.line.enter(call.id, at=clock.now())
    assert await keep_place(call, city)
    assert await city.kept_places.of(number) is not None


@pytest.mark.parametrize("typed", ["201", "0900123456", "12"])
async def test_not_one_that_we_do_not_call(city: FlowPorts, clock: SetClock, typed: str) -> None:
    call = FakeCall(f"2{typed}#{typed}#")
    await city.line.enter(call.id, at=clock.now())
    assert not await keep_place(call, city)
    assert call.heard.count("no-callback-to-number") == 2
    assert call.heard[-1] == "wait-on"


@pytest.mark.usefixtures("dispatcher")
async def test_a_hidden_number_is_asked_for(city: FlowPorts, desk: FakeDesk) -> None:
    call = FakeCall("10457900044#", hold=desk.hold, number=None)
    await waiting(call, city)
    assert call.heard[-2:] == ["ask-callback-number", "place-kept"]
    assert await city.kept_places.of("+380457900044") is not None


async def test_nobody_has_a_strangers_number_called_all_day(city: FlowPorts, clock: SetClock) -> None:
    kept = []
    for turn in range(4):
        call = FakeCall("0457900044#", number=None, call_id=f"turn-{turn}")
        await city.line.enter(call.id, at=clock.now())
        kept.append(await keep_place(call, city))
        await city.kept_places.give_back(call.id, clock.now())
    assert kept == [True, True, True, False]


@pytest.mark.usefixtures("dispatcher")
async def test_without_a_way_out_nobody_is_asked(city: FlowPorts, desk: FakeDesk) -> None:
    desk.busy_for = 1
    call = FakeCall("1", hold=desk.hold)
    await waiting(call, replace(city, keeping=None))
    assert "callback-offer" not in call.heard


async def kept(city: FlowPorts, desk: FakeDesk, clock: SetClock) -> FakeCall:
    """Somebody keeps their place, and it is their turn: the dispatcher is kept free."""
    call = FakeCall("11", hold=desk.hold)
    await waiting(call, city)
    await city.line.leave(BEFORE, clock.now())
    clock.pass_by(JUST_HUNG_UP)
    offer = await city.line.pair(clock.now())
    assert offer is not None
    assert (offer.call_id, offer.callback_to) == (call.id, NUMBER)
    return call


async def test_called_back_a_key_brings_them_to_the_dispatcher_who_was_kept_free(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, dispatcher: Dispatcher
) -> None:
    left = await kept(city, desk, clock)
    desk.busy_for = 0
    call = FakeCall("1", hold=desk.hold, outgoing=True, call_id="back", place_kept=left.id)
    await converse(call, Arrival.CALLED_BACK, city)
    assert call.heard == ["you-asked-to-be-called", "recording-notice", "connecting-to-dispatcher"]
    entry = await city.line.entry("back")
    assert entry is not None
    assert (entry.dispatcher_id, entry.priority) == (dispatcher.id, Priority.RETURNING)
    assert await city.kept_places.of(NUMBER) is None


@pytest.mark.usefixtures("dispatcher")
@pytest.mark.parametrize(("pause", "attempts"), [(5, 1), (15, 2)])
async def test_whoever_presses_nothing_is_called_again_later(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, pause: int, attempts: int
) -> None:
    left = await kept(city, desk, clock)
    for attempt in range(attempts):
        if attempt:
            clock.pass_by(5 * 60)
            assert await city.line.pair(clock.now()) is not None
        call = FakeCall(outgoing=True, place_kept=left.id)
        assert await called_back(call, city) is Next.HANG_UP
        await city.kept_places.not_reached(left.id, clock.now(), attempt=attempt + 1)
    clock.pass_by(pause * 60 - 1)
    assert await city.line.pair(clock.now()) is None
    clock.pass_by(1)
    assert await city.line.pair(clock.now()) is not None


@pytest.mark.usefixtures("dispatcher")
async def test_after_the_third_attempt_they_are_a_missed_call(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    for attempt in range(1, 4):
        await city.kept_places.not_reached(left.id, clock.now(), attempt=attempt)
        clock.pass_by(timedelta(minutes=20).total_seconds())
        await city.line.pair(clock.now())
    assert await city.line.entries() == []


@pytest.mark.usefixtures("dispatcher")
async def test_whoever_has_just_hung_up_is_not_called_in_the_same_moment(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await waiting(FakeCall("11", hold=desk.hold), city)
    await city.line.leave(BEFORE, clock.now())
    clock.pass_by(JUST_HUNG_UP - 1)
    assert await city.line.pair(clock.now()) is None
    clock.pass_by(1)
    assert await city.line.pair(clock.now()) is not None


async def test_what_is_told_late_of_an_earlier_attempt_ends_no_later_one(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, dispatcher: Dispatcher
) -> None:
    left = await kept(city, desk, clock)
    await city.kept_places.not_reached(left.id, clock.now(), attempt=1)
    clock.pass_by(5 * 60)
    assert await city.line.pair(clock.now()) is not None
    await city.kept_places.not_reached(left.id, clock.now(), attempt=1)
    assert (await city.line.entries())[0].dispatcher_id == dispatcher.id
    await city.kept_places.not_reached(left.id, clock.now(), attempt=2)
    assert (await city.line.entries())[0].dispatcher_id is None


@pytest.mark.usefixtures("dispatcher")
async def test_an_attempt_that_could_not_be_made_is_none(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    for attempt in range(1, 9):
        later = clock.now() + timedelta(minutes=1)
        await city.kept_places.put_off(left.id, later, clock.now(), attempt=attempt)
        assert await city.line.pair(clock.now()) is None
        clock.pass_by(60)
        assert await city.line.pair(clock.now()) is not None


@pytest.mark.usefixtures("dispatcher")
async def test_lost_connections_do_not_drop_a_promised_call(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    for _ in range(8):
        await city.kept_places.break_off(left.id, clock.now() + timedelta(minutes=1), clock.now())
        assert await city.line.pair(clock.now()) is None
        clock.pass_by(60)
        assert await city.line.pair(clock.now()) is not None


@pytest.mark.usefixtures("dispatcher")
async def test_what_is_given_back_late_of_an_earlier_offer_takes_back_no_later_one(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    await city.kept_places.put_off(left.id, clock.now(), clock.now(), attempt=1)
    again = await city.line.pair(clock.now())
    assert again is not None
    await city.kept_places.put_off(left.id, clock.now(), clock.now(), attempt=1)
    await city.kept_places.not_reached(left.id, clock.now(), attempt=1)
    (entry,) = await city.line.entries()
    assert entry.dispatcher_id == again.dispatcher.id


@pytest.mark.usefixtures("dispatcher")
async def test_whose_place_went_while_they_were_called_stands_first_all_the_same(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    await city.kept_places.give_back(left.id, clock.now())
    await city.line.enter("after", at=clock.now())
    clock.pass_by(1)
    desk.busy_for = 0
    call = FakeCall("1", hold=desk.hold, outgoing=True, call_id="back", place_kept=left.id)
    await converse(call, Arrival.CALLED_BACK, city)
    entry = await city.line.entry("back")
    assert entry is not None
    assert entry.priority is Priority.RETURNING


@pytest.mark.usefixtures("dispatcher")
async def test_whoever_needs_no_help_any_more_gives_the_place_back(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = await kept(city, desk, clock)
    call = FakeCall("2", outgoing=True, place_kept=left.id)
    assert await called_back(call, city) is Next.HANG_UP
    assert await city.line.entries() == []


@pytest.mark.usefixtures("dispatcher")
async def test_whoever_calls_again_has_their_place_and_is_called_no_more(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    left = FakeCall("11", hold=desk.hold)
    await waiting(left, city)
    was = await city.kept_places.of(NUMBER)
    clock.pass_by(600)
    await city.line.enter("after", at=clock.now())
    desk.busy_for = 0
    await city.line.leave(BEFORE, clock.now())
    call = FakeCall(hold=desk.hold, call_id="again")
    await converse(call, Arrival.NEW, city)
    assert "place-taken-over" in call.heard
    entry = await city.line.entry("again")
    assert was is not None
    assert entry is not None
    assert entry.entered_at == was.entered_at
    assert await city.kept_places.of(NUMBER) is None


async def cut_off(city: FlowPorts, clock: SetClock, call_id: str = "cut") -> None:
    """A fault of ours ends a caller's wait for a dispatcher who is on duty."""
    await city.line.enter(call_id, at=clock.now())
    cut = CutOff(call_id=call_id, number=NUMBER, arrived_at=clock.now())
    assert await city.kept_places.cut_off(cut, clock.now()) is not None


@pytest.mark.usefixtures("dispatcher")
async def test_whoever_was_cut_off_hears_why_we_call_and_presses_nothing(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await cut_off(city, clock)
    desk.busy_for = 0
    call = FakeCall(hold=desk.hold, outgoing=True, call_id="back", place_kept="cut")
    await converse(call, Arrival.CALLED_BACK, city)
    assert call.heard[:2] == ["cut-off-call", "recording-notice"]
    entry = await city.line.entry("back")
    assert entry is not None
    assert entry.priority is Priority.ORDINARY
    assert await city.kept_places.of(NUMBER) is None


@pytest.mark.usefixtures("dispatcher")
@pytest.mark.parametrize(("keys", "stands"), [("", False), ("1", True)])
async def test_what_may_be_a_machine_has_to_press_a_key(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, keys: str, *, stands: bool
) -> None:
    await cut_off(city, clock)
    desk.busy_for = 0
    call = FakeCall(keys, hold=desk.hold, outgoing=True, call_id="back", place_kept="cut")
    call.perhaps_a_machine = True
    await converse(call, Arrival.CALLED_BACK, city)
    assert call.heard[:2] == ["cut-off-call", "cut-off-press"]
    assert (await city.line.entry("back") is not None) is stands


@pytest.mark.usefixtures("dispatcher")
@pytest.mark.parametrize("arrival", [Arrival.NEW, Arrival.IN_LINE], ids=["new", "by-asterisks-queue"])
async def test_whoever_was_cut_off_and_calls_by_themselves_stands_in_the_line_once(
    city: FlowPorts, desk: FakeDesk, clock: SetClock, arrival: Arrival
) -> None:
    await cut_off(city, clock)
    desk.busy_for = 0
    call = FakeCall(hold=desk.hold, call_id="again")
    await converse(call, arrival, city)
    assert "cut-off-taken-over" in call.heard
    late = FakeCall(outgoing=True, call_id="back", place_kept="cut")
    await converse(late, Arrival.CALLED_BACK, city)
    assert late.heard == ["cut-off-call", "callback-given-back"]
    assert await city.line.entry("back") is None


@pytest.mark.usefixtures("dispatcher")
async def test_who_said_in_asterisks_own_queue_that_it_is_an_emergency_does_not_wait_at_the_kept_place(
    city: FlowPorts, desk: FakeDesk, clock: SetClock
) -> None:
    await cut_off(city, clock)
    desk.busy_for = 0
    call = FakeCall(hold=desk.hold, call_id="again")
    await call.set_urgent(urgent=True)
    await converse(call, Arrival.IN_LINE, city)
    assert "cut-off-taken-over" not in call.heard
    assert [one["priority"] for step, one in call.notes if step is Step.JOINED_LINE] == ["emergency"]
