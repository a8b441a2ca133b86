"""Has a master made by a process of its own (`telephony.voice.mastering`)."""

import asyncio
import sys
from collections.abc import Callable
from typing import ClassVar

import msgspec

from hotline.errors import HotlineError
from telephony.voice.audio import NoSound
from telephony.voice.master_work import Done, Made, Refused, Step, Told, Work

LONGEST_SECONDS = 3600.0
"""The longest talk takes some minutes; what hangs for an hour is ended."""
LONGEST_LINE = 64 << 20
"""Bytes; a talk of twelve hours with marks each few seconds has less than one."""


class MasterNotMade(HotlineError):  # noqa: N818 - reads as what happened
    """The master of a talk was not made; the message says why. Its sides stay, and it is tried again."""

    code: ClassVar[str] = "master-not-made"


async def make(work: Work, reached: Callable[[Done], None]) -> Made:
    """Make it; `reached` hears of each thing that is done. Raises NoSound or MasterNotMade."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "telephony.voice.mastering"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await _told(process, work, reached)
    except TimeoutError:
        raise MasterNotMade(f"{work.master} took longer than {LONGEST_SECONDS:.0f} s.") from None
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _told(process: asyncio.subprocess.Process, work: Work, reached: Callable[[Done], None]) -> Made:
    if process.stdin is None or process.stdout is None:
        raise MasterNotMade("The process has no pipes.")
    process.stdin.write(msgspec.json.encode(work))
    process.stdin.close()
    async for line in process.stdout:
        match msgspec.json.decode(line, type=Told):
            case Step(done=done):
                reached(done)
            case Refused(reason=reason, empty=True):
                raise NoSound(reason)
            case Refused(reason=reason):
                raise MasterNotMade(reason)
            case Made() as made:
                return made
    raise MasterNotMade(f"The process that makes masters ended with {await process.wait()}.")
