"""A service that makes masters and is killed (-9) when it has come so far, or goes on to the end."""

import asyncio
import os
import signal
from datetime import timedelta
from pathlib import Path

from hotline.clock import SystemClock
from hotline.retention.room import Room
from service.calls.masters import MasterMaker, Masters, Stage
from service.node.bus import Bus
from storage.store import open_storage
from tests.fakes.forking import ended
from tests.fakes.kept_sounds import sounds_in
from tests.fakes.towns import KYIV


def serve(url: str, folder: Path, keys: Path | None, until: Stage | None) -> int | None:
    """Let a service of its own do one round; returns how it ended, None when it still has not."""
    return ended(_serve, url, folder, keys, until)


def _serve(url: str, folder: Path, keys: Path | None, until: Stage | None) -> None:
    asyncio.run(_work(url, folder, keys, until))


async def nobody() -> set[str]:
    """Nothing lives in Asterisk: all talks are over."""
    return set()


async def _work(url: str, folder: Path, keys: Path | None, until: Stage | None) -> None:
    """Do one round, in which sides are deleted at once."""

    def reached(stage: Stage) -> None:
        if stage is until:
            os.kill(os.getpid(), signal.SIGKILL)

    sounds = sounds_in(folder, keys=keys)
    sounds.clear()
    async with open_storage(url) as storage:
        maker = MasterMaker(
            calls=storage.calls,
            recordings=storage.recordings,
            chain=storage.recording_chain,
            events=Bus(),
            sounds=sounds,
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
            sounds=sounds,
            running=nobody,
            folder=folder,
            room=lambda: Room.AMPLE,
            clock=SystemClock(),
            timezone=KYIV,
            sides_kept=timedelta(0),
        )
        await masters.once()
