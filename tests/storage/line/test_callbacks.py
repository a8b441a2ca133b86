"""The list of those to call back, on both databases."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.dialects import sqlite

from hotline.access.permissions import Role
from hotline.calls.call import TALKS, CallRecord, Direction, JourneyStep, Outcome, Step, VoiceMessage
from hotline.errors import NotFound
from hotline.line.callbacks import CLAIM_LASTS, EVER, Callback, CallbackResult, Claim, OwedFilter
from hotline.line.line import Priority
from storage.line.callbacks import OWED
from storage.store import Storage
from storage.tables import calls
from tests.fakes.databases import fresh_storage
from tests.storage.conftest import NOON, FixedClock

MARIA, IVAN = "+380457900001", "+380457900002"


async def call(
    storage: Storage,
    call_id: str,
    number: str | None,
    minutes: int,
    outcome: Outcome = Outcome.ABANDONED_IN_LINE,
) -> None:
    arrived = NOON + timedelta(minutes=minutes)
    await storage.calls.open(CallRecord(id=call_id, number=number, shown=number or "", arrived_at=arrived))
    await storage.calls.close(call_id, outcome, arrived + timedelta(seconds=30))
    await storage.calls.flush()


async def for_another_city(storage: Storage, call_id: str) -> None:
    """It was dialled by another city's number, which we answer by agreement."""
    detail = {"agreement": 3, "name": "Чернігів"}
    await storage.calls.note(
        JourneyStep(call_id=call_id, number=2, at=NOON, step=Step.FOR_NEIGHBOUR, detail=detail)
    )
    await storage.calls.flush()


async def test_a_missed_call_of_another_citys_number_names_that_city(storage: Storage) -> None:
    await call(storage, "m1", MARIA, 1)
    await call(storage, "m2", IVAN, 2)
    await call(storage, "hidden", None, 3)
    await for_another_city(storage, "m1")
    await for_another_city(storage, "hidden")
    assert [one.city for one in await storage.callbacks.owed(10)] == ["Чернігів", ""]
    assert [one.city for one in await storage.callbacks.hidden(10)] == ["Чернігів"]
    await call(storage, "m3", MARIA, 4)
    assert [one.city for one in await storage.callbacks.owed(10)] == ["", ""], "they called us last"


async def user(storage: Storage, login: str = "olya") -> int:
    return (await storage.users.add(login=login, name=login, role=Role.HEAD, password_hash="h")).id


async def owed(storage: Storage) -> Sequence[tuple[str, int]]:
    """The numbers with their tries in vain."""
    return [(one.number, len(one.past)) for one in await storage.callbacks.owed(10)]


async def test_whoever_waits_longest_for_a_call_stands_first_once_with_all_their_calls(
    storage: Storage,
) -> None:
    await call(storage, "m1", MARIA, 1)
    await call(storage, "m2", IVAN, 2, Outcome.LOST)
    await call(storage, "m3", MARIA, 3)
    await call(storage, "hidden", None, 3)
    await call(storage, "menu", IVAN, 4, Outcome.HUNG_UP_IN_MENU)
    first, second = await storage.callbacks.owed(10)
    assert (first.number, first.calls, first.last_call_id, first.past) == (MARIA, 2, "m3", ())
    assert (first.first_at, first.last_at) == (NOON + timedelta(minutes=1), NOON + timedelta(minutes=3))
    assert (second.number, second.last_call_id, second.claim) == (IVAN, "m2", None)


@pytest.mark.parametrize(
    "in_vain", [CallbackResult.NO_ANSWER, CallbackResult.BUSY, CallbackResult.NOT_CONNECTED]
)
@pytest.mark.parametrize("talk", sorted(TALKS))
async def test_only_a_later_talk_or_a_callback_that_got_through_takes_a_number_off_the_list(
    storage: Storage, in_vain: CallbackResult, talk: Outcome
) -> None:
    who = await user(storage)
    await call(storage, "before", MARIA, 0, Outcome.TALKED)
    await call(storage, "m1", MARIA, 1)
    await call(storage, "m2", IVAN, 2)
    await storage.callbacks.add(Callback(call_id="m1", user_id=who, at=NOON, result=in_vain))
    assert await owed(storage) == [(MARIA, 1), (IVAN, 0)]
    await storage.callbacks.add(Callback(call_id="m1", user_id=who, at=NOON, result=CallbackResult.REACHED))
    assert await owed(storage) == [(IVAN, 0)]
    await call(storage, "talk", IVAN, 5, talk)
    assert await owed(storage) == []


async def test_of_those_who_are_known_it_tells_who_is_still_owed_a_call_and_who_calls_them(
    storage: Storage,
) -> None:
    who = await user(storage)
    for minute, (call_id, number) in enumerate((("m1", MARIA), ("m2", IVAN), ("h1", None), ("h2", None))):
        await call(storage, call_id, number, minute)
    known = [one.number for one in await storage.callbacks.owed(10)]
    hidden = [one.call_id for one in await storage.callbacks.hidden(10)]
    await storage.callbacks.add(Callback(call_id="m1", user_id=who, at=NOON, result=CallbackResult.REACHED))
    await storage.callbacks.add(Callback(call_id="h1", user_id=who, at=NOON, result=CallbackResult.SETTLED))
    claim = await storage.callbacks.claim("m2", who, NOON)
    await call(storage, "m3", "+380457900003", 5)
    await call(storage, "h3", None, 6)
    still = await storage.callbacks.owed(10, among=known)
    assert [(one.number, one.claim, one.last_call_id) for one in still] == [(IVAN, claim, "m2")]
    assert [one.call_id for one in await storage.callbacks.hidden(10, among=hidden)] == ["h2"]
    assert await storage.callbacks.owed(10, among=()) == []
    assert await storage.callbacks.hidden(10, among=()) == []


async def test_whoever_calls_in_vain_after_the_list_was_read_stays_on_it(storage: Storage) -> None:
    who = await user(storage)
    await call(storage, "m1", MARIA, 1)
    await call(storage, "m2", MARIA, 9)
    late = Callback(call_id="m1", user_id=who, at=NOON + timedelta(minutes=10), result=CallbackResult.REACHED)
    await storage.callbacks.add(late)
    assert [(one.last_call_id, one.calls) for one in await storage.callbacks.owed(10)] == [("m2", 1)]


async def test_all_tries_of_a_number_are_kept_the_newest_first_with_the_call_that_was_made(
    storage: Storage,
) -> None:
    who = await user(storage)
    await call(storage, "m1", MARIA, 1)
    tried = [
        Callback(call_id="m1", user_id=who, at=NOON, result=CallbackResult.BUSY, made_call_id="out-1"),
        Callback(
            call_id="m1",
            user_id=who,
            at=NOON + timedelta(minutes=2),
            result=CallbackResult.SETTLED,
            note="Листом",
        ),
    ]
    for one in tried:
        await storage.callbacks.add(one)
    assert await storage.callbacks.tries(MARIA, 10) == tried[::-1]
    assert await storage.callbacks.tries(MARIA, 1) == tried[1:]
    assert await storage.callbacks.tries(IVAN, 10) == []


async def test_of_two_who_want_to_call_at_once_one_does(storage: Storage) -> None:
    olya, petro = await user(storage), await user(storage, "petro")
    await call(storage, "m1", MARIA, 1)
    await call(storage, "m2", MARIA, 2)
    claims = await asyncio.gather(
        storage.callbacks.claim("m1", olya, NOON), storage.callbacks.claim("m2", petro, NOON)
    )
    assert claims[0] == claims[1]
    (one,) = await storage.callbacks.owed(10)
    assert one.claim == claims[0]


async def test_a_claim_ends_by_a_result_by_giving_it_back_or_by_time(storage: Storage) -> None:
    olya, petro = await user(storage), await user(storage, "petro")
    await call(storage, "m1", MARIA, 1)
    mine = Claim(user_id=olya, at=NOON)
    assert await storage.callbacks.claim("m1", olya, NOON) == mine
    await storage.callbacks.release("m1", petro)
    assert await storage.callbacks.claim("m1", petro, NOON + timedelta(minutes=1)) == mine
    later = NOON + CLAIM_LASTS
    assert not mine.stands(later)
    assert await storage.callbacks.claim("m1", petro, later) == Claim(user_id=petro, at=later)
    await storage.callbacks.add(Callback(call_id="m1", user_id=petro, at=later, result=CallbackResult.BUSY))
    (one,) = await storage.callbacks.owed(10)
    assert one.claim is None
    assert (await storage.callbacks.claim("m1", olya, later)).user_id == olya
    await storage.callbacks.release("m1", olya)
    assert (await storage.callbacks.claim("m1", petro, later)).user_id == petro


async def test_a_hidden_number_stands_apart_until_somebody_says_how_it_was_settled(storage: Storage) -> None:
    who = await user(storage)
    await call(storage, "h2", None, 2)
    await call(storage, "h1", None, 1, Outcome.LOST)
    await call(storage, "menu", None, 1, Outcome.HUNG_UP_IN_MENU)
    assert [one.call_id for one in await storage.callbacks.hidden(10)] == ["h1", "h2"]
    assert [one.call_id for one in await storage.callbacks.hidden(1)] == ["h1"]
    settled = Callback(call_id="h1", user_id=who, at=NOON, result=CallbackResult.SETTLED, note="Відомо хто")
    await storage.callbacks.add(settled)
    assert [one.call_id for one in await storage.callbacks.hidden(10)] == ["h2"]


async def test_whoever_was_told_that_nobody_is_on_duty_is_called_back_too(storage: Storage) -> None:
    await call(storage, "c1", IVAN, 1, Outcome.NOBODY_ON_DUTY)
    assert await owed(storage) == [(IVAN, 0)]


async def test_nobody_is_called_back_without_a_number(storage: Storage) -> None:
    who = await user(storage)
    await call(storage, "hidden", None, 1)
    for call_id in ("hidden", "unknown"):
        with pytest.raises(NotFound):
            await storage.callbacks.add(
                Callback(call_id=call_id, user_id=who, at=NOON, result=CallbackResult.REACHED)
            )
        with pytest.raises(NotFound):
            await storage.callbacks.claim(call_id, who, NOON)
        await storage.callbacks.release(call_id, who)


async def test_a_call_of_our_own_that_broke_off_owes_nothing(storage: Storage) -> None:
    for call_id, number in (("out", MARIA), ("odd", None)):
        await call(storage, call_id, number, 1, Outcome.LOST)
    async with storage.database.writing() as connection:
        await connection.execute(update(calls).values(direction=Direction.OUTGOING.value))
    assert await owed(storage) == []
    assert await storage.callbacks.hidden(10) == []


async def test_a_later_talk_is_looked_for_among_the_calls_of_that_number_alone() -> None:
    query = OWED.params(since=EVER).compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True})
    async with fresh_storage(FixedClock()) as opened, opened.database.reading() as connection:
        plan = await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}")
        assert "ix_calls_of_number_outcome (number=? AND outcome=? AND arrived_at>?)" in str(plan.all())


async def test_a_desk_is_told_only_of_what_was_missed_lately(storage: Storage) -> None:
    await call(storage, "old", IVAN, 0)
    await call(storage, "new", MARIA, 60)
    lately = await storage.callbacks.owed(10, NOON + timedelta(minutes=30))
    assert [one.number for one in lately] == [MARIA]


async def message(
    storage: Storage, call_id: str, number: str | None, minutes: int, seconds: float = 5.0
) -> VoiceMessage:
    said = VoiceMessage(
        id=f"{call_id}-said",
        call_id=call_id,
        number=number,
        file=f"{call_id}.wav",
        began_at=NOON + timedelta(minutes=minutes, seconds=10),
        seconds=seconds,
    )
    await storage.calls.keep_message(said)
    return said


async def test_a_message_is_work_until_somebody_has_talked_or_settled_it(storage: Storage) -> None:
    await call(storage, "m1", MARIA, 1, Outcome.MESSAGE_LEFT)
    said = await message(storage, "m1", MARIA, 1)
    (one,) = await storage.callbacks.owed(10)
    assert (one.number, one.emergency, list(one.messages)) == (MARIA, False, [said])
    done = Callback(
        call_id="m1",
        user_id=await user(storage),
        at=NOON,
        result=CallbackResult.SETTLED,
        note="Лампу замінено",
    )
    await storage.callbacks.add(done)
    assert await storage.callbacks.owed(10) == []


async def test_a_message_of_a_hidden_number_is_work_as_well(storage: Storage) -> None:
    await call(storage, "h1", None, 1, Outcome.MESSAGE_LEFT)
    said = await message(storage, "h1", None, 1)
    (one,) = await storage.callbacks.hidden(10)
    assert (one.call_id, list(one.messages)) == ("h1", [said])


async def test_a_message_in_which_nobody_spoke_is_no_work(storage: Storage) -> None:
    await call(storage, "m1", MARIA, 1, Outcome.MESSAGE_EMPTY)
    await message(storage, "m1", MARIA, 1, seconds=0.0)
    await call(storage, "m2", IVAN, 2)
    await message(storage, "m2", IVAN, 2, seconds=0.0)
    (one,) = await storage.callbacks.owed(10)
    assert (one.number, list(one.messages)) == (IVAN, [])


async def test_an_emergency_stands_before_whoever_waits_longer(storage: Storage) -> None:
    for minutes, (call_id, number) in enumerate([("m1", MARIA), ("h1", None), ("m2", IVAN), ("h2", None)]):
        await call(storage, call_id, number, minutes, Outcome.MESSAGE_LEFT)
    for call_id in ("m2", "h2"):
        await storage.line.enter(call_id, at=NOON, priority=Priority.EMERGENCY)
        await storage.line.leave(call_id, NOON)
    assert [(one.number, one.emergency) for one in await storage.callbacks.owed(10)] == [
        (IVAN, True),
        (MARIA, False),
    ]
    assert [(one.call_id, one.emergency) for one in await storage.callbacks.hidden(10)] == [
        ("h2", True),
        ("h1", False),
    ]


async def test_the_list_is_asked_for_digits_emergencies_and_messages(storage: Storage) -> None:
    await call(storage, "m1", MARIA, 0, Outcome.MESSAGE_LEFT)
    await call(storage, "m2", IVAN, 1)
    await call(storage, "m3", MARIA, 2)
    await call(storage, "h1", None, 3)
    await call(storage, "h2", None, 4, Outcome.MESSAGE_LEFT)
    for call_id in ("m2", "h1"):
        await storage.line.enter(call_id, at=NOON, priority=Priority.EMERGENCY)
        await storage.line.leave(call_id, NOON)

    async def found(wanted: OwedFilter) -> tuple[list[str], list[str]]:
        of_numbers = await storage.callbacks.owed(10, wanted=wanted)
        of_calls = await storage.callbacks.hidden(10, wanted=wanted)
        assert await storage.callbacks.count(wanted, 10) == len(of_numbers) + len(of_calls)
        return [one.number for one in of_numbers], [one.call_id for one in of_calls]

    assert await found(OwedFilter()) == ([IVAN, MARIA], ["h1", "h2"])
    assert await found(OwedFilter(digits="0457900001")) == ([MARIA], [])
    assert await found(OwedFilter(digits="%")) == ([], [])
    assert await found(OwedFilter(emergency=True)) == ([IVAN], ["h1"])
    assert await found(OwedFilter(spoken=True)) == ([MARIA], ["h2"])
    assert await found(OwedFilter(spoken=True, emergency=True)) == ([], [])
    assert await storage.callbacks.count(OwedFilter(), 1) == 2, "one of each is counted, and no more"
    assert await storage.callbacks.count(OwedFilter(), 10, NOON + timedelta(minutes=3)) == 2
