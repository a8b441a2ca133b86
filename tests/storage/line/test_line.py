import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Select, select, update
from sqlalchemy.dialects import sqlite

from hotline.calls.call import TRIAL_PREFIX
from hotline.errors import Engaged, ForbiddenTransition, NotFound
from hotline.line.line import COMES_BACK_WITHIN, Dispatcher, NobodyElse, Offer, Priority, Standing
from hotline.line.presence_states import ASTERISKS_QUEUE, CONSULT, UNREACHABLE, Presence, Wish
from hotline.line.queue_entry_states import HOLDING, QueueEntryState
from storage.line.dispatchers import HELD
from storage.line.queries import COUNT_BEFORE, ENTRIES, FIRST_PAIR, OFFERED_TO, SERVABLE, moment
from storage.store import Storage, open_storage
from storage.tables import dispatchers, talks
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON, Cluster, FixedClock

WRAP_UP = timedelta(seconds=10)
LUNCH = Wish(presence=Presence.PAUSED, reason="lunch")
WHOLE = {"render_postcompile": True}


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


async def ready(storage: Storage, extension: str, *skills: str, since: float = 0) -> Dispatcher:
    added = await storage.dispatchers.add(extension, f"Диспетчер {extension}", "s", frozenset(skills))
    return await storage.dispatchers.set_presence(added.id, Presence.READY, after(since))


async def talks_on(storage: Storage, extension: str, *skills: str) -> Dispatcher:
    """Take on a dispatcher who is on duty, and engaged with the call `before`."""
    one = await ready(storage, extension, *skills)
    assert await storage.line.calls_out("before", one.id, NOON)
    return one


async def paired(storage: Storage) -> tuple[str, int] | None:
    return await pairing(storage, at=100)


async def pairing(storage: Storage, *, at: float) -> tuple[str, int] | None:
    offer = await storage.line.pair(after(at))
    return None if offer is None else (offer.call_id, offer.dispatcher.id)


async def test_urgent_callers_go_first_then_earlier_ones_then_by_call_id(storage: Storage) -> None:
    for call_id, seconds, priority in (
        ("late", 9, Priority.ORDINARY),
        ("tie-b", 1, Priority.ORDINARY),
        ("tie-a", 1, Priority.ORDINARY),
        ("emergency", 8, Priority.EMERGENCY),
        ("returning", 7, Priority.RETURNING),
    ):
        await storage.line.enter(call_id, at=after(seconds), priority=priority)
    for number in range(5):
        await ready(storage, f"10{number}")
    order = [(await paired(storage) or ("",))[0] for _ in range(5)]
    assert order == ["emergency", "returning", "tie-a", "tie-b", "late"]


async def test_the_dispatcher_idle_longest_is_offered_and_both_are_shown_as_offered(storage: Storage) -> None:
    await ready(storage, "201", since=5)
    longest = await ready(storage, "202", since=1)
    await storage.line.enter("c1", at=NOON)
    offer = await storage.line.pair(after(9))
    assert offer is not None
    assert (offer.dispatcher.id, offer.dispatcher.presence, offer.attempt) == (
        longest.id,
        Presence.OFFERED,
        1,
    )
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.state, entry.dispatcher_id) == (QueueEntryState.OFFERED, longest.id)
    assert await storage.dispatchers.get(longest.id) == offer.dispatcher
    assert offer.dispatcher.since == after(9)


async def test_a_desks_telephone_gets_another_password_and_no_other_does(storage: Storage) -> None:
    desk, other = await ready(storage, "201"), await ready(storage, "202")
    await storage.dispatchers.renew_secret(desk.id, "another")
    assert [one.secret for one in await storage.dispatchers.all()] == ["another", other.secret]
    assert await storage.dispatchers.get(desk.id) == replace(desk, secret="another")


async def test_nobody_is_paired_while_nobody_is_ready(storage: Storage) -> None:
    await storage.line.enter("c1", at=NOON)
    await storage.dispatchers.add("201", "Оля", "s", frozenset())
    assert await paired(storage) is None


async def test_an_answer_that_is_written_again_counts_once_and_only_while_the_offer_stands(
    storage: Storage,
) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    assert not await storage.line.answered("c1", dispatcher.id, NOON)
    await storage.line.pair(NOON)
    assert await storage.line.answered("c1", dispatcher.id, after(3))
    assert await storage.line.answered("c1", dispatcher.id, after(4)), "nobody had heard that it was written"
    (talk,) = (await storage.records.on_record()).talks
    assert talk.dispatcher_id == dispatcher.id
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.TALKING
    assert [entry.state for entry in await storage.line.entries()] == [QueueEntryState.TALKING]
    await storage.line.talk_ended("c1", dispatcher.id, after(5), wrap_up=timedelta(0))
    assert not await storage.line.answered("c1", dispatcher.id, after(6))


async def offered_anew(storage: Storage) -> Offer:
    """Offer a caller to a dispatcher, have them enter the line again meanwhile, and offer them once more."""
    one = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    assert await storage.line.pair(NOON)
    await storage.line.enter("c1", at=after(5), priority=Priority.RETURNING, wanted_dispatcher_id=one.id)
    again = await storage.line.pair(after(6))
    assert again is not None
    assert (again.dispatcher.id, again.attempt) == (one.id, 2)
    return again


async def test_an_answer_that_is_written_late_answers_no_other_offer_to_the_same_dispatcher(
    storage: Storage,
) -> None:
    again = await offered_anew(storage)
    one = again.dispatcher.id
    assert not await storage.line.answered("c1", one, after(1), attempt=1)
    await storage.line.talk_ended("c1", one, after(4), wrap_up=WRAP_UP)
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.state, entry.dispatcher_id) == (QueueEntryState.OFFERED, one)
    assert (await storage.dispatchers.get(one)).presence is Presence.OFFERED
    assert await storage.line.answered("c1", one, after(7), attempt=again.attempt)
    assert await storage.line.answered("c1", one, after(8), attempt=again.attempt)
    assert not await storage.line.answered("c1", one, after(9), attempt=1)
    assert len((await storage.records.on_record()).talks) == 1


async def test_a_miss_that_is_written_late_takes_no_other_offer_back(storage: Storage) -> None:
    again = await offered_anew(storage)
    one = again.dispatcher.id
    await storage.line.missed("c1", one, after(7), pause_after=1, attempt=1)
    assert [entry.state for entry in await storage.line.entries()] == [QueueEntryState.OFFERED]
    await storage.line.missed("c1", one, after(8), pause_after=None, attempt=again.attempt)
    assert [entry.state for entry in await storage.line.entries()] == [QueueEntryState.WAITING]
    now = await storage.dispatchers.get(one)
    assert (now.presence, now.misses) == (Presence.READY, 0)


@pytest.mark.parametrize("answered", [False, True])
async def test_whoever_is_offered_or_talks_by_then_stays_so_where_only_waiting_was_meant(
    storage: Storage, *, answered: bool
) -> None:
    one = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    if answered:
        assert await storage.line.answered("c1", one.id, after(1))
    before = await storage.line.entry("c1")
    urgent = Priority.EMERGENCY
    assert before is not None
    then = before if answered else replace(before, priority=urgent)  # a ring says that it is an emergency's
    assert await storage.line.enter("c1", at=after(2), priority=urgent, unless=HOLDING) == then
    assert await storage.line.entry("c1") == then
    left = {QueueEntryState.LEFT}
    entered = await storage.line.enter("c1", at=after(2), priority=urgent, unless=left)
    assert (entered.state, entered.priority) == (QueueEntryState.WAITING, Priority.EMERGENCY)


async def test_a_missed_caller_is_at_the_head_and_the_third_miss_pauses(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=after(2), wanted_dispatcher_id=dispatcher.id)
    await talks_on(storage, "202", "heat")
    await storage.line.enter("earlier", at=after(1), skill="heat", anybody_from=after(500))
    for attempt in (1, 2, 3):
        offer = await storage.line.pair(after(10 * attempt))
        assert offer is not None
        assert (offer.call_id, offer.attempt) == ("c1", attempt)
        await storage.line.missed("c1", dispatcher.id, after(10 * attempt + 5), pause_after=3)
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.priority, entry.entered_at) == (Priority.RETURNING, after(2))
    assert (entry.wanted_dispatcher_id, entry.dispatcher_id) == (None, None)
    assert [each.call_id for each in await storage.line.entries()] == ["c1", "before", "earlier"]
    now = await storage.dispatchers.get(dispatcher.id)
    assert (now.presence, now.reason, now.misses) == (Presence.PAUSED, "not-answering", 3)
    back = await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(60))
    assert (back.misses, back.reason) == (0, "")


async def test_whose_telephone_is_in_a_call_is_offered_nobody_for_a_moment(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    await storage.line.missed("c1", dispatcher.id, after(1), pause_after=2, wrap_up=timedelta(seconds=4))
    now = await storage.dispatchers.get(dispatcher.id)
    assert (now.presence, now.misses, now.wrap_up_until) == (Presence.AFTER_CALL, 1, after(5))
    assert await storage.line.pair(after(4)) is None
    await storage.line.end_wrap_ups(after(5))
    assert await paired(storage) == ("c1", dispatcher.id)
    await storage.line.missed("c1", dispatcher.id, after(6), pause_after=2, wrap_up=timedelta(seconds=4))
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.PAUSED


async def test_a_miss_that_was_not_the_dispatchers_fault_is_not_counted(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON, priority=Priority.EMERGENCY)
    await storage.line.pair(NOON)
    await storage.line.missed("c1", dispatcher.id, after(1), pause_after=None)
    now = await storage.dispatchers.get(dispatcher.id)
    entry = await storage.line.entry("c1")
    assert (now.presence, now.misses) == (Presence.READY, 0)
    assert entry is not None
    assert (entry.priority, entry.state) == (Priority.EMERGENCY, QueueEntryState.WAITING)


async def test_a_caller_who_hangs_up_under_an_offer_frees_the_dispatcher(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    await storage.line.leave("c1", after(1))
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.READY
    await storage.line.missed("c1", dispatcher.id, after(2), pause_after=1)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.READY
    assert await storage.line.entries() == []
    await storage.line.leave("c1", after(3))
    await storage.line.leave("never-here", after(3))


async def test_taking_up_a_place_again_keeps_its_time_and_only_raises_its_priority(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=after(1), priority=Priority.RETURNING, skill="heat")
    again = await storage.line.enter("c1", at=after(9), wanted_dispatcher_id=dispatcher.id)
    assert (again.entered_at, again.priority, again.skill) == (after(1), Priority.RETURNING, None)
    await storage.line.pair(after(10))
    resumed = await storage.line.enter("c1", at=after(11))
    assert (resumed.state, resumed.dispatcher_id) == (QueueEntryState.WAITING, None)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.READY


async def test_a_place_that_was_left_starts_anew_but_its_offers_go_on_counting(storage: Storage) -> None:
    await ready(storage, "201")
    await storage.line.enter("c1", at=after(1), priority=Priority.EMERGENCY)
    await storage.line.pair(after(1))
    await storage.line.leave("c1", after(2))
    anew = await storage.line.enter("c1", at=after(9))
    assert (anew.entered_at, anew.priority) == (after(9), Priority.ORDINARY)
    offer = await storage.line.pair(after(10))
    assert offer is not None
    assert offer.attempt == 2


async def test_whoever_stands_in_the_line_again_is_not_called_back_as_well(storage: Storage) -> None:
    await storage.line.enter("c1", at=after(1))
    assert await storage.kept_places.keep("c1", "+380457900001", NOON)
    again = await storage.line.enter("c1", at=after(2))
    assert again.callback_to is None
    assert await storage.kept_places.of("+380457900001") is None


@pytest.mark.parametrize("query", [SERVABLE, FIRST_PAIR, OFFERED_TO, HELD, ENTRIES, COUNT_BEFORE])
async def test_nobody_who_was_ever_in_the_line_is_looked_through_for_those_in_it(query: Select[Any]) -> None:
    known = str(
        query.params(moment(NOON) | {"dispatcher": 1, "but": ""}).compile(
            dialect=sqlite.dialect(), compile_kwargs=WHOLE
        )
    )
    async with fresh_storage(FixedClock()) as opened, opened.database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {known}", (None,) * known.count("?"))
        steps = [str(row[3]) for row in plan.all() if "queue_entries" in row[3] or "held" in row[3]]
    assert steps
    of_those_in_it = (
        "ix_queue_entries_in_line",
        "ix_queue_entries_waiting",
        "ix_queue_entries_of_dispatcher",
    )
    assert all(any(index in step for index in of_those_in_it) or "(call_id=?)" in step for step in steps), (
        steps
    )


async def test_standing_counts_those_before_and_the_dispatchers_who_could_take_the_caller(
    storage: Storage,
) -> None:
    heat = await ready(storage, "201", "heat")
    plain = await ready(storage, "202")
    await storage.line.enter("c1", at=after(1))
    await storage.line.enter("c2", at=after(2), skill="heat", anybody_from=after(500))
    await storage.line.enter("c3", at=after(2), wanted_dispatcher_id=plain.id)
    assert await storage.line.standing("c1", NOON) == Standing(position=1, attended=True)
    assert await storage.line.standing("c2", NOON) == Standing(position=2, attended=True)
    await storage.dispatchers.set_presence(plain.id, Presence.PAUSED, NOON, "lunch")
    assert await storage.line.standing("c3", NOON) == Standing(position=3, attended=False)
    await storage.line.enter("c0", at=after(5), priority=Priority.EMERGENCY)
    assert await storage.line.standing("c1", NOON) == Standing(position=2, attended=True)
    assert await paired(storage) == ("c0", heat.id)
    assert await storage.line.standing("c0", NOON) is None
    assert await storage.line.standing("unknown", NOON) is None


async def test_whose_phone_went_away_is_waited_for_a_while_but_not_by_who_wants_one_person(
    storage: Storage,
) -> None:
    alone = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.enter("c2", at=after(1), wanted_dispatcher_id=alone.id)
    await storage.dispatchers.set_presence(alone.id, Presence.PAUSED, NOON, UNREACHABLE)
    soon, late = NOON + COMES_BACK_WITHIN / 2, NOON + COMES_BACK_WITHIN
    assert await storage.line.standing("c1", soon) == Standing(position=1, attended=True)
    assert await storage.line.standing("c1", late) == Standing(position=1, attended=False)
    assert await storage.line.standing("c2", soon) == Standing(position=2, attended=False)


async def test_after_a_talk_the_dispatcher_rests_and_is_ready_again(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    await storage.line.answered("c1", dispatcher.id, NOON)
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=WRAP_UP)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.AFTER_CALL
    assert await storage.line.end_wrap_ups(after(69)) == []
    assert await storage.line.end_wrap_ups(after(70)) == [dispatcher.id]
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.READY


async def test_the_time_after_a_call_is_lengthened_and_only_then(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    with pytest.raises(ForbiddenTransition):
        await storage.dispatchers.more_time(dispatcher.id, NOON, WRAP_UP)
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    await storage.line.answered("c1", dispatcher.id, NOON)
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=WRAP_UP)
    longer = await storage.dispatchers.more_time(dispatcher.id, after(65), timedelta(seconds=60))
    assert (longer.since, longer.wrap_up_until) == (after(60), after(130))
    assert await storage.line.end_wrap_ups(after(129)) == []
    assert await storage.line.end_wrap_ups(after(130)) == [dispatcher.id]
    assert (await storage.dispatchers.get(dispatcher.id)).wrap_up_until is None


async def talking(storage: Storage, call_id: str = "c1", extension: str = "201") -> Dispatcher:
    dispatcher = await ready(storage, extension)
    await storage.line.enter(call_id, at=NOON, wanted_dispatcher_id=dispatcher.id)
    assert await paired(storage) == (call_id, dispatcher.id)
    assert await storage.line.answered(call_id, dispatcher.id, NOON)
    return dispatcher


async def test_who_wants_a_pause_during_a_talk_goes_on_talking_and_has_it_afterwards(
    storage: Storage,
) -> None:
    dispatcher = await talking(storage)
    now = await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(1), "lunch")
    assert (now.presence, now.wish, now.on_duty) == (Presence.TALKING, LUNCH, False)
    assert await storage.dispatchers.get(dispatcher.id) == now
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=WRAP_UP)
    then = await storage.dispatchers.get(dispatcher.id)
    assert (then.presence, then.reason, then.wish, then.wrap_up_until) == (
        Presence.PAUSED,
        "lunch",
        None,
        None,
    )


async def test_who_leaves_during_a_talk_is_away_after_it(storage: Storage) -> None:
    dispatcher = await talking(storage)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.AWAY, after(1))
    with pytest.raises(ForbiddenTransition):
        await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(2), "lunch")
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=WRAP_UP)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.AWAY


async def test_a_wish_is_withdrawn_by_ready_and_there_is_nothing_else_to_be_withdrawn(
    storage: Storage,
) -> None:
    dispatcher = await talking(storage)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(1), "lunch")
    now = await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(2))
    assert (now.presence, now.wish) == (Presence.TALKING, None)
    with pytest.raises(Engaged):
        await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(3))
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=WRAP_UP)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.AFTER_CALL


@pytest.mark.parametrize("first", [Presence.PAUSED, Presence.AWAY])
async def test_no_second_caller_is_given_to_who_presses_pause_or_leave_and_ready_in_a_talk(
    storage: Storage, first: Presence
) -> None:
    dispatcher = await talking(storage)
    await storage.dispatchers.set_presence(dispatcher.id, first, after(1))
    await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(2))
    await storage.line.enter("c2", at=after(3))
    assert await paired(storage) is None
    assert await storage.line.pick("c2", dispatcher.id, after(4)) is None
    assert await storage.line.calls_out("out-1", dispatcher.id, after(4)) is None
    assert not await storage.line.engage(dispatcher.id, after(4), CONSULT)
    await storage.line.talk_ended("c1", dispatcher.id, after(60), wrap_up=timedelta(0))
    assert await paired(storage) == ("c2", dispatcher.id)


@pytest.mark.parametrize("held", [QueueEntryState.OFFERED, QueueEntryState.TALKING])
async def test_a_place_keeps_its_dispatcher_engaged_whatever_stands_in_the_column_of_duties(
    storage: Storage, held: QueueEntryState
) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    if held is QueueEntryState.TALKING:
        await storage.line.answered("c1", dispatcher.id, NOON)
    async with storage.database.writing() as connection:
        await connection.execute(update(dispatchers).values(presence=Presence.READY.value))
    await storage.line.enter("c2", at=after(3))
    assert await paired(storage) is None
    assert await storage.line.pick("c2", dispatcher.id, after(4)) is None
    assert await storage.line.calls_out("out-1", dispatcher.id, after(4)) is None
    with pytest.raises(Engaged):
        await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(5))


async def test_the_end_of_one_talk_ends_no_other_and_frees_nobody_who_still_talks(storage: Storage) -> None:
    dispatcher, colleague = await talking(storage), await ready(storage, "202")
    await storage.line.enter("c2", at=after(1))
    assert await paired(storage) == ("c2", colleague.id)
    assert await storage.line.answered("c2", colleague.id, after(1))
    await storage.line.passed_on("c2", dispatcher.id, after(2))
    await storage.line.talk_ended("c2", colleague.id, after(2), wrap_up=WRAP_UP)
    await storage.line.talk_ended("c1", dispatcher.id, after(3), wrap_up=WRAP_UP)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.TALKING
    async with storage.database.reading() as connection:
        still = (await connection.execute(select(talks.c.call_id).where(talks.c.ended_at.is_(None)))).all()
    assert still == [("c2",)]
    await storage.line.talk_ended("c2", dispatcher.id, after(4), wrap_up=WRAP_UP)
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.AFTER_CALL


async def test_whoever_was_passed_on_to_a_colleague_is_not_freed_by_the_end_of_the_consult(
    storage: Storage,
) -> None:
    asking, colleague = await talking(storage), await ready(storage, "202")
    assert await storage.line.engage(colleague.id, after(1), CONSULT)
    await storage.line.passed_on("c1", colleague.id, after(2))
    assert not await storage.line.disengage(colleague.id, after(2), reason=CONSULT)
    assert not await storage.line.disengage(colleague.id, after(2))
    await storage.line.talk_ended("c1", asking.id, after(3), wrap_up=timedelta(0))
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.state, entry.dispatcher_id) == (QueueEntryState.TALKING, colleague.id)
    assert (await storage.dispatchers.get(colleague.id)).presence is Presence.TALKING
    assert (await storage.dispatchers.get(asking.id)).presence is Presence.READY


async def test_an_offer_made_in_the_moment_of_a_handover_goes_back_to_the_head_of_the_line(
    storage: Storage,
) -> None:
    await talking(storage)
    colleague = await ready(storage, "202")
    await storage.line.enter("c2", at=after(1))
    assert await paired(storage) == ("c2", colleague.id)
    await storage.line.passed_on("c1", colleague.id, after(2))
    assert not await storage.line.answered("c2", colleague.id, after(3))
    entry = await storage.line.entry("c2")
    assert entry is not None
    assert (entry.state, entry.priority, entry.dispatcher_id) == (
        QueueEntryState.WAITING,
        Priority.RETURNING,
        None,
    )


async def test_who_consults_is_offered_nobody_and_goes_back_to_a_pause(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, NOON, "lunch")
    assert await storage.line.engage(dispatcher.id, after(1), CONSULT)
    assert not await storage.line.engage(dispatcher.id, after(1), CONSULT)
    await storage.line.enter("c1", at=NOON)
    assert await storage.line.pick("c1", dispatcher.id, after(2)) is None
    assert not await storage.line.disengage(dispatcher.id, after(3), reason=ASTERISKS_QUEUE)
    assert await storage.line.disengage(dispatcher.id, after(3), reason=CONSULT, wrap_up=WRAP_UP)
    now = await storage.dispatchers.get(dispatcher.id)
    assert (now.presence, now.reason) == (Presence.PAUSED, "lunch")
    assert not await storage.line.disengage(dispatcher.id, after(4))


async def test_a_pause_wished_for_while_it_rings_is_no_miss_and_follows_the_offer(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    now = await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(1), "lunch")
    assert (now.presence, now.wish) == (Presence.OFFERED, LUNCH)
    await storage.line.missed("c1", dispatcher.id, after(2), pause_after=1)
    then = await storage.dispatchers.get(dispatcher.id)
    assert (then.presence, then.reason, then.misses) == (Presence.PAUSED, "lunch", 0)


async def test_a_caller_who_hangs_up_under_an_offer_leaves_the_dispatcher_to_their_wish(
    storage: Storage,
) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    await storage.line.pair(NOON)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.AWAY, after(1))
    await storage.line.leave("c1", after(2))
    assert (await storage.dispatchers.get(dispatcher.id)).presence is Presence.AWAY


async def test_a_phone_that_is_gone_changes_nobodys_own_pause(storage: Storage) -> None:
    dispatcher = await talking(storage)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(1), "lunch")
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(2), UNREACHABLE)
    await storage.line.talk_ended("c1", dispatcher.id, after(3), wrap_up=WRAP_UP)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(4), UNREACHABLE)
    assert (await storage.dispatchers.get(dispatcher.id)).reason == "lunch"


async def test_who_is_about_to_leave_is_not_counted_on(storage: Storage) -> None:
    dispatcher = await talking(storage)
    await storage.line.enter("c2", at=after(1))
    assert await storage.line.standing("c2", NOON) == Standing(position=1, attended=True)
    await storage.dispatchers.set_presence(dispatcher.id, Presence.AWAY, after(2))
    assert await storage.line.standing("c2", NOON) == Standing(position=1, attended=False)


async def test_after_a_call_of_their_own_a_dispatcher_is_on_the_pause_they_were_on(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, NOON, "lunch")
    await storage.line.calls_out("out-1", dispatcher.id, after(1))
    await storage.line.passed_on("out-1", dispatcher.id, after(2))
    await storage.line.talk_ended("out-1", dispatcher.id, after(3), wrap_up=WRAP_UP)
    now = await storage.dispatchers.get(dispatcher.id)
    assert (now.presence, now.reason) == (Presence.PAUSED, "lunch")


async def test_a_talk_that_is_written_twice_as_nobody_knew_whether_it_was_is_one(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.calls_out("out-1", dispatcher.id, after(1))
    for second in (2, 3):
        await storage.line.passed_on("out-1", dispatcher.id, after(second))
    async with storage.database.reading() as connection:
        begun = (await connection.execute(select(talks.c.call_id, talks.c.started_at))).all()
    assert begun == [("out-1", after(2))]


async def test_the_expected_wait_comes_from_the_last_hours_talks(storage: Storage) -> None:
    assert await storage.line.expected_wait(NOON, 2) == timedelta(minutes=6)
    dispatcher = await ready(storage, "201")
    for call_id, begins, seconds in (("old", -7200, 3000), ("c1", 0, 100), ("c2", 200, 300)):
        await storage.line.enter(call_id, at=after(begins))
        await storage.line.pair(after(begins))
        await storage.line.answered(call_id, dispatcher.id, after(begins))
        await storage.line.talk_ended(call_id, dispatcher.id, after(begins + seconds), wrap_up=timedelta(0))
        await storage.line.leave(call_id, after(begins + seconds))
    assert await storage.line.expected_wait(after(600), 2) == timedelta(seconds=400)
    await ready(storage, "202")
    assert await storage.line.expected_wait(after(600), 2) == timedelta(seconds=200)
    assert await storage.line.expected_wait(after(600), 0) == timedelta(seconds=30)


async def test_a_dispatcher_ready_again_while_still_rung_is_not_rung_twice(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=after(1))
    await storage.line.enter("c2", at=after(2))
    await storage.line.pair(after(3))
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(4), "lunch")
    await storage.dispatchers.set_presence(dispatcher.id, Presence.READY, after(4))
    assert await paired(storage) is None


async def test_presence_follows_the_table_of_transitions(storage: Storage) -> None:
    dispatcher = await storage.dispatchers.add("201", "Оля", "s", frozenset({"heat"}))
    with pytest.raises(ForbiddenTransition):
        await storage.dispatchers.set_presence(dispatcher.id, Presence.TALKING, NOON)
    with pytest.raises(NotFound):
        await storage.dispatchers.set_presence(99, Presence.READY, NOON)
    assert await storage.dispatchers.all() == [dispatcher]
    assert await storage.dispatchers.by_extension("201") == dispatcher
    assert await storage.dispatchers.by_extension("202") is None


async def test_fifty_callers_and_five_dispatchers_at_several_workers_are_never_given_twice(url: str) -> None:
    """Each worker pairs, answers and ends talks as fast as it can; a talk's place is left at its end."""
    moments = count(1)
    offers: list[Offer] = []
    engaged: set[int] = set()

    async def work(storage: Storage) -> None:
        while len(offers) < 50:
            offer = await storage.line.pair(after(100 + next(moments)))
            if offer is None:
                continue
            offers.append(offer)
            assert offer.dispatcher.id not in engaged
            engaged.add(offer.dispatcher.id)
            assert await storage.line.answered(offer.call_id, offer.dispatcher.id, after(next(moments)))
            await storage.line.leave(offer.call_id, after(next(moments)))
            engaged.remove(offer.dispatcher.id)
            await storage.line.talk_ended(
                offer.call_id, offer.dispatcher.id, after(100 + next(moments)), wrap_up=timedelta(0)
            )

    async with open_storage(url) as one, open_storage(url) as other:
        for number in range(5):
            await ready(one, f"10{number}")
        for number in range(50):
            await one.line.enter(f"c{number:02}", at=after(number))
        async with asyncio.timeout(60), asyncio.TaskGroup() as group:
            for worker in (one, other) * 4:
                group.create_task(work(worker))
        assert await one.line.entries() == []
    assert Counter(offer.call_id for offer in offers) == {f"c{number:02}": 1 for number in range(50)}


async def test_who_speaks_already_is_engaged_and_whoever_is_offered_to_them_waits_first(
    storage: Storage,
) -> None:
    dispatcher = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    assert await paired(storage) == ("c1", dispatcher.id)
    assert not await storage.line.engage(dispatcher.id, after(1), ASTERISKS_QUEUE)
    assert await storage.line.engage(dispatcher.id, after(1), ASTERISKS_QUEUE, begun=True)
    entry = await storage.line.entry("c1")
    assert entry is not None
    assert (entry.state, entry.priority, entry.dispatcher_id) == (
        QueueEntryState.WAITING,
        Priority.RETURNING,
        None,
    )
    await storage.line.missed("c1", dispatcher.id, after(2), pause_after=1)  # the telephone rang no more
    assert await paired(storage) is None
    assert await storage.line.disengage(dispatcher.id, after(3))
    assert await paired(storage) == ("c1", dispatcher.id)


async def test_one_pairing_at_a_time_serves_the_line_in_its_order(url: str) -> None:
    """Eight workers pair at once, the dispatchers fewer than the callers: exactly the head is served."""
    async with open_storage(url) as one, open_storage(url) as other:
        for number in range(5):
            await ready(one, f"10{number}")
        for number in range(20):
            await one.line.enter(f"c{number:02}", at=after(number))
        pairs = await asyncio.gather(*(worker.line.pair(NOON) for worker in (one, other) * 4))
        served = sorted(offer.call_id for offer in pairs if offer is not None)
    assert served == ["c00", "c01", "c02", "c03", "c04"]


async def test_a_dispatcher_picks_a_waiting_caller_out_of_turn_even_from_a_pause(storage: Storage) -> None:
    dispatcher = await ready(storage, "201")
    await storage.dispatchers.set_presence(dispatcher.id, Presence.PAUSED, after(1), "tea")
    await storage.line.enter("first", at=NOON)
    await storage.line.enter("second", at=after(1), skill="heat")
    offer = await storage.line.pick("second", dispatcher.id, after(2))
    assert offer is not None
    assert (offer.call_id, offer.dispatcher.id, offer.dispatcher.presence) == (
        "second",
        dispatcher.id,
        Presence.OFFERED,
    )
    assert await storage.line.answered("second", dispatcher.id, after(3))


async def test_nobody_picks_a_caller_who_is_offered_already_or_while_being_rung_or_away(
    storage: Storage,
) -> None:
    rung, other = await ready(storage, "201"), await ready(storage, "202", since=5)
    away = await storage.dispatchers.add("203", "Оля", "s", frozenset())
    await storage.line.enter("offered", at=NOON)
    await storage.line.enter("waiting", at=after(1), skill="heat")
    assert await paired(storage) == ("offered", rung.id)
    assert await storage.line.pick("offered", other.id, after(6)) is None
    assert await storage.line.pick("waiting", rung.id, after(6)) is None
    assert await storage.line.pick("waiting", away.id, after(6)) is None
    assert await storage.line.pick("nobody", other.id, after(6)) is None


async def test_two_dispatchers_who_pick_one_caller_at_once_get_one_offer(storage: Storage, url: str) -> None:
    first, second = await ready(storage, "201"), await ready(storage, "202")
    await storage.line.enter("c1", at=NOON)
    async with open_storage(url) as elsewhere:
        offers = await asyncio.gather(
            storage.line.pick("c1", first.id, after(1)), elsewhere.line.pick("c1", second.id, after(1))
        )
    assert sum(offer is not None for offer in offers) == 1


async def test_a_dispatcher_who_calls_out_is_offered_nobody(storage: Storage) -> None:
    one = await ready(storage, "201")
    before = await storage.line.calls_out("out-1", one.id, NOON)
    assert before is not None
    assert before.presence is Presence.READY

    await storage.line.enter("c1", at=NOON)
    assert await paired(storage) is None
    now = await storage.dispatchers.get(one.id)
    assert (now.presence, now.reason) == (Presence.TALKING, "calling-out")
    entry = await storage.line.entry("out-1")
    assert entry is not None
    assert (entry.state, entry.dispatcher_id) == (QueueEntryState.TALKING, one.id)


@pytest.mark.parametrize("own", [Presence.READY, Presence.PAUSED])
async def test_who_alone_answers_citizens_is_not_taken_for_a_trial_call(
    storage: Storage, own: Presence
) -> None:
    one, other = await ready(storage, "201"), await ready(storage, "202")
    await storage.dispatchers.set_presence(other.id, Presence.PAUSED, after(1))
    if own is not Presence.READY:
        await storage.dispatchers.set_presence(one.id, own, after(1))
    with pytest.raises(NobodyElse):
        await storage.line.calls_out(f"{TRIAL_PREFIX}1", one.id, after(2))
    await storage.dispatchers.set_presence(other.id, Presence.READY, after(3))
    assert await storage.line.calls_out(f"{TRIAL_PREFIX}1", one.id, after(4))


async def test_of_two_trial_calls_begun_in_one_second_one_leaves_somebody_for_citizens(
    storage: Storage,
) -> None:
    one, other = await ready(storage, "201"), await ready(storage, "202")
    began = await asyncio.gather(
        storage.line.calls_out(f"{TRIAL_PREFIX}1", one.id, NOON),
        storage.line.calls_out(f"{TRIAL_PREFIX}2", other.id, NOON),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in began) == ["Dispatcher", "NobodyElse"]
    trial = next(
        f"{TRIAL_PREFIX}{at}" for at, one in enumerate(began, start=1) if isinstance(one, Dispatcher)
    )
    assert [one.call_id for one in await storage.line.entries()] == [trial]


async def test_whoever_talks_already_calls_nobody_and_takes_no_place(storage: Storage) -> None:
    one = await ready(storage, "201")
    await storage.line.calls_out("out-1", one.id, NOON)
    assert await storage.line.calls_out("out-2", one.id, NOON) is None
    assert await storage.line.entry("out-2") is None


async def test_after_a_restart_of_postgres_the_line_is_read_as_if_nothing_had_been(
    cluster: Cluster, migrated_postgres: str
) -> None:
    async with open_storage(migrated_postgres) as storage:
        await asyncio.gather(*(storage.line.entries() for _ in range(5)))
        await asyncio.to_thread(cluster.restart)
        await storage.line.enter("after-restart", at=NOON)
        assert "after-restart" in [one.call_id for one in await storage.line.entries()]
        await storage.line.leave("after-restart", NOON)


async def test_whom_a_dispatcher_has_on_the_line_from_the_ring_to_the_end_of_the_talk(
    storage: Storage,
) -> None:
    one, other = await ready(storage, "201"), await storage.dispatchers.add("202", "Оля", "s", frozenset())
    assert await storage.line.engaging(one.id) == []
    await storage.line.enter("c1", at=NOON)
    assert await storage.line.engaging(one.id) == []
    assert await paired(storage) == ("c1", one.id)
    assert await storage.line.engaging(one.id) == ["c1"]
    await storage.line.answered("c1", one.id, after(101))
    assert await storage.line.engaging(one.id) == ["c1"]
    assert await storage.line.engaging(other.id) == []
    await storage.line.talk_ended("c1", one.id, after(102), wrap_up=WRAP_UP)
    assert await storage.line.engaging(one.id) == []  # the caller answers a survey: the place is TALKING yet
    await storage.line.leave("c1", after(103))
    assert await storage.line.engaging(one.id) == []


async def test_a_call_that_a_dispatcher_places_is_on_the_line_before_anybody_answers(
    storage: Storage,
) -> None:
    one = await ready(storage, "201")
    assert await storage.line.calls_out("out-1", one.id, NOON)
    assert await storage.line.engaging(one.id) == ["out-1"]
    await storage.line.leave("out-1", after(1))
    assert await storage.line.engaging(one.id) == []


async def on_pause(storage: Storage, extension: str, reason: str = "lunch") -> Dispatcher:
    one = await ready(storage, extension)
    return await storage.dispatchers.set_presence(one.id, Presence.PAUSED, after(1), reason)


async def test_an_emergency_ends_the_work_after_a_call_and_no_other_caller_does(storage: Storage) -> None:
    one = await ready(storage, "201")
    await storage.line.enter("before", at=after(1))
    await paired(storage)
    await storage.line.answered("before", one.id, after(2))
    await storage.line.talk_ended("before", one.id, after(3), wrap_up=WRAP_UP * 100)
    await storage.line.enter("ordinary", at=after(4))
    assert await paired(storage) is None
    await storage.line.enter("urgent", at=after(5), priority=Priority.EMERGENCY)
    assert await paired(storage) == ("urgent", one.id)
    offered = await storage.dispatchers.get(one.id)
    assert (offered.presence, offered.reason, offered.wrap_up_until) == (Presence.OFFERED, "", None)


async def test_an_emergency_rings_who_is_ready_before_who_works_after_a_call_or_is_on_a_pause(
    storage: Storage,
) -> None:
    paused = await on_pause(storage, "201")
    free = await ready(storage, "202", since=50)
    for call_id, dispatcher in (("first", free), ("second", paused)):
        await storage.line.enter(call_id, at=after(5), priority=Priority.EMERGENCY)
        assert await paired(storage) == (call_id, dispatcher.id)


async def test_whoever_is_rung_on_a_pause_goes_back_to_it_after_the_talk(storage: Storage) -> None:
    one = await on_pause(storage, "201")
    await storage.line.enter("urgent", at=after(5), priority=Priority.EMERGENCY)
    assert await paired(storage) == ("urgent", one.id)
    assert await storage.line.answered("urgent", one.id, after(6))
    assert (await storage.dispatchers.get(one.id)).wish == LUNCH
    await storage.line.talk_ended("urgent", one.id, after(7), wrap_up=WRAP_UP)
    back = await storage.dispatchers.get(one.id)
    assert (back.presence, back.reason, back.wish) == (Presence.PAUSED, "lunch", None)


@pytest.mark.parametrize("pause_after", [3, None])
async def test_whoever_does_not_answer_on_a_pause_is_rung_once_and_then_nobody_is_there(
    storage: Storage, pause_after: int | None
) -> None:
    one = await on_pause(storage, "201")
    await storage.line.enter("urgent", at=after(5), priority=Priority.EMERGENCY)
    assert await storage.line.standing("urgent", after(5)) == Standing(position=1, attended=True)
    await paired(storage)
    await storage.line.missed("urgent", one.id, after(20), pause_after=pause_after)
    back = await storage.dispatchers.get(one.id)
    assert (back.presence, back.reason) == (Presence.PAUSED, "lunch")
    assert await paired(storage) is None
    assert await storage.line.standing("urgent", after(21)) == Standing(position=1, attended=False)


async def test_an_emergency_that_hangs_up_leaves_whoever_is_on_a_pause_there(storage: Storage) -> None:
    one = await on_pause(storage, "201")
    await storage.line.enter("urgent", at=after(5), priority=Priority.EMERGENCY)
    await paired(storage)
    await storage.line.leave("urgent", after(6))
    back = await storage.dispatchers.get(one.id)
    assert (back.presence, back.reason) == (Presence.PAUSED, "lunch")


async def test_no_emergency_rings_a_phone_that_is_not_there_or_somebody_who_is_away(storage: Storage) -> None:
    await on_pause(storage, "201", UNREACHABLE)
    await storage.dispatchers.add("202", "Диспетчер 202", "s", frozenset())
    await storage.line.enter("urgent", at=after(500), priority=Priority.EMERGENCY)
    assert await paired(storage) is None


async def test_nobody_on_a_pause_is_rung_for_who_has_no_emergency(storage: Storage) -> None:
    await on_pause(storage, "201")
    await storage.line.enter("returning", at=after(5), priority=Priority.RETURNING)
    assert await paired(storage) is None
    assert await storage.line.standing("returning", after(5)) == Standing(position=1, attended=False)


HOUR = timedelta(hours=1)


@pytest.mark.parametrize("jump", [-HOUR, HOUR])
async def test_a_clock_that_is_set_keeps_nobody_from_their_turn(storage: Storage, jump: timedelta) -> None:
    """Neither the order of the line nor a kept place waits for the clock to catch up."""
    one = await ready(storage, "201")
    await storage.line.enter("early", at=NOON)
    await storage.line.enter("kept", at=after(1))
    assert await storage.kept_places.keep("kept", "+380457900001", after(30))
    await storage.line.enter("late", at=NOON + jump + timedelta(seconds=2))
    await storage.line.enter("last", at=NOON + jump + timedelta(seconds=3))
    served = []
    for second in range(4, 12, 2):
        at = NOON + jump + timedelta(seconds=second)
        offer = await storage.line.pair(at)
        assert offer is not None
        served.append(offer.call_id)
        if offer.callback_to is not None:
            await storage.kept_places.give_back(offer.call_id, at)
            continue
        assert await storage.line.answered(offer.call_id, one.id, at)
        await storage.line.leave(offer.call_id, at)
        await storage.line.talk_ended(offer.call_id, one.id, at, wrap_up=timedelta(0))
    assert served == ["early", "kept", "late", "last"]


async def test_work_after_a_call_does_not_last_an_hour_because_the_clock_was_set_back(
    storage: Storage,
) -> None:
    one = await ready(storage, "201")
    await storage.line.enter("c1", at=NOON)
    assert await storage.line.pair(NOON)
    await storage.line.answered("c1", one.id, NOON)
    await storage.line.talk_ended("c1", one.id, after(60), wrap_up=timedelta(seconds=20))
    assert await storage.line.end_wrap_ups(after(61)) == []
    assert await storage.line.end_wrap_ups(after(61) - HOUR) == [one.id]


async def test_a_phone_that_came_back_has_nobody_ready_who_chose_something_else_meanwhile(
    storage: Storage,
) -> None:
    one = await storage.dispatchers.add("209", "Олена", "s", frozenset())
    for chosen in (Presence.AWAY, Presence.PAUSED):
        await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
        await storage.dispatchers.set_presence(one.id, Presence.PAUSED, NOON, UNREACHABLE)
        await storage.dispatchers.set_presence(
            one.id, chosen, NOON, "break" if chosen is Presence.PAUSED else ""
        )
        await storage.dispatchers.set_presence(one.id, Presence.READY, NOON, UNREACHABLE)
        assert (await storage.dispatchers.get(one.id)).presence is chosen
    await storage.dispatchers.set_presence(one.id, Presence.READY, NOON)
    await storage.dispatchers.set_presence(one.id, Presence.PAUSED, NOON, UNREACHABLE)
    now = await storage.dispatchers.set_presence(one.id, Presence.READY, NOON, UNREACHABLE)
    assert (now.presence, now.reason) == (Presence.READY, "")
