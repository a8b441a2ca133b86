"""Calls that are owed, in the database: one at a time, no more than the budget, none made by two workers."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.job_states import JOB, JobEvent, JobState
from hotline.dialling.jobs import GIVEN_UP, REACHED, Brief, Follows, Job, NewJob, Verdict, again_at, later
from hotline.errors import ForbiddenTransition
from hotline.people.do_not_call import Unwanted
from storage.dialling.owing import owe_anew
from storage.store import Storage, open_storage
from storage.tables import call_attempts, call_jobs
from tests.fakes.jobs import carried_out, standing
from tests.storage.conftest import NOON

NUMBER, OTHER = "+380671112233", "+380671112234"
MIDNIGHT = NOON.replace(hour=0)
LATER = NOON + timedelta(minutes=1)


async def owe(
    storage: Storage,
    source: str = "survey",
    subject: int = 1,
    number: str = NUMBER,
    *,
    kind: Kind = Kind.SURVEY,
    about: str = "",
) -> None:
    job = NewJob(source=source, subject=subject, number=number, kind=kind, about=about, due_at=MIDNIGHT)
    await storage.call_jobs.owe([job], NOON)


async def job(
    storage: Storage, source: str = "survey", subject: int = 1, at: datetime = NOON, **how: str
) -> Job:
    """A job that this worker has claimed."""
    await owe(storage, source, subject, **how)
    (claimed,) = await storage.call_jobs.claim(at, 9)
    return claimed


async def admit(storage: Storage, one: Job, *, exempt: str = "", budget: int = 3) -> Verdict:
    brief = Brief(number=one.number, about=None, exempt=exempt)
    return await storage.call_jobs.admit(one, brief, one.claimed_at, since=MIDNIGHT, budget=budget)


async def made(storage: Storage, one: Job, result: Result = Result.NO_ANSWER) -> None:
    """An attempt from its admission to its end."""
    assert await admit(storage, one, budget=99) is Verdict.ADMITTED
    assert await storage.call_jobs.dial(one.call_id, one.claimed_at)
    if result is Result.NOT_PLACED:
        await storage.call_jobs.follow(one.call_id, later(LATER), one.claimed_at)
        return
    await storage.call_jobs.end(one.call_id, result, one.claimed_at)
    await storage.call_jobs.follow(one.call_id, GIVEN_UP, one.claimed_at)


async def state(storage: Storage, source: str = "survey", subject: int = 1) -> JobState:
    return JobState((await standing(storage, source, subject))["state"])


async def test_a_subject_is_owed_one_call(storage: Storage) -> None:
    await owe(storage)
    with pytest.raises(IntegrityError):
        await owe(storage)
    await owe(storage, "news")


async def test_to_one_number_there_is_one_call_at_a_time(storage: Storage) -> None:
    first = await job(storage)
    await owe(storage, "news", 2)
    await owe(storage, "news", 3, OTHER)
    (other,) = await storage.call_jobs.claim(NOON, 9)
    assert other.subject == 3
    assert await admit(storage, first) is Verdict.ADMITTED
    assert await admit(storage, replace(other, number=NUMBER)) is Verdict.ENGAGED, (
        "written otherwise when owed"
    )
    assert await admit(storage, other) is Verdict.ADMITTED
    await storage.call_jobs.end(first.call_id, Result.BUSY, LATER)
    assert await admit(storage, await _only(storage)) is Verdict.ADMITTED


async def test_about_one_thing_there_is_one_call_at_a_time(storage: Storage) -> None:
    for subject, number in enumerate((NUMBER, OTHER), start=1):
        await owe(storage, "duty", subject, number, about="26-7")
    await owe(storage, "duty", 3, "+380671112235", about="26-8")
    assert [one.subject for one in await storage.call_jobs.claim(NOON, 9)] == [1, 3]
    assert await storage.call_jobs.claim(NOON, 9) == []


async def test_the_most_pressing_kind_is_claimed_first(storage: Storage) -> None:
    await owe(storage, "survey", 1)
    await owe(storage, "outage", 2, OTHER, kind=Kind.OUTAGE)
    await owe(storage, "duty", 3, "+380671112235", kind=Kind.EMERGENCY)
    assert [one.source for one in await storage.call_jobs.claim(NOON, 2)] == ["duty", "outage"]


async def test_a_call_that_another_process_owes_is_claimed_when_its_moment_comes_and_nobody_writes(
    storage: Storage, url: str
) -> None:
    assert await storage.call_jobs.claim(NOON, 9) == []
    async with open_storage(url) as elsewhere:
        owed = NewJob(source="duty", subject=1, number=NUMBER, kind=Kind.EMERGENCY, due_at=LATER)
        await elsewhere.call_jobs.owe([owed], NOON)
    assert await storage.call_jobs.claim(NOON, 9) == []
    assert [one.subject for one in await storage.call_jobs.claim(LATER, 9)] == [1]


async def test_many_workers_claim_one_job_once(storage: Storage, url: str) -> None:
    await owe(storage)
    async with open_storage(url) as elsewhere:
        both = (storage, elsewhere)
        claimed = await asyncio.gather(*(both[at % 2].call_jobs.claim(NOON, 9) for at in range(8)))
    assert sum(map(len, claimed)) == 1


async def test_many_workers_have_one_number_admitted_once(storage: Storage, url: str) -> None:
    async with open_storage(url) as elsewhere:
        jobs = []
        for at, worker in enumerate((storage, elsewhere) * 4):
            await owe(worker, "news", at, f"06711122{at:02}")
            jobs += [(worker, one) for one in await worker.call_jobs.claim(NOON, 9)]
        verdicts = await asyncio.gather(*(admit(worker, replace(one, number=NUMBER)) for worker, one in jobs))
    assert len(jobs) == 8
    assert verdicts.count(Verdict.ADMITTED) == 1


async def test_one_budget_holds_for_all_sources_and_emergencies_are_exempt(storage: Storage) -> None:
    for source in ("survey", "news", "order"):
        await made(storage, await job(storage, source))
    spent = await job(storage, subject=2)
    assert await admit(storage, spent) is Verdict.SPENT
    assert await admit(storage, await job(storage, subject=3, number=OTHER)) is Verdict.ADMITTED
    assert await admit(storage, spent, exempt="an emergency") is Verdict.ADMITTED


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("exempt", ["", "an emergency"])
async def test_nobody_is_called_by_us_who_is_on_the_line_with_us(
    storage: Storage, direction: Direction, exempt: str
) -> None:
    talk = CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=direction)
    await storage.calls.open(talk)
    await storage.calls.flush()
    one = await job(storage)
    assert await admit(storage, one, exempt=exempt) is Verdict.ENGAGED
    assert await storage.call_jobs.under_way(9) == []
    assert await admit(storage, await job(storage, subject=2, number=OTHER)) is Verdict.ADMITTED
    assert await storage.call_jobs.on_the_line(NUMBER)
    await storage.calls.close(talk.id, Outcome.TALKED, LATER)
    await storage.calls.flush()
    assert not await storage.call_jobs.on_the_line(NUMBER)
    assert await admit(storage, one, exempt=exempt) is Verdict.ADMITTED


async def test_an_own_call_that_is_over_keeps_nobody_from_the_next_though_its_end_is_not_written_yet(
    storage: Storage,
) -> None:
    one = await job(storage)
    placed = CallRecord(
        id=one.call_id, number=NUMBER, shown=NUMBER, arrived_at=NOON, direction=Direction.OUTGOING
    )
    assert await admit(storage, one) is Verdict.ADMITTED
    await storage.calls.open(placed)
    await storage.calls.flush()
    assert await storage.call_jobs.dial(one.call_id, NOON)
    assert await storage.call_jobs.on_the_line(NUMBER)
    await storage.call_jobs.end(one.call_id, Result.REFUSED, LATER)
    assert not await storage.call_jobs.on_the_line(NUMBER)
    assert await admit(storage, await job(storage, "news", 2)) is Verdict.ADMITTED


async def test_whoever_is_to_be_called_back_is_not_waited_for_in_the_call_that_they_ended(
    storage: Storage,
) -> None:
    await storage.calls.open(CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=NOON))
    await storage.calls.flush()
    brief = Brief(number=NUMBER, about=None, exempt="they wait", answers="1.1")
    admitted = await storage.call_jobs.admit(await job(storage), brief, NOON, since=MIDNIGHT, budget=1)
    assert admitted is Verdict.ADMITTED


async def test_it_is_told_whether_a_number_is_being_dialled(storage: Storage) -> None:
    one, jobs = await job(storage), storage.call_jobs
    assert await admit(storage, one) is Verdict.ADMITTED
    assert not await jobs.dialled_to(NUMBER)
    await jobs.dial(one.call_id, NOON)
    assert await jobs.dialled_to(NUMBER)
    assert not await jobs.dialled_to(OTHER)
    (shown,) = await jobs.under_way(9)
    assert (shown.job.call_id, shown.dialled, shown.since) == (one.call_id, True, NOON)
    await jobs.end(one.call_id, Result.BUSY, LATER)
    assert not await jobs.dialled_to(NUMBER)


async def test_what_was_refused_left_nothing_behind(storage: Storage) -> None:
    await made(storage, await job(storage))
    one = await job(storage, "news", 2, LATER)
    assert await admit(storage, one, budget=1) is Verdict.SPENT
    assert await state(storage, "news", 2) is JobState.CLAIMED
    assert await admit(storage, one, budget=2) is Verdict.ADMITTED


@pytest.mark.parametrize("result", [Result.FAILED, Result.NOT_IN_USE, Result.NOT_PLACED])
async def test_calls_that_rang_nobody_do_not_count(storage: Storage, result: Result) -> None:
    await made(storage, await job(storage), result)
    assert await admit(storage, await job(storage, "news", 2), budget=1) is Verdict.ADMITTED


async def test_calls_of_yesterday_do_not_count(storage: Storage) -> None:
    one = await job(storage)
    await made(storage, replace(one, claimed_at=MIDNIGHT - timedelta(seconds=1)))
    assert await admit(storage, await job(storage, "news", 2), budget=1) is Verdict.ADMITTED


async def test_whoever_does_not_want_to_be_called_is_not_but_for_emergencies(storage: Storage) -> None:
    unwanted = Unwanted(number=NUMBER, reason="Просить не турбувати", at=NOON)
    assert await storage.do_not_call.add(unwanted)
    assert not await storage.do_not_call.add(replace(unwanted, reason="Ще раз"))
    one = await job(storage)
    assert await admit(storage, one) is Verdict.UNWANTED
    assert await admit(storage, one, exempt="an emergency") is Verdict.ADMITTED
    assert await storage.do_not_call.latest(9) == [unwanted]
    assert await storage.do_not_call.remove(NUMBER)
    assert not await storage.do_not_call.remove(NUMBER)
    assert await storage.do_not_call.latest(9) == []


async def test_what_nobody_renews_is_given_back_or_taken_over_by_how_far_it_had_come(
    storage: Storage, url: str
) -> None:
    ours, jobs = storage.call_jobs, []
    for at in range(5):
        jobs.append(await job(storage, subject=at, number=f"+38067111220{at}"))
        assert await admit(storage, jobs[at]) is Verdict.ADMITTED
    admitted, dialled, settled, over, kept = jobs
    for one in (dialled, settled, over, kept):
        assert await ours.dial(one.call_id, NOON)
    await ours.settle(settled.call_id)
    await ours.end(over.call_id, Result.BUSY, NOON)
    await ours.renew([kept.call_id], LATER)
    async with open_storage(url) as elsewhere:
        theirs = elsewhere.call_jobs
        assert await theirs.take_over(NOON, LATER) == []
        assert await theirs.give_back(NOON, LATER) == 0
        assert await theirs.take_these_over(admitted.call_id, "another", LATER) == [], "nobody is rung"
        (cut_off,) = await theirs.take_these_over(kept.call_id, "another", LATER)
        assert (cut_off.subject, cut_off.result) == (4, None)
        assert await theirs.take_these_over(kept.about, "another", LATER) == []
        both = await asyncio.gather(*(one.take_over(LATER, LATER) for one in (theirs, theirs)))
        left = [one for found in both for one in found]
        assert sorted((one.subject or 0, one.result) for one in left) == [
            (1, None),
            (2, Result.SETTLED),
            (3, Result.BUSY),
        ]
        assert await theirs.give_back(LATER, LATER) == 1
        assert not await ours.dial(admitted.call_id, LATER), "it is not ours any more"
        assert await state(storage, subject=0) is JobState.DUE
        await ours.renew([dialled.call_id], LATER + timedelta(days=1))
        assert len(await theirs.take_over(LATER + timedelta(hours=1), LATER)) == 4


async def test_the_first_to_say_what_it_came_to_is_right(storage: Storage) -> None:
    one = await job(storage)
    await admit(storage, one)
    await storage.call_jobs.dial(one.call_id, NOON)
    over = await storage.call_jobs.end(one.call_id, Result.SETTLED, NOON)
    assert over is not None
    assert over.result is Result.SETTLED
    assert await storage.call_jobs.end(one.call_id, Result.INTERRUPTED, LATER) is None
    (left,) = await storage.call_jobs.take_over(LATER, LATER)
    assert left.result is Result.SETTLED


async def test_what_was_settled_in_an_attempt_before_is_nothing_of_the_next(storage: Storage) -> None:
    one = await job(storage)
    await admit(storage, one)
    await storage.call_jobs.dial(one.call_id, NOON)
    await storage.call_jobs.settle(one.call_id)
    await storage.call_jobs.end(one.call_id, Result.UNHEARD, NOON)
    await storage.call_jobs.follow(one.call_id, again_at(LATER), NOON)
    (again,) = await storage.call_jobs.claim(LATER, 9)
    assert (again.attempt, again.id) == (2, one.id)
    assert again.call_id != one.call_id
    await admit(storage, again)
    await storage.call_jobs.dial(again.call_id, LATER)
    over = await storage.call_jobs.end(again.call_id, Result.BUSY, LATER)
    assert over is not None
    assert over.result is Result.BUSY


@pytest.mark.parametrize("before", JobState)
async def test_nothing_happens_to_a_job_that_its_table_does_not_allow(
    storage: Storage, before: JobState
) -> None:
    """One job after the other, each event to its own."""
    for event in sorted(set(JobEvent) - {JobEvent.REFUSE, JobEvent.OWE_ANEW}):
        one = await job(storage)
        async with storage.database.writing() as connection:
            await connection.execute(update(call_jobs).values(state=before.value, result=Result.BUSY.value))
        await befalls(storage, one, event)
        after = JOB.after(before, event) if JOB.allows(before, event) else before
        assert await state(storage) is after, event
        async with storage.database.writing() as connection:
            await connection.execute(delete(call_attempts))
            await connection.execute(delete(call_jobs))


async def befalls(storage: Storage, one: Job, event: JobEvent) -> None:
    jobs = storage.call_jobs
    match event:
        case JobEvent.CLAIM:
            await jobs.claim(NOON, 9)
        case JobEvent.ADMIT:
            await admit(storage, one)
        case JobEvent.DIAL:
            await jobs.dial(one.call_id, NOON)
        case JobEvent.END:
            await jobs.end(one.call_id, Result.BUSY, NOON)
        case _:
            await jobs.follow(one.call_id, Follows(event, LATER), NOON)


async def test_a_late_word_of_one_attempt_ends_no_later_one(storage: Storage) -> None:
    one = await job(storage)
    await carried_out(storage, one, Result.BUSY, NOON)
    (again,) = await storage.call_jobs.claim(NOON + timedelta(hours=1), 9)
    assert await storage.call_jobs.end(one.call_id, Result.REFUSED, LATER) is None
    for follows in (REACHED, GIVEN_UP, again_at(LATER), later(LATER)):
        await storage.call_jobs.follow(one.call_id, follows, LATER)
    row = await standing(storage, "survey", 1)
    assert (row["state"], row["attempt"], row["call_id"]) == (JobState.CLAIMED, 2, again.call_id)


async def test_what_is_under_way_is_not_owed_anew(storage: Storage) -> None:
    one = await job(storage)
    async with storage.database.writing() as connection:
        with pytest.raises(ForbiddenTransition):
            await owe_anew(connection, "survey", 1, LATER)
    await storage.call_jobs.follow(one.call_id, GIVEN_UP, LATER)
    async with storage.database.writing() as connection:
        await owe_anew(connection, "survey", 1, LATER)
    row = await standing(storage, "survey", 1)
    assert (row["state"], row["attempt"], row["due_at"]) == (JobState.DUE, 0, LATER)


async def test_an_end_is_told_once_it_is_known(storage: Storage) -> None:
    one = await job(storage)
    await storage.call_jobs.follow(one.call_id, REACHED, NOON)
    assert await state(storage) is JobState.CLAIMED, "nobody is reached who was not called"


async def _only(storage: Storage) -> Job:
    (claimed,) = await storage.call_jobs.claim(LATER, 9)
    return claimed
