"""Which owed calls are placed now, and what becomes of those that a dead worker left: on real storage."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.dialling.dialler import Kind, Result
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.job_states import JobEvent, JobState
from hotline.dialling.jobs import Attempt, Brief, Follows, Job, NewJob
from hotline.people.do_not_call import Unwanted
from storage.store import Storage, open_storage
from telephony.dialling.claims import ENGAGED_FOR, LEFT_AFTER, RENEWED_EVERY, ROUNDS, STANDS_FOR, Claims
from tests.fakes.clock import NOON, SetClock
from tests.fakes.databases import empty_database
from tests.fakes.jobs import NUMBER, ToldJobs, claims_of, standing

KYIV = ZoneInfo("Europe/Kyiv")
RULES = DiallingRules(zone=KYIV, budget=2)


def claims(storage: Storage, clock: SetClock, *sources: ToldJobs) -> Claims:
    return claims_of(storage, clock, *sources, rules=RULES)


class Slow(ToldJobs):
    """Whoever asks it for a brief is stopped for so long that the claim counts as left behind."""

    clock: SetClock

    async def brief(self, job: Job, at: datetime) -> Brief[int]:
        self.clock.pass_by(LEFT_AFTER.total_seconds())
        return await super().brief(job, at)


class Written(ToldJobs):
    """Its numbers are not written as they are dialled."""

    async def brief(self, job: Job, at: datetime) -> Brief[int]:
        return replace(await super().brief(job, at), number=NUMBER)


async def on_record(
    storage: Storage, attempt: Attempt[Any], *, ended: Outcome | None = None, answered: bool = False
) -> None:
    """The attempt's call as Asterisk's own account leaves it."""
    record = CallRecord(
        id=attempt.call_id,
        number=NUMBER,
        shown=NUMBER,
        arrived_at=NOON,
        answered_at=NOON if answered else None,
        direction=Direction.OUTGOING,
    )
    await storage.calls.open(record)
    if ended is not None:
        await storage.calls.close(attempt.call_id, ended, NOON)
    await storage.calls.flush()


async def left_alone(survivor: Claims, clock: SetClock) -> None:
    """So much time passes that whatever nobody renews counts as left behind."""
    clock.pass_by((LEFT_AFTER + RENEWED_EVERY).total_seconds())
    await survivor.keep()


async def state(storage: Storage, source: str = "survey") -> JobState:
    return JobState((await standing(storage, source, 1))["state"])


@pytest.fixture
async def both(tmp_path: Path, clock: SetClock) -> AsyncIterator[tuple[Storage, Storage]]:
    """One database, opened by the worker that dies and by the one that survives."""
    url = await asyncio.to_thread(empty_database, tmp_path)
    async with open_storage(url, clock) as first, open_storage(url, clock) as second:
        yield first, second


@pytest.fixture
def surveys() -> ToldJobs:
    return ToldJobs("survey")


async def test_out_of_hours_a_call_is_put_off_to_the_moment_at_which_they_begin(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    await surveys.owed(storage, 1, at=clock.now())
    assert await claims(storage, clock, surveys).take(5) == []
    row = await standing(storage, "survey", 1)
    assert (row["state"], row["attempt"], surveys.told) == (JobState.DUE, 0, [])
    assert row["due_at"].astimezone(KYIV).hour in {9, 10}
    exempt = ToldJobs("notice", kind=Kind.EMERGENCY, exempt="an emergency")
    await exempt.owed(storage, 1, at=clock.now())
    assert len(await claims(storage, clock, surveys, exempt).take(5)) == 1


async def test_calls_that_are_put_off_leave_their_room_to_others(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    notices = ToldJobs("notice", exempt="an emergency")
    await surveys.owed(storage, *range(1, ROUNDS), at=clock.now())
    await notices.owed(storage, 1, at=clock.now())
    (taken,) = await claims(storage, clock, surveys, notices).take(1)
    assert taken.job.source == "notice"


async def test_it_is_not_looked_for_others_without_an_end(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    clock.pass_by(timedelta(hours=10).total_seconds())
    await surveys.owed(storage, *range(1, 3 * ROUNDS), at=clock.now())
    assert await claims(storage, clock, surveys).take(1) == []
    rows = [await standing(storage, "survey", one) for one in range(1, 3 * ROUNDS)]
    assert sum(row["due_at"] > clock.now() for row in rows) == ROUNDS


@pytest.mark.parametrize(
    ("kind", "claimed_in", "waited"),
    [
        (Kind.EMERGENCY, timedelta(0), STANDS_FOR),
        (Kind.SURVEY, timedelta(hours=7, minutes=59, seconds=59), timedelta(seconds=1)),
    ],
)
async def test_what_was_not_placed_while_it_stood_is_judged_anew(
    storage: Storage, clock: SetClock, kind: Kind, claimed_in: timedelta, waited: timedelta
) -> None:
    source = ToldJobs("news", kind=kind)
    clock.pass_by(claimed_in.total_seconds())
    await source.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, source)
    (taken,) = await ours.take(1)
    assert ours.stands(taken)
    clock.pass_by(waited.total_seconds())
    assert not ours.stands(taken)
    await ours.give_back(taken)
    row = await standing(storage, "news", 1)
    assert (row["state"], row["attempt"], row["due_at"]) == (JobState.DUE, 0, clock.now())
    assert not await ours.dial(taken)


async def test_a_number_with_which_a_call_is_under_way_is_looked_at_again_in_a_minute(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, surveys, as_dialled := Written("news", number="0671112233"))
    await as_dialled.owed(storage, 1, at=clock.now())
    (taken,) = await ours.take(5)
    assert taken.job.source == "survey"
    row = await standing(storage, "news", 1)
    assert (row["state"], row["attempt"], row["due_at"]) == (JobState.DUE, 0, clock.now() + ENGAGED_FOR)


async def test_a_call_that_fails_takes_none_of_the_others_with_it(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    news = ToldJobs("news", number="+380671112234", broken=True)
    await news.owed(storage, 1, at=clock.now())
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, surveys, news)
    (taken,) = await ours.take(5)
    assert taken.job.source == "survey"
    assert await ours.dial(taken)


async def test_who_was_called_as_often_as_anybody_may_be_is_called_the_next_day(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    await surveys.owed(storage, 1, 2, 3, at=clock.now())
    ours = claims(storage, clock, surveys)
    for _ in range(RULES.budget):
        (taken,) = await ours.take(1)
        assert await ours.dial(taken)
        await ours.end(taken, Result.NO_ANSWER)
    assert await ours.take(1) == []
    until = (await standing(storage, "survey", 3))["due_at"]
    assert until.astimezone(KYIV).date() == clock.now().astimezone(KYIV).date() + timedelta(days=1)


async def test_who_does_not_want_to_be_called_is_not_and_the_source_is_told(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    await storage.do_not_call.add(Unwanted(number=NUMBER, reason="Просить не турбувати", at=clock.now()))
    await surveys.owed(storage, 1, at=clock.now())
    assert await claims(storage, clock, surveys).take(5) == []
    assert surveys.told == [(1, Result.UNWANTED)]
    assert await state(storage) is JobState.GIVEN_UP


@pytest.mark.parametrize(
    ("ended", "answered", "result"),
    [
        (Outcome.TOLD, True, Result.INTERRUPTED),
        (Outcome.TALKED, True, Result.SETTLED),
        (Outcome.CALLBACK_WANTED, True, Result.SETTLED),
        (Outcome.NOT_HEARD_OUT, True, Result.INTERRUPTED),
        (Outcome.GIVEN_UP, False, Result.INTERRUPTED),
        (Outcome.BUSY, False, Result.BUSY),
    ],
)
async def test_what_was_dialled_by_one_who_died_is_told_once_by_what_asterisk_says(
    both: tuple[Storage, Storage],
    clock: SetClock,
    ended: Outcome,
    answered: bool,  # noqa: FBT001 - a fact, not a mode
    result: Result,
) -> None:
    (theirs, ours), surveys = both, ToldJobs("survey")
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await dead.take(1)
    assert await dead.dial(taken)
    await on_record(ours, taken, ended=ended, answered=answered)
    for _ in range(2):
        await left_alone(survivor, clock)
    assert surveys.told == [(1, result)]


async def test_what_was_claimed_by_one_who_died_and_never_dialled_is_due_again(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await dead.take(1)
    await left_alone(survivor, clock)
    row = await standing(ours, "survey", 1)
    assert (row["state"], row["attempt"], surveys.told) == (JobState.DUE, 0, [])
    assert not await dead.dial(taken), "it was only asleep, and must not dial any more"
    (again,) = await survivor.take(1)
    assert again.call_id != taken.call_id
    assert not await dead.dial(taken)
    assert await survivor.dial(again)


async def test_while_it_is_not_known_what_came_of_it_it_stays_claimed(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await dead.take(1)
    await dead.dial(taken)
    await on_record(ours, taken, answered=True)
    await left_alone(survivor, clock)
    assert surveys.told == []
    assert await state(ours) is JobState.DIALLED
    await on_record(ours, taken, ended=Outcome.NOT_HEARD_OUT)
    await left_alone(survivor, clock)
    assert surveys.told == [(1, Result.INTERRUPTED)]


async def test_a_result_that_the_source_could_not_take_down_is_told_again(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    dead, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await dead.take(1)
    await dead.dial(taken)
    surveys.broken = True
    with pytest.raises(ConnectionError):
        await dead.end(taken, Result.SETTLED)
    surveys.broken = False
    dead.let_go(taken)
    await left_alone(survivor, clock)
    assert surveys.told == [(1, Result.SETTLED)]
    assert await state(ours) is JobState.REACHED


async def test_one_that_cannot_be_decided_holds_no_other_up(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    broken = ToldJobs("news", number="+380671112234")
    await broken.owed(ours, 1, at=clock.now())
    await surveys.owed(ours, 1, at=clock.now())
    dead, survivor = claims(theirs, clock, broken, surveys), claims(ours, clock, broken, surveys)
    for taken in await dead.take(2):
        assert await dead.dial(taken)
        await on_record(ours, taken, ended=Outcome.BUSY)
    broken.broken = True
    await left_alone(survivor, clock)
    assert (surveys.told, broken.told) == ([(1, Result.BUSY)], [])
    broken.broken = False
    await left_alone(survivor, clock)
    assert broken.told == [(1, Result.BUSY)]


async def test_whoever_says_late_what_came_of_it_changes_nothing(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    asleep, survivor = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await asleep.take(1)
    assert await asleep.dial(taken)
    await on_record(ours, taken, ended=Outcome.BUSY)
    await left_alone(survivor, clock)
    await asleep.end(taken, Result.FAILED)
    assert surveys.told == [(1, Result.BUSY)]


async def test_what_was_claimed_by_one_who_fell_asleep_over_it_is_not_called(
    storage: Storage, clock: SetClock
) -> None:
    surveys = Slow("survey")
    surveys.clock = clock
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, surveys)
    assert await ours.take(1) == []
    await left_alone(ours, clock)
    assert (await state(storage), surveys.told) == (JobState.DUE, [])


async def test_whoever_calls_us_while_their_call_is_made_ready_is_not_called(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, surveys)
    (taken,) = await ours.take(1)
    assert not await ours.gives_way(taken)
    await storage.calls.open(CallRecord(id="1.1", number=NUMBER, shown=NUMBER, arrived_at=clock.now()))
    await storage.calls.flush()
    assert await ours.gives_way(taken)
    row = await standing(storage, "survey", 1)
    assert (row["state"], row["attempt"], row["due_at"]) == (JobState.DUE, 0, clock.now() + ENGAGED_FOR)


async def test_no_source_has_the_hotline_call_itself(storage: Storage, clock: SetClock) -> None:
    surveys = ToldJobs("survey", exempt="an emergency")
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims_of(storage, clock, surveys, rules=replace(RULES, own=frozenset({NUMBER})))
    assert await ours.take(1) == []
    assert surveys.told == [(1, Result.NOT_IN_USE)]


async def test_a_call_whose_moment_has_come_is_claimed_by_its_name_and_counts(
    storage: Storage, clock: SetClock, surveys: ToldJobs
) -> None:
    await storage.do_not_call.add(Unwanted(number=NUMBER, reason="Просить не турбувати", at=clock.now()))
    waits = ToldJobs("place", exempt="they wait", follows=Follows(JobEvent.AGAIN))
    job = NewJob(source="place", about="hotline-1.2", number=NUMBER, kind=Kind.CALL_BACK)
    await storage.call_jobs.owe([job], clock.now())
    await surveys.owed(storage, 1, at=clock.now())
    ours = claims(storage, clock, surveys, waits)
    for attempt in range(1, RULES.budget + 1):
        taken = await ours.take_this("place", "hotline-1.2", f"out-back-{attempt}", attempt=attempt)
        assert taken is not None
        assert taken.job.attempt == attempt
        assert await ours.take_this("place", "hotline-1.2", "out-another", attempt=9) is None
        assert await ours.dial(taken)
        await ours.end(taken, Result.NO_ANSWER)
        clock.pass_by(1)
    await storage.do_not_call.remove(NUMBER)
    assert await ours.take(1) == []
    assert (await standing(storage, "survey", 1))["due_at"] > clock.now(), "their budget is spent"


async def test_what_is_under_way_is_renewed_and_nobody_takes_it_over(
    both: tuple[Storage, Storage], clock: SetClock, surveys: ToldJobs
) -> None:
    theirs, ours = both
    busy, other = claims(theirs, clock, surveys), claims(ours, clock, surveys)
    await surveys.owed(ours, 1, at=clock.now())
    (taken,) = await busy.take(1)
    for _ in range(10):
        clock.pass_by(RENEWED_EVERY.total_seconds())
        await busy.keep()
        await other.keep()
    assert surveys.told == []
    assert await state(ours) is JobState.ADMITTED
    assert await busy.dial(taken)
    await busy.end(taken, Result.SETTLED)
    busy.let_go(taken)
    await left_alone(busy, clock)
    assert surveys.told == [(1, Result.SETTLED)]
