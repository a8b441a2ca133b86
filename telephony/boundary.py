"""The boundary of what the telephone does in the background: an error costs a second, and not the night."""

import asyncio

from hotline.boundary import Job, tried
from hotline.errors import TelephonyError

AGAIN_SECONDS = 1.0


async def guarded(job: Job, failure: str) -> None:
    """Do the job once; an error costs a second, and the log says what was not done.

    Raises TelephonyError: with the connection to Asterisk everything of it ends.
    """
    if not await tried(job, f"{failure}, tried again in_seconds={AGAIN_SECONDS:.0f}", passing=TelephonyError):
        await asyncio.sleep(AGAIN_SECONDS)
