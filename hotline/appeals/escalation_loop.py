"""Takes the steps of escalation that are due (`hotline.appeals.escalation_steps`).

It looks at emergencies every few seconds and at terms once a minute, a few appeals at a time, so that calls
never wait for it. The key of a step ensures that it is taken once. After an outage of the service all missed
steps are taken in order, but only the last of missed reminders.
"""

import asyncio
import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial

from hotline.appeals.acts.actors import SERVICE
from hotline.appeals.acts.keeping import Escalate
from hotline.appeals.escalation_steps import Clocks, EscalationStep, due_now
from hotline.appeals.handling import Handling
from hotline.appeals.watching import AppealWatch, Watched
from hotline.city.city_rules import CityRules
from hotline.clock import Clock
from hotline.errors import HotlineError
from hotline.isolation import Job, repeat, run_isolated

log = logging.getLogger(__name__)

EMERGENCIES_SECONDS = 3.0
TERMS_SECONDS = 60.0
AT_ONCE = 100
"""Appeals read in one go: some ten milliseconds."""
BREATH_SECONDS = 0.05
"""Between two such reads calls have the processor."""
RESTS_PER_STEP = 25
"""Times a step of a term itself is the rest after it: a service that was away owes thousands of steps."""
LONGEST_REST_SECONDS = 1.0
"""A step that waited long for the disk keeps the others no longer."""
LATE_AFTER = timedelta(seconds=60)


class Escalations:
    """Looks for due steps and takes them. `keeps_pace`: whether the last look at emergencies is recent.

    `others` look at terms of what is no appeal, such as tasks, each time after those of appeals;
    `other_emergencies` at emergencies that are none, such as those of chats.
    """

    def __init__(
        self,
        watch: AppealWatch,
        handling: Handling,
        clock: Clock,
        city: CityRules,
        clocks: Clocks | None = None,
        *,
        others: Sequence[Job] = (),
        other_emergencies: Sequence[Job] = (),
    ) -> None:
        self._watch = watch
        self._handling = handling
        self._clock = clock
        self._city = city
        self._clocks = clocks or Clocks()
        self._others = others
        self._other_emergencies = other_emergencies
        self._looked_at = clock.now()

    async def keep(self) -> None:
        """Look until cancelled."""
        async with asyncio.TaskGroup() as both:
            both.create_task(
                repeat(self.emergencies, every=EMERGENCIES_SECONDS, failure="emergencies not escalated")
            )
            both.create_task(repeat(self.terms, every=TERMS_SECONDS, failure="terms not looked at"))

    def keeps_pace(self) -> bool:
        return self._clock.now() - self._looked_at < LATE_AFTER

    async def emergencies(self) -> None:
        """Look once at the emergencies that no executor has acknowledged."""
        await self._look_at(await self._watch.unacknowledged(), rests=0)
        self._looked_at = self._clock.now()
        for look in self._other_emergencies:
            await run_isolated(look, "emergencies of others not looked at")

    async def terms(self) -> None:
        """Look once at the appeals whose term ends soon or has ended."""
        soon = self._clock.now() + max(self._clocks.reminders)
        await self._look_at(await self._watch.ending(soon), RESTS_PER_STEP)
        for look in self._others:
            await run_isolated(look, "terms of others not looked at")

    async def _look_at(self, numbers: Sequence[str], rests: int) -> None:
        for first in range(0, len(numbers), AT_ONCE):
            if first:
                await asyncio.sleep(BREATH_SECONDS)
            now = self._clock.now()
            for one in await self._watch.read(numbers[first : first + AT_ONCE]):
                number = one.appeal.number  # on which it may fail without keeping the others waiting
                await run_isolated(partial(self._escalate, one, now, rests), f"not escalated appeal={number}")

    async def _escalate(self, one: Watched, now: datetime, rests: int) -> None:
        for step in self._due(one, now):
            began = time.monotonic()
            await self._take(one.appeal.number, step, now)
            await asyncio.sleep(min(rests * (time.monotonic() - began), LONGEST_REST_SECONDS))

    def _due(self, one: Watched, now: datetime) -> Sequence[EscalationStep]:
        return due_now(one.appeal, one.executor, one.done, now=now, city=self._city, clocks=self._clocks)

    async def _take(self, number: str, step: EscalationStep, now: datetime) -> None:
        act = Escalate(by=SERVICE, at=now, kind=step.kind.value, key=step.key, contact_id=step.contact_id)
        try:
            await self._handling.carry_out(number, act, version=None)
        except HotlineError as refused:  # it ended, or somebody has accepted it, in this very moment
            log.info("not escalated appeal=%s step=%s reason=%s", number, step.kind, refused)
        else:
            late = round((now - step.at).total_seconds())
            log.info("escalated appeal=%s step=%s late_seconds=%d", number, step.kind, late)
