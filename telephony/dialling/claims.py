"""The claims of one worker on owed calls, and the decision about calls that another worker left behind.

Each step of a call is in the database first (`hotline.dialling.jobs`); its source is asked what follows last.
A worker that dies in between leaves a job that another takes over, and the call log says how far it had come.
"""

import logging
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from hotline.calls.call import CallLog
from hotline.clock import Clock
from hotline.dialling.dialler import Result
from hotline.dialling.dialling_rules import DiallingRules
from hotline.dialling.jobs import (
    Attempt,
    Brief,
    CallJobs,
    Follows,
    Job,
    JobSource,
    Verdict,
    came_to,
    later,
)
from hotline.errors import TelephonyError
from hotline.isolation import Job as Work
from hotline.isolation import run_isolated

log = logging.getLogger(__name__)

RENEWED_EVERY = timedelta(seconds=5)
LEFT_AFTER = timedelta(seconds=30)
"""A job that was not renewed for this time belongs to no worker."""
STANDS_FOR = timedelta(minutes=1)
"""After this time it is decided anew who may be called: a person may have asked not to be, meanwhile."""
ROUNDS = 10
"""The number of looks for others in the place of those that were put off; then the rest waits a second."""
ENGAGED_FOR = timedelta(minutes=1)
"""The pause before a number is tried again with which another call is under way."""


class Claims:
    """The jobs of this worker."""

    def __init__(
        self,
        jobs: CallJobs,
        sources: Sequence[JobSource[Any]],
        calls: CallLog,
        *,
        rules: DiallingRules,
        clock: Clock,
    ) -> None:
        self._jobs = jobs
        self._sources: Mapping[str, JobSource[Any]] = {one.name: one for one in sources}
        self._calls = calls
        self._rules = rules
        self._clock = clock
        self._running: set[str] = set()
        self._renewed_at = self._looked_at = clock.now()

    def source_of(self, job: Job) -> JobSource[Any]:
        return self._sources[job.source]

    async def take(self, most: int) -> Sequence[Attempt[Any]]:
        """Claim up to `most` jobs whose calls may be placed now; the others are put off or ended.

        After an error nobody gets those that were claimed: they are let go, and found left behind.
        """
        admitted: list[Attempt[Any]] = []
        with ExitStack() as after_error:

            async def judge(job: Job) -> None:
                if (attempt := await self._admitted(job)) is not None:
                    admitted.append(attempt)
                    after_error.callback(self.let_go, attempt)

            for _ in range(ROUNDS):  # those that were put off have left their room to others
                claimed = await self._jobs.claim(self._clock.now(), most - len(admitted))
                for job in claimed:
                    await self._apart(partial(judge, job), job)
                if not claimed or len(admitted) >= most:
                    break
            after_error.pop_all()
        return admitted

    async def take_this(self, source: str, about: str, call_id: str, *, attempt: int) -> Attempt[Any] | None:
        """Claim the job whose moment its source says has come; None where the number is being called."""
        now = self._clock.now()
        job = await self._jobs.claim_this(source, about, call_id, now, attempt=attempt)
        return None if job is None else await self._admitted(job)

    def stands(self, attempt: Attempt[Any]) -> bool:
        """Tell whether what was decided when it was claimed may still be relied on."""
        job, now = attempt.job, self._clock.now()
        opens = self._rules.opens(job.kind, now, exempt=bool(attempt.brief.exempt))
        return abs(now - job.claimed_at) < STANDS_FOR and opens <= now

    async def give_back(self, attempt: Attempt[Any]) -> None:
        """Have a job judged anew whose call was not placed: it is no attempt, and due at once."""
        self.let_go(attempt)
        await self._apart(partial(self._put_off, attempt.job, self._clock.now()), attempt.job)

    async def gives_way(self, attempt: Attempt[Any]) -> bool:
        """Put a call off whose number has come to be on the line with us since its job was claimed."""
        brief = attempt.brief
        if not await self._jobs.on_the_line(brief.number, but=brief.answers):
            return False
        log.info("not called now call_id=%s why=%s", attempt.call_id, Verdict.ENGAGED)
        await self._put_off(attempt.job, self._clock.now() + ENGAGED_FOR)
        return True

    async def dial(self, attempt: Attempt[Any]) -> bool:
        """Note that it is dialled from now on; False: it is not ours any more."""
        attempt.dialled = await self._jobs.dial(attempt.call_id, self._clock.now())
        return attempt.dialled

    async def end(self, attempt: Attempt[Any], result: Result) -> None:
        """Note what a call came to, and carry out what follows, unless another has noted it before us.

        What they settled is carried out all the same: written late, it may not have been known to the other.
        """
        job = await self._jobs.end(attempt.call_id, result, self._clock.now())
        if job is not None:
            await self._follow(job, job.result or result, attempt.brief.about)
        elif attempt.settled:
            await self._follow(attempt.job, Result.SETTLED, attempt.brief.about)

    def let_go(self, attempt: Attempt[Any]) -> None:
        """Renew it no more: it has ended, or the worker that finds it decides its outcome."""
        self._running.discard(attempt.call_id)

    async def cut_off(self, call_id: str, source: str) -> None:
        """Decide at once what calls of ours came to that a fault cut off: they are about to be called anew.

        That is this call itself, or the one of `source` about it. Their worker is gone, or has lost its
        Asterisk. Until they counted as left behind nobody would call.
        """
        for job in await self._jobs.take_these_over(call_id, source, self._clock.now()):
            await self._over(job, job.result or Result.INTERRUPTED)

    async def keep(self) -> None:
        """Renew what is under way, and decide what others left behind."""
        await self._renew()
        now = self._clock.now()
        if abs(now - self._looked_at) < RENEWED_EVERY:  # whichever way the clock was set meanwhile
            return
        self._looked_at = now
        left = await self._jobs.take_over(now - LEFT_AFTER, now)
        deciding = {job.call_id for job in left} - self._running
        self._running |= deciding  # hundreds take their time: nobody else is to find them left behind
        try:
            for job in left:
                await self._apart(partial(self._decide, job), job)
                if job.call_id in deciding:
                    self._running.discard(job.call_id)
        finally:
            self._running -= deciding
        if count := await self._jobs.give_back(self._clock.now() - LEFT_AFTER, self._clock.now()):
            log.warning("jobs given back that were claimed and never dialled count=%d", count)

    async def _renew(self) -> None:
        """Renew all that is ours where it is time to, in one statement."""
        now = self._clock.now()
        if abs(now - self._renewed_at) < RENEWED_EVERY:
            return
        if self._running:
            await self._jobs.renew(self._running, now)
        self._renewed_at = now

    async def _apart(self, work: Work, job: Job) -> None:
        """After an error with one job the others go on; it is looked at again as one left behind.

        Before each it is seen to that all others stay ours: a slow database, or many jobs, let none go.
        """

        async def renew_and_work() -> None:
            await self._renew()
            await work()

        await run_isolated(
            renew_and_work, f"call that is owed not looked at call_id={job.call_id}", passing=TelephonyError
        )

    async def _admitted(self, job: Job) -> Attempt[Any] | None:
        now = self._clock.now()
        brief = await self.source_of(job).brief(job, now)
        if isinstance(brief, Follows):
            await self._jobs.follow(job.call_id, brief, now)
            return None
        if not await self._may_be_called(job, brief):
            return None
        self._running.add(job.call_id)
        return Attempt(job, brief, partial(self._jobs.settle, job.call_id))

    async def _may_be_called(self, job: Job, brief: Brief[Any]) -> bool:
        now = self._clock.now()
        if abs(now - job.claimed_at) >= LEFT_AFTER:  # we were asleep: it is due again by itself
            return False
        if brief.number in self._rules.own:
            log.warning("not called, it is our own number call_id=%s", job.call_id)
            await self._not_called(job, brief, Result.NOT_IN_USE)
            return False
        exempt = bool(brief.exempt)
        opens = self._rules.opens(job.kind, now, exempt=exempt)
        if opens > now:
            await self._put_off(job, opens)
            return False
        since = self._rules.day_begins(now)
        verdict = await self._jobs.admit(job, brief, now, since=since, budget=self._rules.budget)
        if verdict is not Verdict.ADMITTED:
            log.info("not called now call_id=%s why=%s", job.call_id, verdict)
        match verdict:
            case Verdict.ENGAGED:
                await self._put_off(job, now + ENGAGED_FOR)
            case Verdict.SPENT:
                await self._put_off(job, self._rules.next_day(job.kind, now, exempt=exempt))
            case Verdict.UNWANTED:
                await self._not_called(job, brief, Result.UNWANTED)
        return verdict is Verdict.ADMITTED

    async def _not_called(self, job: Job, brief: Brief[Any], result: Result) -> None:
        ended = await self._jobs.end(job.call_id, result, self._clock.now())
        if ended is not None:
            await self._follow(ended, result, brief.about)

    async def _decide(self, job: Job) -> None:
        result = came_to(job, await self._calls.find(job.call_id))
        if result is None:  # it is looked at again when it counts as left behind again
            return
        log.warning("call left behind call_id=%s result=%s", job.call_id, result)
        if result is Result.NOT_PLACED:
            await self._put_off(job, self._clock.now())
            return
        await self._over(job, result)

    async def _over(self, job: Job, result: Result) -> None:
        await self._jobs.end(job.call_id, result, self._clock.now())
        await self._follow(job, result, None)

    async def _follow(self, job: Job, result: Result, about: object) -> None:
        now = self._clock.now()
        follows = await self.source_of(job).after(job, result, now, about)
        await self._jobs.follow(job.call_id, follows, now)

    async def _put_off(self, job: Job, until: datetime) -> None:
        """Have it due again then: nobody was rung, and the attempt does not count.

        A job whose moment its source says stays without one.
        """
        due_at = None if job.due_at is None else until
        await self._jobs.follow(job.call_id, later(due_at), self._clock.now())
