"""Attempts in the database: one at a time, no more than the budget, and none that two workers make."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.call_attempts import Verdict
from hotline.dialling.dialler import Attempt, Errand, Kind, Result
from hotline.people.do_not_call import Unwanted
from storage.store import Storage, open_storage
from tests.storage.conftest import NOON

NUMBER, OTHER = "+380671112233", "+380671112234"
MIDNIGHT = NOON.replace(hour=0)
LATER = NOON + timedelta(minutes=1)


def attempt(
    name: str = "survey-1", number: str = NUMBER, *, at: datetime = NOON, exempt: str = ""
) -> Attempt:
    errand = Errand(name=name, attempt=1, claimed_at=at, number=number, kind=Kind.SURVEY, exempt=exempt)
    return Attempt(errand, f"out-{errand.call}")


async def claim(storage: Storage, one: Attempt, *, budget: int = 3) -> Verdict:
    return await storage.call_attempts.claim(one, one.errand.claimed_at, since=MIDNIGHT, budget=budget)


async def made(storage: Storage, one: Attempt, result: Result = Result.NO_ANSWER) -> None:
    """An attempt from its claim to its end."""
    assert await claim(storage, one) is Verdict.ADMITTED
    assert await storage.call_attempts.dialling(one.call_id, one.errand.claimed_at)
    await storage.call_attempts.ended(one.call_id, result, one.errand.claimed_at)
    await storage.call_attempts.told(one.call_id, one.errand.claimed_at)


async def test_an_errand_and_a_number_have_one_call_at_a_time(storage: Storage) -> None:
    first = attempt()
    assert await claim(storage, first) is Verdict.ADMITTED
    assert await claim(storage, first) is Verdict.ENGAGED
    assert await claim(storage, attempt(at=LATER, number=OTHER)) is Verdict.ENGAGED
    assert await claim(storage, attempt("news-2")) is Verdict.ENGAGED
    assert await claim(storage, attempt("news-3", OTHER)) is Verdict.ADMITTED
    await storage.call_attempts.ended(first.call_id, Result.BUSY, LATER)
    assert await claim(storage, attempt("news-2")) is Verdict.ADMITTED


async def test_many_workers_claim_one_errand_once(storage: Storage, url: str) -> None:
    async with open_storage(url) as elsewhere:
        both = (storage, elsewhere)
        verdicts = await asyncio.gather(*(claim(both[at % 2], attempt()) for at in range(8)))
        numbers = await asyncio.gather(
            *(claim(both[at % 2], attempt(f"news-{at}", OTHER)) for at in range(8))
        )
    assert verdicts.count(Verdict.ADMITTED) == 1
    assert numbers.count(Verdict.ADMITTED) == 1


async def test_one_budget_holds_for_all_sources_and_emergencies_are_exempt(storage: Storage) -> None:
    for name in ("survey-1", "news-1", "order-1"):
        await made(storage, attempt(name))
    assert await claim(storage, attempt("survey-2")) is Verdict.SPENT
    assert await claim(storage, attempt("survey-2", OTHER)) is Verdict.ADMITTED
    assert await claim(storage, attempt("notice-1", exempt="an emergency")) is Verdict.ADMITTED


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("exempt", ["", "an emergency"])
async def test_nobody_is_called_by_us_who_is_on_the_line_with_us(
    storage: Storage, direction: Direction, exempt: str
) -> None:
    talk = CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=direction)
    await storage.calls.open(talk)
    await storage.calls.flush()
    one = attempt(exempt=exempt)
    assert await claim(storage, one) is Verdict.ENGAGED
    assert await storage.call_attempts.under_way(9) == []
    assert await claim(storage, attempt("survey-2", OTHER)) is Verdict.ADMITTED
    assert await storage.call_attempts.on_the_line(NUMBER)
    await storage.calls.close(talk.id, Outcome.TALKED, LATER)
    await storage.calls.flush()
    assert not await storage.call_attempts.on_the_line(NUMBER)
    assert await claim(storage, one) is Verdict.ADMITTED


async def test_an_own_call_that_is_over_keeps_nobody_from_the_next_though_its_end_is_not_written_yet(
    storage: Storage,
) -> None:
    one = attempt()
    placed = CallRecord(
        id=one.call_id, number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=Direction.OUTGOING
    )
    assert await claim(storage, one) is Verdict.ADMITTED
    await storage.calls.open(placed)
    await storage.calls.flush()
    assert await storage.call_attempts.on_the_line(NUMBER)
    await storage.call_attempts.ended(one.call_id, Result.REFUSED, LATER)
    assert not await storage.call_attempts.on_the_line(NUMBER)
    assert await claim(storage, attempt("news-2")) is Verdict.ADMITTED


async def test_whoever_is_to_be_called_back_is_not_waited_for_in_the_call_that_they_ended(
    storage: Storage,
) -> None:
    await storage.calls.open(CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=NOON))
    await storage.calls.flush()
    one = attempt("place-1.1", exempt="they wait")
    assert await claim(storage, replace(one, errand=replace(one.errand, answers="1.1"))) is Verdict.ADMITTED


async def test_it_is_told_whether_a_number_is_being_dialled(storage: Storage) -> None:
    one, attempts = attempt(), storage.call_attempts
    assert await claim(storage, one) is Verdict.ADMITTED
    assert not await attempts.dialled_to(NUMBER)
    await attempts.dialling(one.call_id, NOON)
    assert await attempts.dialled_to(NUMBER)
    assert not await attempts.dialled_to(OTHER)
    await attempts.ended(one.call_id, Result.BUSY, LATER)
    assert not await attempts.dialled_to(NUMBER)


async def test_what_was_refused_left_nothing_behind(storage: Storage) -> None:
    await made(storage, attempt())
    one = attempt("news-1", at=LATER)
    assert await claim(storage, one, budget=1) is Verdict.SPENT
    assert await claim(storage, one, budget=2) is Verdict.ADMITTED


@pytest.mark.parametrize("result", [Result.FAILED, Result.NOT_IN_USE, Result.NOT_PLACED])
async def test_calls_that_rang_nobody_do_not_count(storage: Storage, result: Result) -> None:
    await made(storage, attempt(), result)
    assert await claim(storage, attempt("news-1", at=LATER), budget=1) is Verdict.ADMITTED


async def test_calls_of_yesterday_do_not_count(storage: Storage) -> None:
    await made(storage, attempt(at=MIDNIGHT - timedelta(seconds=1)))
    assert await claim(storage, attempt("news-1"), budget=1) is Verdict.ADMITTED


async def test_whoever_does_not_want_to_be_called_is_not_but_for_emergencies(storage: Storage) -> None:
    unwanted = Unwanted(number=NUMBER, reason="Просить не турбувати", at=NOON)
    assert await storage.do_not_call.add(unwanted)
    assert not await storage.do_not_call.add(replace(unwanted, reason="Ще раз"))
    assert await claim(storage, attempt()) is Verdict.UNWANTED
    assert await claim(storage, attempt(exempt="an emergency")) is Verdict.ADMITTED
    assert await storage.do_not_call.latest(9) == [unwanted]
    assert await storage.do_not_call.remove(NUMBER)
    assert not await storage.do_not_call.remove(NUMBER)
    assert await storage.do_not_call.latest(9) == []


async def test_what_nobody_renews_is_taken_over_by_one_with_how_far_it_had_come(
    storage: Storage, url: str
) -> None:
    claimed, dialled, untold, kept = (attempt(f"survey-{at}", f"+38067111220{at}") for at in range(4))
    ours = storage.call_attempts
    for one in (claimed, dialled, untold, kept):
        assert await claim(storage, one) is Verdict.ADMITTED
    await ours.dialling(dialled.call_id, NOON)
    await ours.ended(untold.call_id, Result.SETTLED, NOON)
    await ours.renew([kept.call_id], LATER)
    async with open_storage(url) as elsewhere:
        theirs = elsewhere.call_attempts
        assert await theirs.take_over(NOON, LATER) == []
        both = await asyncio.gather(*(one.take_over(LATER, LATER) for one in (theirs, theirs)))
        left = [one for found in both for one in found]
        assert {(one.attempt.errand.name, one.dialled, one.result) for one in left} == {
            ("survey-0", False, None),
            ("survey-1", True, None),
            ("survey-2", False, Result.SETTLED),
        }
        assert {one.attempt.errand for one in left} == {one.errand for one in (claimed, dialled, untold)}
        assert not await ours.dialling(claimed.call_id, LATER), "others have it now"
        assert await theirs.dialling(claimed.call_id, LATER)
        for one in (claimed, dialled, untold):
            await theirs.ended(one.call_id, Result.INTERRUPTED, LATER)
            await theirs.told(one.call_id, LATER)
        await ours.renew([claimed.call_id], LATER + timedelta(days=1))
        assert len(await theirs.take_over(LATER + timedelta(hours=1), LATER)) == 1


async def test_the_first_to_say_what_it_came_to_is_right(storage: Storage) -> None:
    one = attempt()
    await claim(storage, one)
    assert await storage.call_attempts.ended(one.call_id, Result.SETTLED, NOON)
    assert not await storage.call_attempts.ended(one.call_id, Result.INTERRUPTED, LATER)
    (left,) = await storage.call_attempts.take_over(LATER, LATER)
    assert left.result is Result.SETTLED


async def test_what_its_source_does_not_know_yet_is_seen_by_all_workers(storage: Storage, url: str) -> None:
    claimed, ended, told = (attempt(f"survey-{at}", f"+38067111220{at}") for at in range(3))
    await claim(storage, claimed)
    await claim(storage, ended)
    await storage.call_attempts.ended(ended.call_id, Result.SETTLED, NOON)
    await made(storage, told)
    async with open_storage(url) as elsewhere:
        assert set(await elsewhere.call_attempts.untold()) == {claimed.errand, ended.errand}
