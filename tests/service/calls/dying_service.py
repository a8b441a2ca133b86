"""A service that makes masters and is killed (-9) when it has come so far, or goes on to the end.

python -m tests.service.calls.dying_service URL FOLDER [STAGE]
"""

import asyncio
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from hotline.clock import SystemClock
from hotline.retention.room import Room
from service.calls.masters import MasterMaker, Masters, Stage
from service.node.bus import Bus
from storage.store import open_storage
from tests.fakes.towns import KYIV


async def nobody() -> set[str]:
    """Nothing lives in Asterisk: all talks are over."""
    return set()


async def work(url: str, folder: Path, until: Stage | None) -> None:
    """Do one round, in which sides are deleted at once."""

    def reached(stage: Stage) -> None:
        if stage is until:
            os.kill(os.getpid(), signal.SIGKILL)

    async with open_storage(url) as storage:
        maker = MasterMaker(
            calls=storage.calls,
            recordings=storage.recordings,
            chain=storage.recording_chain,
            events=Bus(),
            folder=folder,
            clock=SystemClock(),
            timezone=KYIV,
            reached=reached,
        )
        masters = Masters(
            calls=storage.calls,
            recordings=storage.recordings,
            chain=storage.recording_chain,
            events=Bus(),
            maker=maker,
            running=nobody,
            folder=folder,
            room=lambda: Room.AMPLE,
            clock=SystemClock(),
            timezone=KYIV,
            sides_kept=timedelta(0),
        )
        await masters.once()


if __name__ == "__main__":
    asyncio.run(work(sys.argv[1], Path(sys.argv[2]), Stage(sys.argv[3]) if sys.argv[3:] else None))
