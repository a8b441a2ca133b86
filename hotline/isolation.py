"""Isolation of jobs from one another: an error in one is logged, and the others go on."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from attrs import define, field

log = logging.getLogger(__name__)

FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 3600.0

Job = Callable[[], Awaitable[None]]
Found = TypeVar("Found")
Passing = type[Exception] | tuple[type[Exception], ...]


async def read_isolated(
    look_up: Awaitable[Found], failure: str, *, otherwise: Found, passing: Passing = ()
) -> Found:
    """Return what `look_up` yields, or `otherwise` when it fails; errors in `passing` are raised."""
    try:
        return await look_up
    except passing:
        raise
    except Exception:
        log.exception("%s", failure)
        return otherwise


async def run_isolated(job: Job, failure: str, *, passing: Passing = ()) -> bool:
    """Run the job once; returns whether it succeeded. Errors are logged, those in `passing` are raised."""

    async def succeed() -> bool:
        await job()
        return True

    return await read_isolated(succeed(), failure, otherwise=False, passing=passing)


async def repeat(job: Job, *, every: float, failure: str, until: asyncio.Event | None = None) -> None:
    """Run the job each `every` seconds until cancelled, or until the event is set.

    `failure` tells the log what was not done.
    """
    until = until or asyncio.Event()
    while not until.is_set():
        await run_isolated(job, f"{failure}, tried again in_seconds={every:.0f}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), every)


@dataclass(slots=True)
class _Failed:
    """An item that failed: when its next attempt is due, on the monotonic clock, and the pause before it."""

    due: float
    pause: float


@define(eq=False, repr=False)
class IsolatedItems:
    """Jobs of a recurring round, by name. One that fails is retried next round, then ever less often."""

    _failure: str
    _monotonic: Callable[[], float] = field(default=time.monotonic, kw_only=True)
    _failed: dict[str, _Failed] = field(factory=dict, init=False)

    async def do(self, name: str, job: Job) -> bool:
        """Run the job of one item; False when it failed, or still waits for its next attempt."""
        before = self._failed.get(name)
        if self.waits(name):
            return False
        pause = 0.0 if before is None else _next_pause(before.pause)
        if await run_isolated(
            job, f"{self._failure} item={name}, tried again in_seconds={pause:.0f} or later"
        ):
            if self._failed.pop(name, None) is not None:
                log.info("done after it had failed: %s item=%s", self._failure, name)
            return True
        now = self._monotonic()
        self._failed = {one: failed for one, failed in self._failed.items() if _may_come_back(failed, now)}
        self._failed[name] = _Failed(due=now + pause, pause=pause)
        return False

    def waits(self, name: str) -> bool:
        """Whether an item has failed and its next attempt is not due yet."""
        failed = self._failed.get(name)
        return failed is not None and self._monotonic() < failed.due


def _next_pause(pause: float) -> float:
    return min(pause * 2, LONGEST_PAUSE_SECONDS) if pause else FIRST_PAUSE_SECONDS


def _may_come_back(failed: _Failed, now: float) -> bool:
    """Whether the item may still be asked for; one long overdue was done elsewhere, or has gone."""
    return now - failed.due < LONGEST_PAUSE_SECONDS
