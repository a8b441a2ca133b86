"""Threads in which writes wait until a disk has confirmed them.

The event loop's other threads read voices, hear words and check passwords: while a disk stands still a
handful of photographs would take them all, and callers would wait with it.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import ParamSpec, TypeVar

AT_ONCE = 4
"""More only wait for the same disk."""
_THREADS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="disk")
Given = ParamSpec("Given")
Done = TypeVar("Done")


async def on_disk(keep: Callable[Given, Done], *given: Given.args, **named: Given.kwargs) -> Done:
    """Run what writes into a file, or has it confirmed."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(keep, *given, **named))
