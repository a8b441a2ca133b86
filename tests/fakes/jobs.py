"""Jobs of a source that tells what it was told, and a worker that carries jobs out but for the telephone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, select

from hotline.calls.call import CallRecord, Direction, Outcome
from hotline.calls.conversation import Call
from hotline.dialling.campaigns import PAUSES, Pauses
from hotline.dialling.dialler import Kind, Result, RetryRules
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.jobs import (
    GIVEN_UP,
    REACHED,
    Attempt,
    Brief,
    Follows,
    Job,
    JobSource,
    NewJob,
    Verdict,
    again_at,
    later,
)
from storage.store import Storage
from storage.tables import call_jobs
from telephony.dialling.claims import LEFT_AFTER, RENEWED_EVERY, Claims
from tests.fakes.clock import SetClock

NUMBER = "+380671112233"
RULES = DiallingRules(zone=ZoneInfo("Europe/Kyiv"), budget=99)


@dataclass
class ToldJobs:
    """A source of jobs, which remembers what it was told of them."""

    name: str
    broken: bool = False
    kind: Kind = Kind.SURVEY
    exempt: str = ""
    number: str = NUMBER
    follows: Follows | None = None
    """What follows a call; None: it is over."""
    told: list[object] = field(default_factory=list)

    async def owed(self, storage: Storage, *subjects: int, at: datetime) -> None:
        """Owe so many calls."""
        jobs = [
            NewJob(source=self.name, subject=one, number=self.number, kind=self.kind, due_at=at)
            for one in subjects
        ]
        await storage.call_jobs.owe(jobs, at)

    async def brief(self, job: Job, at: datetime) -> Brief[int]:  # noqa: ARG002 - a source's
        self._break()
        return Brief(number=job.number, about=job.subject or 0, exempt=self.exempt)

    async def prepare(self, about: int) -> None:
        self.told.append(("prepared", about))

    async def attend(self, call: Call, attempt: Attempt[int]) -> None:
        self.told.append(("spoke", call.number, attempt.brief.about))

    async def after(self, job: Job, result: Result, at: datetime, about: int | None) -> Follows:  # noqa: ARG002
        self._break()
        self.told.append((job.subject, result))
        if self.follows is not None:
            return self.follows
        return REACHED if result is Result.SETTLED else GIVEN_UP

    def _break(self) -> None:
        if self.broken:
            raise ConnectionError("the database is away")


async def standing(storage: Storage, source: str, subject: int) -> RowMapping:
    """The row of a job."""
    wanted = select(call_jobs).where(call_jobs.c.source == source, call_jobs.c.subject == subject)
    async with storage.database.reading() as connection:
        return (await connection.execute(wanted)).mappings().one()


async def dialled(storage: Storage, job: Job, at: datetime) -> None:
    """A worker has a claimed job's call admitted and dials it."""
    brief = Brief(number=job.number, about=None, exempt="a test")
    assert await storage.call_jobs.admit(job, brief, at, since=at, budget=1) is Verdict.ADMITTED
    assert await storage.call_jobs.dial(job.call_id, at)


async def carried_out(
    storage: Storage, job: Job, result: Result, at: datetime, *, pauses: Pauses = PAUSES
) -> None:
    """The call of a claimed job comes to this, and its source has said what follows."""
    if result is not Result.UNWANTED:
        await dialled(storage, job, at)
    assert await storage.call_jobs.end(job.call_id, result, at)
    again_in = RetryRules(pauses).again_in(result, job.attempt)
    vain = GIVEN_UP if again_in is None else again_at(at + again_in)
    await storage.call_jobs.follow(job.call_id, REACHED if result is Result.SETTLED else vain, at)


def claims_of(
    storage: Storage, clock: SetClock, *sources: JobSource[Any], rules: DiallingRules = RULES
) -> Claims:
    """A worker's claims on jobs of these sources."""
    return Claims(storage.call_jobs, sources, storage.calls, rules=rules, clock=clock)


ANY_HOUR = DiallingRules(zone=RULES.zone, week={}, budget=99)


@dataclass
class Worker:
    """Carries out the jobs of one source as the dialler does; at any hour, and however often."""

    storage: Storage
    clock: SetClock
    source: JobSource[Any]
    rules: DiallingRules = field(default_factory=lambda: ANY_HOUR)
    claims: Claims = field(init=False)

    def __post_init__(self) -> None:
        self.claims = claims_of(self.storage, self.clock, self.source, rules=self.rules)

    async def take(self) -> Sequence[Attempt[Any]]:
        """Claim whatever may be called now."""
        return await self.claims.take(9)

    async def dial(self, attempt: Attempt[Any]) -> None:
        """Dial one that was claimed."""
        assert await self.claims.dial(attempt)

    async def dialled(self) -> Attempt[Any]:
        """Dial the one call that is due."""
        (attempt,) = await self.take()
        await self.dial(attempt)
        return attempt

    async def over(self, attempt: Attempt[Any], result: Result) -> None:
        """The call is over."""
        self.claims.let_go(attempt)
        await self.claims.end(attempt, Result.SETTLED if attempt.settled else result)

    async def put_off(self, attempt: Attempt[Any], until: datetime) -> None:
        """Nobody is called before then, and it was no attempt."""
        self.claims.let_go(attempt)
        await self.storage.call_jobs.follow(attempt.call_id, later(until), self.clock.now())

    async def survives(self, attempt: Attempt[Any], outcome: Outcome = Outcome.NOT_HEARD_OUT) -> None:
        """Another worker died in this call, which had been answered: we find what it left."""
        now = self.clock.now()
        number = attempt.brief.number
        record = CallRecord(
            id=attempt.call_id,
            number=number,
            shown=number,
            arrived_at=now,
            answered_at=now,
            direction=Direction.OUTGOING,
        )
        await self.storage.calls.open(record)
        await self.storage.calls.close(attempt.call_id, outcome, now)
        await self.storage.calls.flush()
        await self.finds_what_was_left()

    async def finds_what_was_left(self) -> None:
        """So much time passes that whatever nobody renews counts as left behind."""
        self.clock.pass_by((LEFT_AFTER + RENEWED_EVERY).total_seconds())
        await self.claims.keep()
