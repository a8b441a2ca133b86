"""Masters made in this process: their program takes longer to begin than to make one of a few seconds."""

import asyncio
from collections.abc import Callable

from telephony.voice import mastering
from telephony.voice.master_making import MasterNotMade
from telephony.voice.master_work import Done, Made, MasterDiffers, Work


async def make_here(work: Work, reached: Callable[[Done], None]) -> Made:
    """Do what `telephony.voice.master_making.make` has its program do."""
    try:
        return await asyncio.to_thread(mastering.make, work, reached)
    except (MasterDiffers, OSError) as error:
        raise MasterNotMade(str(error)) from error
