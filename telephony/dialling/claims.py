"""Which errands may be carried out now, and what became of those that somebody left behind.

Of every attempt its row is written first (`hotline.dialling.call_attempts`); the source is told last. Whoever
dies in between leaves a row that another takes over, and the call log says how far the attempt had come.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from hotline.calls.call import CallLog
from hotline.clock import Clock
from hotline.dialling.call_attempts import CallAttempts, LeftAttempt, Verdict, came_to
from hotline.dialling.dialler import Attempt, Errand, Result
from hotline.dialling.dialling_rules import DiallingRules
from hotline.errors import TelephonyError
from hotline.isolation import Job, run_isolated
from telephony.dialling.sources import Sources
from telephony.ids import OUT_PREFIX

log = logging.getLogger(__name__)

RENEWED_EVERY = timedelta(seconds=5)
LEFT_AFTER = timedelta(seconds=30)
"""An attempt that was not renewed for so long belongs to nobody."""
GIVEN_BACK_AFTER = LEFT_AFTER + 2 * RENEWED_EVERY
"""When a source takes back what was claimed and has no attempt: none is made of it after LEFT_AFTER."""
STANDS_FOR = timedelta(minutes=1)
"""Then who may be called is decided anew: they may have asked not to be, or the order been stopped."""
ROUNDS = 10
"""So often others are looked for in the place of those that were put off; then the rest waits a second."""
ENGAGED_FOR = timedelta(minutes=1)
"""When a number is looked at again with which another call is under way."""


class Claims:
    """The attempts of this worker."""

    def __init__(
        self,
        sources: Sources,
        attempts: CallAttempts,
        calls: CallLog,
        *,
        rules: DiallingRules,
        clock: Clock,
    ) -> None:
        self._sources = sources
        self._attempts = attempts
        self._calls = calls
        self._rules = rules
        self._clock = clock
        self._running: dict[str, Attempt] = {}
        self._renewed_at = clock.now()

    async def take(self, most: int) -> Sequence[Attempt]:
        """Claim up to so many attempts that may be placed now; the others are put off or ended."""
        admitted: list[Attempt] = []

        async def judge(attempt: Attempt) -> None:
            if await self._admitted(attempt):
                self._running[attempt.call_id] = attempt
                admitted.append(attempt)

        for _ in range(ROUNDS):  # those that were put off have left their room to others
            errands = await self._sources.claim(self._clock.now(), most - len(admitted))
            for errand in errands:
                await _apart(partial(judge, Attempt(errand, OUT_PREFIX + errand.call)), errand)
            if not errands or len(admitted) >= most:
                break
        return admitted

    def stands(self, attempt: Attempt) -> bool:
        """Tell whether what was decided when it was claimed may still be relied on."""
        errand, now = attempt.errand, self._clock.now()
        return abs(now - errand.claimed_at) < STANDS_FOR and self._rules.opens(errand, now) <= now

    async def give_back(self, attempt: Attempt) -> None:
        """Have an attempt judged anew that was not placed: it is no attempt, and due at once."""
        self.over(attempt)
        await _apart(partial(self.ended, attempt, Result.NOT_PLACED), attempt.errand)

    async def take_this(self, attempt: Attempt) -> bool:
        """Claim an exempt attempt whose moment has come; False: the number is being called already."""
        now = self._clock.now()
        since = self._rules.day_begins(now)
        verdict = await self._attempts.claim(attempt, now, since=since, budget=self._rules.budget)
        if verdict is Verdict.ADMITTED:
            self._running[attempt.call_id] = attempt
        return verdict is Verdict.ADMITTED

    async def gives_way(self, attempt: Attempt) -> bool:
        """Put an attempt off whose number has come to be on the line with us since it was claimed."""
        errand, now = attempt.errand, self._clock.now()
        if not await self._attempts.on_the_line(errand.number, but=errand.answers):
            return False
        log.info("not called now errand=%s why=%s", errand.name, Verdict.ENGAGED)
        await self._not_placed(attempt, until=now + ENGAGED_FOR)
        return True

    async def dialling(self, attempt: Attempt) -> bool:
        """Note that it is dialled from now on; False: it is not ours any more."""
        attempt.dialled = await self._attempts.dialling(attempt.call_id, self._clock.now())
        return attempt.dialled

    async def ended(self, attempt: Attempt, result: Result) -> None:
        """Note what came of an attempt, and tell its source; whoever noted it before us tells it, too."""
        if result is Result.NOT_PLACED:
            await self._not_placed(attempt, until=self._clock.now())
        elif await self._attempts.ended(attempt.call_id, result, self._clock.now()):
            await self._tell(attempt, result)

    def over(self, attempt: Attempt) -> None:
        """Renew it no more: it is ended, or whoever finds it decides what became of it."""
        self._running.pop(attempt.call_id, None)

    async def keep(self) -> None:
        """Renew what is under way, and decide what others left behind."""
        now = self._clock.now()
        if abs(now - self._renewed_at) < RENEWED_EVERY:  # whichever way the clock was set meanwhile
            return
        self._renewed_at = now
        if self._running:
            await self._attempts.renew(list(self._running), now)
        for left in await self._attempts.take_over(now - LEFT_AFTER, now):
            await _apart(partial(self._decide, left), left.attempt.errand)
        # Whatever has an attempt is its keeper's to end, however late that one is: no source gives it back.
        errands = await self._attempts.untold()
        if count := await self._sources.keep(errands, now - GIVEN_BACK_AFTER, now):
            log.warning("errands given back that were claimed and never dialled count=%d", count)

    async def _admitted(self, attempt: Attempt) -> bool:
        errand, now = attempt.errand, self._clock.now()
        if abs(now - errand.claimed_at) >= LEFT_AFTER:  # we were asleep: the source takes it back
            return False
        if errand.number in self._rules.own:
            log.warning("not called, it is our own number errand=%s", errand.name)
            await self._sources.ended(errand, Result.NOT_IN_USE, now)
            return False
        opens = self._rules.opens(errand, now)
        if opens > now:
            await self._sources.put_off(errand, opens, now)
            return False
        since = self._rules.day_begins(now)
        verdict = await self._attempts.claim(attempt, now, since=since, budget=self._rules.budget)
        if verdict is not Verdict.ADMITTED:
            log.info("not called now errand=%s why=%s", errand.name, verdict)
        match verdict:
            case Verdict.ENGAGED:
                await self._sources.put_off(errand, now + ENGAGED_FOR, now)
            case Verdict.SPENT:
                await self._sources.put_off(errand, self._rules.next_day(errand, now), now)
            case Verdict.UNWANTED:
                await self._sources.ended(errand, Result.UNWANTED, now)
            case Verdict.ADMITTED:
                return True
        return False

    async def _decide(self, left: LeftAttempt) -> None:
        attempt = left.attempt
        if left.result is not None:
            await self._tell(attempt, left.result)
            return
        result = came_to(left, await self._calls.find(attempt.call_id))
        if result is not None:  # else it is looked at again when it counts as left behind again
            log.warning("attempt left behind call_id=%s result=%s", attempt.call_id, result)
            await self.ended(attempt, result)

    async def _tell(self, attempt: Attempt, result: Result) -> None:
        now = self._clock.now()
        if result is not Result.NOT_PLACED:  # of that its source was told before
            await self._sources.ended(attempt.errand, result, now)
        await self._attempts.told(attempt.call_id, now)

    async def _not_placed(self, attempt: Attempt, *, until: datetime) -> None:
        """Give the errand back first, due then: while this attempt stands no other can be made of it.

        The next one has the same number: were this one ended first, and whoever does it killed in between,
        the claim that is given back later would be the next one's.
        """
        now = self._clock.now()
        await self._sources.put_off(attempt.errand, until, now)
        await self._attempts.ended(attempt.call_id, Result.NOT_PLACED, now)
        await self._attempts.told(attempt.call_id, now)


async def _apart(job: Job, errand: Errand) -> None:
    """Whatever fails with one errand, the others go on; it is looked at again as one left behind."""
    await run_isolated(job, f"errand not looked at errand={errand.name}", passing=TelephonyError)
