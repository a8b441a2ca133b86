"""The boundary of background work: a job is done now and then for ever, and an error costs one round."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def repeat(job: Callable[[], Awaitable[None]], *, every: float, failure: str) -> None:
    """Do the job every so many seconds until cancelled; `failure` says in the log what was not done."""
    while True:
        try:
            await job()
        except Exception:
            log.exception("%s, tried again in_seconds=%.0f", failure, every)
        await asyncio.sleep(every)
