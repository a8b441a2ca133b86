"""Hundreds of calls on a slow database: what is ours stays ours, however long a look takes."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import update

from hotline.dialling.job_states import JobState
from storage.dialling.jobs import StoredCallJobs
from storage.store import Storage, open_storage
from storage.tables import call_jobs
from telephony.dialling.claims import LEFT_AFTER, RENEWED_EVERY, Claims
from tests.fakes.clock import SetClock
from tests.fakes.jobs import ANY_HOUR, ToldJobs
from tests.storage.conftest import NOON

MANY = 500
STATEMENT_SECONDS = 0.5
LOOKED_EVERY = 20


class SlowJobs:
    """The jobs of a database in which each step takes half a second; `between` runs now and then."""

    def __init__(self, jobs: StoredCallJobs, clock: SetClock, between: Callable[[], Awaitable[None]]) -> None:
        self._jobs, self._clock, self._between = jobs, clock, between
        self._steps = 0

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._jobs, name)

        async def slowly(*given: Any, **named: Any) -> Any:
            self._clock.pass_by(STATEMENT_SECONDS)
            self._steps += 1
            if not self._steps % LOOKED_EVERY:
                await self._between()
            return await step(*given, **named)

        return slowly


async def test_hundreds_of_calls_left_behind_are_decided_once_and_the_own_ones_stay_ours(
    storage: Storage, url: str
) -> None:
    clock, source, stolen = SetClock(NOON), ToldJobs("survey"), []
    async with open_storage(url) as elsewhere:

        async def rival() -> None:
            now = clock.now()
            stolen.append(len(await elsewhere.call_jobs.take_over(now - LEFT_AFTER, now)))

        slow: Any = SlowJobs(storage.call_jobs, clock, rival)
        claims = Claims(slow, [source], storage.calls, rules=ANY_HOUR, clock=clock)
        await source.owed(storage, 0, at=NOON)
        (own,) = await claims.take(1)
        assert await claims.dial(own)
        await _left_behind(storage, source)

        clock.pass_by(RENEWED_EVERY.total_seconds())
        began = clock.now()
        await claims.keep()

    assert clock.now() - began > LEFT_AFTER * 2, "the look outlasted any lease"
    assert not any(stolen)
    due = await _in_state(storage, JobState.DUE)
    assert (due, await _in_state(storage, JobState.DIALLED)) == (MANY, 1)


class FailingJobs:
    """The jobs of a database that is slow to admit one, and fails in one kind of step `after` so many."""

    def __init__(self, jobs: StoredCallJobs, clock: SetClock, fails: str, *, after: int = 0) -> None:
        self._jobs, self._clock = jobs, clock
        self._fails, self._after = fails, after
        self.fails = True

    def __getattr__(self, name: str) -> Any:
        step = getattr(self._jobs, name)

        async def run(*given: Any, **named: Any) -> Any:
            if name == self._fails and self.fails:
                self._after -= 1
                if self._after < 0:
                    raise ConnectionError
            if name == "admit":
                self._clock.pass_by(RENEWED_EVERY.total_seconds())
            return await step(*given, **named)

        return run


async def test_a_lease_that_cannot_be_renewed_takes_nothing_from_who_is_to_be_called(
    storage: Storage,
) -> None:
    clock, sources = SetClock(NOON), [ToldJobs("survey"), ToldJobs("campaign", number="+380671112244")]
    jobs: Any = FailingJobs(storage.call_jobs, clock, "renew")
    claims = Claims(jobs, sources, storage.calls, rules=ANY_HOUR, clock=clock)
    for one in sources:
        await one.owed(storage, 1, at=NOON)
    assert len(await claims.take(2)) == 1


async def test_a_claim_that_fails_leaves_nobody_claimed_for_ever(storage: Storage) -> None:
    clock, source = SetClock(NOON), ToldJobs("survey")
    jobs: Any = FailingJobs(storage.call_jobs, clock, "claim", after=1)
    claims = Claims(jobs, [source], storage.calls, rules=ANY_HOUR, clock=clock)
    await source.owed(storage, 1, at=NOON)
    with pytest.raises(ConnectionError):
        await claims.take(2)
    jobs.fails = False
    for _ in range(4):  # a worker goes on
        clock.pass_by(LEFT_AFTER.total_seconds() / 2)
        await claims.keep()
    assert len(await claims.take(1)) == 1


async def _left_behind(storage: Storage, source: ToldJobs) -> None:
    """Another worker has dialled these, and died long ago."""
    await source.owed(storage, *range(1, MANY + 1), at=NOON)
    left = {
        "state": JobState.DIALLED.value,
        "attempt": 1,
        "number": "+38050" + call_jobs.c.id.cast(call_jobs.c.about.type),
        "call_id": "out-survey-" + call_jobs.c.id.cast(call_jobs.c.about.type),
        "claimed_at": NOON - LEFT_AFTER * 2,
        "called_at": NOON - LEFT_AFTER * 2,
        "renewed_at": NOON - LEFT_AFTER * 2,
        "held_by": "dead",
    }
    async with storage.database.writing() as connection:
        await connection.execute(update(call_jobs).where(call_jobs.c.state == JobState.DUE).values(left))


async def _in_state(storage: Storage, state: JobState) -> int:
    async with storage.database.reading() as connection:
        rows = await connection.execute(call_jobs.select().where(call_jobs.c.state == state))
        return len(rows.all())
