"""Has the last backup tried again and again, at night and by a process of its own that gives way to calls."""

import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import define

from hotline.clock import Clock
from hotline.isolation import repeat, run_isolated
from service.folders import Folders
from service.node.backup import last_backup
from service.node.proving import Proof, last_proof, note_fault

LOOK_SECONDS = 600.0
NIGHT = range(1, 5)
"""Hours of the city's clock in which few call."""
STOPPED = {130, -signal.SIGINT, -signal.SIGTERM}
"""Exit codes of a trial that was ended in the middle, as all is when the machine stops: it is tried again."""
UNFINISHED = "the trial has noted no outcome"

log = logging.getLogger(__name__)


@define(eq=False, repr=False, kw_only=True)
class ProvingRound:
    """Looks whether a trial is due. `_prove` brings one about, and gives its exit code."""

    _folders: Folders
    _clock: Clock
    _zone: ZoneInfo
    _every: timedelta
    _prove: Callable[[], Awaitable[int]]
    _clear: Callable[[], Awaitable[None]]

    async def keep(self) -> None:
        """Look for ever; first take away the copy that a trial has left which was killed."""
        await run_isolated(self._clear, "what a trial has left is still there")
        await repeat(self.look, every=LOOK_SECONDS, failure="the last backup not tried")

    async def look(self) -> None:
        now = self._clock.now()
        if now.astimezone(self._zone).hour not in NIGHT:
            return
        before = last_proof(self._folders)
        if not is_due(now, last_backup(self._folders), before, self._every):
            return
        code = await self._prove()
        proof = last_proof(self._folders)
        if proof is None or proof == before:
            if code in STOPPED:
                log.warning("trial of the last backup stopped exit_code=%d", code)
                return
            note_fault(self._folders, now, UNFINISHED)
            log.error("backup not proven reason=%s exit_code=%d", UNFINISHED, code)
        elif proof.fault:
            log.error("backup not proven reason=%s", proof.fault)
        else:
            log.info("backup proven backup=%s rows=%d seconds=%g", proof.backup, proof.rows, proof.seconds)


def is_due(now: datetime, made: datetime | None, proof: Proof | None, every: timedelta) -> bool:
    """Whether the last backup is to be tried: a faulty one once, and the next as soon as it is there."""
    if made is None:
        return False
    if proof is None:
        return True
    return made > proof.at if proof.fault else now - proof.at >= every


async def prove_by_process() -> int:
    """Run `hotline prove`, and give its exit code; when we end it ends in order."""
    process = await asyncio.create_subprocess_exec(
        *(str(Path(sys.executable).with_name("hotline")), "prove"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        return await process.wait()
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
            await process.wait()
