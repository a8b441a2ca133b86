"""Writes that are owed although the database takes none now: calls go on, and the writes are retried.

What a lost connection leaves unwritten is corrected when the next one recovers all calls.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import Callable

from attrs import define, field

from hotline.errors import HotlineError
from hotline.isolation import Job, run_isolated

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
AWAITED_PAUSE_SECONDS = 0.2
"""Between two tries of what somebody waits for."""
HURRY_SECONDS = 1.0
"""How long a call stands still for a write that usually takes a millisecond."""
SETTLED_SECONDS = 15.0
"""How long a call waits until what is owed of it is written. The line itself refuses what is later still."""

log = logging.getLogger(__name__)


@define(eq=False, repr=False)
class OwedWrites:
    """Writes owed on one connection. `tasks` carry on those that do not come about at once."""

    _tasks: asyncio.TaskGroup
    _latest: dict[str, asyncio.Task[None]] = field(factory=dict, init=False)
    """Of each call the write that is owed last, as long as it is."""
    _hurry: defaultdict[str, asyncio.Event] = field(factory=lambda: defaultdict(asyncio.Event), init=False)
    """Of each call of which something is owed: whether somebody waits until it is written."""

    async def write(self, job: Job, failure: str, *, of: str = "") -> None:
        """Have it written: usually at once, else as soon as the database takes it.

        `job` may be done again when it failed, though it may have been done. What the rules refuse
        (HotlineError) is refused for good, and logged. What is owed `of` one call is written in its order.
        """
        before = self._latest.get(of)
        hurry = self._hurry[of] if of else asyncio.Event()
        writing = self._tasks.create_task(self._until_written(job, failure, before, hurry), name="owed")
        if of:
            self._latest[of] = writing
            writing.add_done_callback(lambda one: self._written(of, one))
        await asyncio.wait({writing}, timeout=HURRY_SECONDS)

    def afterwards(self, of: str, act: Callable[[], None]) -> None:
        """Have it done once nothing of this call is owed: at once, where that is so."""
        if (latest := self._latest.get(of)) is None:
            act()
        else:
            latest.add_done_callback(lambda _: act())

    async def settled(self, of: str) -> None:
        """Wait until nothing is owed of this call, which is tried more often meanwhile; not for long.

        What is read of the call, or is written directly, comes before what is owed of it otherwise.
        """
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLED_SECONDS):
                while (latest := self._latest.get(of)) is not None:
                    hurry = self._hurry[of]
                    hurry.set()
                    try:
                        await asyncio.wait({latest})
                    finally:
                        hurry.clear()

    def _written(self, of: str, one: asyncio.Task[None]) -> None:
        if self._latest.get(of) is one:
            del self._latest[of]
            self._hurry.pop(of, None)

    async def _until_written(
        self, job: Job, failure: str, before: asyncio.Task[None] | None, hurry: asyncio.Event
    ) -> None:
        if before is not None:
            await asyncio.wait({before})
        pause = FIRST_PAUSE_SECONDS
        try:
            while not await run_isolated(
                job, f"{failure}, tried again in_seconds={pause:.1f}", passing=HotlineError
            ):
                await _pause(pause, hurry)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
        except HotlineError as refused:
            log.warning("%s, refused for good reason=%s", failure, refused)


async def _pause(seconds: float, hurry: asyncio.Event) -> None:
    """Wait `seconds` before the next try; where a caller waits for it, or begins to, only for a moment."""
    if hurry.is_set():
        await asyncio.sleep(AWAITED_PAUSE_SECONDS)
        return
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await hurry.wait()
