"""Writes that are owed although the database takes none now: calls go on, and the writes are retried.

What a lost connection leaves unwritten is corrected when the next one recovers all calls.
"""

import asyncio
import logging

from attrs import define, field

from hotline.errors import HotlineError
from hotline.isolation import Job, run_isolated

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
HURRY_SECONDS = 1.0
"""How long a call stands still for a write that usually takes a millisecond."""

log = logging.getLogger(__name__)


@define(eq=False, repr=False)
class OwedWrites:
    """Writes owed on one connection. `tasks` carry on those that do not come about at once."""

    _tasks: asyncio.TaskGroup
    _latest: dict[str, asyncio.Task[None]] = field(factory=dict, init=False)
    """Of each call the write that is owed last, as long as it is."""

    async def write(self, job: Job, failure: str, *, of: str = "") -> None:
        """Have it written: usually at once, else as soon as the database takes it.

        `job` may be done again when it failed, though it may have been done. What the rules refuse
        (HotlineError) is refused for good, and logged. What is owed `of` one call is written in its order.
        """
        before = self._latest.get(of)
        writing = self._tasks.create_task(self._until_written(job, failure, before), name="owed")
        if of:
            self._latest[of] = writing
            writing.add_done_callback(lambda one: self._written(of, one))
        await asyncio.wait({writing}, timeout=HURRY_SECONDS)

    def _written(self, of: str, one: asyncio.Task[None]) -> None:
        if self._latest.get(of) is one:
            del self._latest[of]

    async def _until_written(self, job: Job, failure: str, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.wait({before})
        pause = FIRST_PAUSE_SECONDS
        try:
            while not await run_isolated(
                job, f"{failure}, tried again in_seconds={pause:.1f}", passing=HotlineError
            ):
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        except HotlineError as refused:
            log.warning("%s, refused for good reason=%s", failure, refused)
