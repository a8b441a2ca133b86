"""The boundary of what the telephone does in the background: an error costs a second, and not the night."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from hotline.errors import TelephonyError

log = logging.getLogger(__name__)

AGAIN_SECONDS = 1.0


async def guarded(job: Callable[[], Awaitable[None]], failure: str) -> None:
    """Do the job once; an error costs a second, and the log says what was not done.

    Raises TelephonyError: with the connection to Asterisk everything of it ends.
    """
    try:
        await job()
    except TelephonyError:
        raise
    except Exception:
        log.exception("%s, tried again in_seconds=%.0f", failure, AGAIN_SECONDS)
        await asyncio.sleep(AGAIN_SECONDS)
