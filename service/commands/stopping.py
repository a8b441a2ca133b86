"""Ends a command in order: what it has begun it takes away, though it is told to stop more than once."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any, TypeVar

STOPPED = 130
"""The exit code of a command that was stopped, as a shell's after Ctrl-C."""

Outcome = TypeVar("Outcome")


async def until_stopped(job: Coroutine[Any, Any, Outcome]) -> Outcome | None:
    """Carry the job out; after SIGINT or SIGTERM let it clean up, and give None.

    A system that stops a service sends SIGTERM to all its programs, and the service then SIGINT to its own.
    """
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    going, stopping = asyncio.create_task(job), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([going, stopping], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        going.cancel()
        await asyncio.wait([going])
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
    return None if going.cancelled() else going.result()
