"""The boundary of what the telephone does in the background: an error costs a second, and not the night."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from hotline.errors import TelephonyError

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


Job = Callable[[], Awaitable[None]]


async def guarded(job: Job, failure: str) -> None:
    """Do the job once; an error costs a second, and the log says what was not done.

    Raises TelephonyError: with the connection to Asterisk everything of it ends.
    """
    if not await tried(job, f"{failure}, tried again in_seconds={AGAIN_SECONDS:.0f}", passing=TelephonyError):
        await asyncio.sleep(AGAIN_SECONDS)


async def tried(job: Job, failure: str, *, passing: type[TelephonyError]) -> bool:
    """Do the job once and tell whether it went well; errors are logged, but for those that are `passing`."""
    try:
        await job()
    except passing:
        raise
    except Exception:
        log.exception("%s", failure)
        return False
    return True
