"""The boundary of background work: a job is done now and then for ever, and an error costs one round."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def repeat(
    job: Callable[[], Awaitable[None]], *, every: float, failure: str, until: asyncio.Event | None = None
) -> None:
    """Do the job every so many seconds until cancelled, or until the event is set.

    `failure` says in the log what was not done.
    """
    until = until or asyncio.Event()
    while not until.is_set():
        try:
            await job()
        except Exception:
            log.exception("%s, tried again in_seconds=%.0f", failure, every)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(until.wait(), every)
