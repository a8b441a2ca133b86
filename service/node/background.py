"""The boundary of background work: a job is done now and then for ever, and an error costs one round."""

import asyncio
import contextlib

from hotline.boundary import Job, tried


async def repeat(job: Job, *, every: float, failure: str, until: asyncio.Event | None = None) -> None:
    """Do the job every so many seconds until cancelled, or until the event is set.

    `failure` says in the log what was not done.
    """
    until = until or asyncio.Event()
    while not until.is_set():
        await tried(job, f"{failure}, tried again in_seconds={every:.0f}")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), every)
