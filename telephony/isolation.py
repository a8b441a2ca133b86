"""Isolation of telephony's background loops: an error costs one second, and the loop goes on."""

import asyncio

from hotline.errors import TelephonyError
from hotline.isolation import Job, run_isolated

AGAIN_SECONDS = 1.0


async def run_or_pause(job: Job, failure: str) -> None:
    """Run the job once; after an error, log `failure` and pause for a second.

    Raises TelephonyError: with the connection to Asterisk its loops end.
    """
    if not await run_isolated(
        job, f"{failure}, tried again in_seconds={AGAIN_SECONDS:.0f}", passing=TelephonyError
    ):
        await asyncio.sleep(AGAIN_SECONDS)
