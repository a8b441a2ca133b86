"""The boundary of background work: a job is done now and then for ever, and an error costs one round."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]


async def repeat(job: Job, *, every: float, failure: str, until: asyncio.Event | None = None) -> None:
    """Do the job every so many seconds until cancelled, or until the event is set.

    `failure` says in the log what was not done.
    """
    until = until or asyncio.Event()
    while not until.is_set():
        await attempt(job, failure=f"{failure}, tried again in_seconds={every:.0f}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), every)


async def attempt(job: Job, *, failure: str) -> None:
    """Do the job once; an error is logged as the `failure`, and what comes behind it goes on."""
    try:
        await job()
    except Exception:
        log.exception("%s", failure)
