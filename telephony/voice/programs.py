"""Runs the programs of this folder, each a process of its own that a sound may break or hold up."""

import asyncio
import sys
from typing import NamedTuple


class Ended(NamedTuple):
    """How a program ended: its exit code, and what it printed."""

    code: int | None
    said: str


async def run(program: str, *words: str, within: float, quiet: bool = False) -> Ended:
    """Run `telephony.voice.PROGRAM` with these words to its end.

    `quiet`: what it complains of, such as a library about a strange file, is not shown. Raises TimeoutError
    after `within` seconds; then it is killed.
    """
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"telephony.voice.{program}", *words),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL if quiet else None,
    )
    try:
        async with asyncio.timeout(within):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    return Ended(process.returncode, said.decode(errors="replace"))
