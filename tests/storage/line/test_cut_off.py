"""Places of callers whom a fault of ours cut off, on the databases."""

from datetime import timedelta

from hotline.calls.call import CallRecord, Outcome
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.jobs import Brief, Verdict, again_at
from hotline.line.cut_off import RUNG_AT_ONCE, TRIED_FOR, CallBackNow, CutOff
from hotline.line.kept_places import KEPT_PLACE
from hotline.line.line import Dispatcher, Priority
from hotline.line.presence_states import Presence
from hotline.line.queue_entry_states import QueueEntryState
from storage.store import Storage
from tests.storage.conftest import NOON
from tests.storage.line.test_transitions import after, ready

MARIA, IVAN = "+380457900001", "+380457900002"
LONG_AFTER = 3600.0


async def cut_off(storage: Storage, call: str, number: str = MARIA, *, at: float = 20) -> CallBackNow | None:
    return await storage.kept_places.cut_off(CutOff(call_id=call, number=number, arrived_at=NOON), after(at))


async def in_talk(storage: Storage, call: str = "talk") -> Dispatcher:
    """The only dispatcher talks with the caller; a colleague has been ready for longer, since then."""
    one = await ready(storage, "201")
    await storage.line.enter(call, at=after(1))
    assert await storage.line.pair(after(2)) is not None
    assert await storage.line.answered(call, one.id, after(3))
    await ready(storage, "202")
    return one


async def rings(storage: Storage, owed: CallBackNow, call_id: str) -> None:
    """Their telephone rings by this call."""
    jobs = storage.call_jobs
    job = await jobs.claim_this(KEPT_PLACE, owed.call_id, call_id, after(26), attempt=owed.attempt)
    assert job is not None
    brief = Brief(number=owed.number, about=owed.number, exempt="cut off", answers=owed.call_id)
    assert await jobs.admit(job, brief, after(26), since=NOON, budget=1) is Verdict.ADMITTED
    assert await jobs.dial(call_id, after(26))


async def test_the_dispatcher_of_a_talk_is_kept_free_until_the_caller_is_back_with_them(
    storage: Storage,
) -> None:
    one = await in_talk(storage)
    owed = await cut_off(storage, "talk")
    assert owed is not None
    assert (owed.dispatcher_id, owed.attempt, owed.priority) == (one.id, 2, Priority.RETURNING)
    assert (await storage.dispatchers.get(one.id)).presence is Presence.OFFERED
    assert not (await storage.records.on_record()).talks

    await storage.line.enter("another", at=after(21))
    offer = await storage.line.pair(after(22))
    assert offer is not None
    assert offer.dispatcher.extension == "202"

    assert await storage.kept_places.reached("talk", "back", after(30))
    again = await storage.line.pair(after(31))
    assert again is not None
    assert (again.call_id, again.dispatcher.id) == ("back", one.id)
    entry = await storage.line.entry("back")
    assert entry is not None
    assert entry.entered_at == after(1)


async def test_who_wishes_for_a_pause_is_not_held_but_is_still_wanted(storage: Storage) -> None:
    one = await in_talk(storage)
    await storage.dispatchers.set_presence(one.id, Presence.PAUSED, after(4), "tea")
    owed = await cut_off(storage, "talk")
    assert owed is not None
    assert owed.dispatcher_id is None
    assert (await storage.dispatchers.get(one.id)).presence is Presence.PAUSED
    assert await storage.kept_places.reached("talk", "back", after(30))
    entry = await storage.line.entry("back")
    assert entry is not None
    assert entry.wanted_dispatcher_id == one.id


async def test_the_line_stands_as_it_stood_whoever_answers_first(storage: Storage) -> None:
    for place, call in enumerate(("first", "urgent", "second")):
        priority = Priority.EMERGENCY if call == "urgent" else Priority.ORDINARY
        await storage.line.enter(call, at=after(place), priority=priority)
    for call in ("first", "urgent", "second"):
        owed = await cut_off(storage, call, number=call)
        assert owed is not None
        assert owed.attempt == 1
    await ready(storage, "201")
    assert await storage.line.pair(after(21)) is None, (
        "they are called at once, and not by their turn as well"
    )
    job = await storage.call_jobs.claim_this(KEPT_PLACE, "urgent", "urgent back", after(22), attempt=1)
    assert job is not None
    assert job.kind is Kind.EMERGENCY
    for call in ("second", "urgent", "first"):
        assert await storage.kept_places.reached(call, f"{call} back", after(30))
    assert [one.call_id for one in await storage.line.entries()] == [
        *("urgent back", "first back", "second back")
    ]


async def test_somebody_without_a_place_gets_one_since_they_called(storage: Storage) -> None:
    await storage.line.enter("message", at=NOON)
    await storage.line.leave("message", after(9))
    for call in ("message", "report"):
        assert await cut_off(storage, call, number=call) is not None
    assert [one.entered_at for one in await storage.line.entries()] == [NOON, NOON]


async def test_nobody_is_owed_a_second_call_at_once(storage: Storage) -> None:
    await storage.line.enter("c1", at=NOON)
    first = await cut_off(storage, "c1")
    assert first is not None
    await storage.kept_places.break_off("c1", after(25), after(25))
    anew = await cut_off(storage, "c1", at=26)
    assert anew is not None
    assert anew.attempt == first.attempt + 1, "nobody was rung, and an attempt's number is never another's"

    job = await storage.call_jobs.claim_this(KEPT_PLACE, "c1", "back", after(27), attempt=anew.attempt)
    assert job is not None
    await storage.kept_places.not_reached("c1", after(28), attempt=anew.attempt)
    assert await cut_off(storage, "c1", at=29) is None, "the line calls them now"
    assert await storage.kept_places.reached("c1", "back", after(30))
    assert await cut_off(storage, "c1", at=31) is None
    assert [one.call_id for one in await storage.line.entries()] == ["back"]


async def test_whose_call_back_our_next_fault_breaks_off_as_it_rings_is_called_at_once_anew_but_not_for_ever(
    storage: Storage,
) -> None:
    await storage.line.enter("c1", at=NOON)
    owed = await cut_off(storage, "c1")
    for times in range(1, RUNG_AT_ONCE + 1):
        assert owed is not None
        assert owed.anew == (times > 1)
        for left in await storage.call_jobs.take_these_over("c1", KEPT_PLACE, after(25)):
            assert await storage.call_jobs.end(left.call_id, Result.INTERRUPTED, after(25))
            await storage.call_jobs.follow(left.call_id, again_at(None), after(25))
        await rings(storage, owed, f"back {times}")
        await storage.kept_places.break_off("c1", after(60), after(27), rings_no_more=True)
        owed = await cut_off(storage, "c1", at=28)
    assert owed is None, "their telephone rang so often that it is their turn that calls them"


async def test_a_call_back_that_may_ring_on_is_no_reason_for_another_at_once(storage: Storage) -> None:
    await storage.line.enter("c1", at=NOON)
    owed = await cut_off(storage, "c1")
    assert owed is not None
    await rings(storage, owed, "back")
    await storage.kept_places.break_off("c1", after(60), after(27))
    assert await cut_off(storage, "c1", at=28) is None


async def test_who_is_not_reached_is_tried_in_their_turn_and_stands_first_on_the_list(
    storage: Storage,
) -> None:
    for call, number, minutes in (("before", IVAN, 0), ("c1", MARIA, 5)):
        at = NOON + timedelta(minutes=minutes)
        await storage.calls.open(CallRecord(id=call, number=number, shown=number, arrived_at=at))
        await storage.calls.close(call, Outcome.LOST, at)
    await storage.calls.flush()
    one = await in_talk(storage, "c1")
    owed = await cut_off(storage, "c1")
    assert owed is not None
    await storage.kept_places.not_reached("c1", after(30), attempt=owed.attempt)
    assert (await storage.dispatchers.get(one.id)).presence is Presence.READY
    assert [each.number for each in await storage.callbacks.owed(9)] == [MARIA, IVAN]
    assert [each.cut_off for each in await storage.callbacks.owed(9)] == [True, False]

    assert await storage.line.pair(after(30)) is None
    await storage.dispatchers.set_presence(one.id, Presence.AWAY, after(31))
    for attempt in (2, 3):
        offer = await storage.line.pair(after(attempt * LONG_AFTER))
        assert offer is not None, "anybody takes them now"
        assert (offer.callback_to, offer.dispatcher.extension) == (MARIA, "202")
        await storage.kept_places.not_reached("c1", after(attempt * LONG_AFTER), attempt=offer.attempt)
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert entry.state is QueueEntryState.LEFT
    found = await storage.calls.find("c1")
    assert found is not None
    assert found.outcome is Outcome.LOST


async def test_who_calls_again_has_their_dispatcher_and_is_owed_no_call(storage: Storage) -> None:
    one = await in_talk(storage)
    owed = await cut_off(storage, "talk")
    assert owed is not None
    await storage.kept_places.take_over("talk", "again", after(21))
    assert await storage.call_jobs.claim_this(KEPT_PLACE, "talk", "back", after(22), attempt=2) is None
    offer = await storage.line.pair(after(23))
    assert offer is not None
    assert (offer.call_id, offer.dispatcher.id) == ("again", one.id)
    assert not await storage.kept_places.reached("talk", "back", after(24))


async def test_a_turn_calls_whom_nobody_called_at_once(storage: Storage) -> None:
    await storage.line.enter("c1", at=NOON)
    assert await cut_off(storage, "c1") is not None
    await ready(storage, "201")
    later = after(20) + TRIED_FOR
    offer = await storage.line.pair(later)
    assert offer is not None
    assert (offer.callback_to, offer.attempt) == (MARIA, 2)
    job = await storage.call_jobs.claim_this(KEPT_PLACE, "c1", "back", later, attempt=2)
    assert job is not None
    await storage.call_jobs.end("back", Result.NO_ANSWER, later)
