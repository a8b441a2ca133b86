"""The service's own memory: what a large page or an export took goes back to the system soon afterwards.

glibc keeps what is freed, in an arena for each thread that was busy at once (mallopt(3), malloc_trim(3)).
Where the C library is another, nothing is done.
"""

import asyncio
import ctypes
from typing import Any

from service.background import repeat

EVERY_SECONDS = 30.0
ARENAS = 2
"""One for the loop, one for all threads that read and write for it."""
_M_ARENA_MAX = -8


def few_arenas() -> None:
    """Have threads share what they keep; before the first of them begins."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_M_ARENA_MAX, ARENAS)


async def keep() -> None:
    """Give back what is free now and then, for ever."""
    if (libc := _glibc()) is not None:

        async def give_back() -> None:
            await asyncio.to_thread(libc.malloc_trim, 0)

        await repeat(give_back, every=EVERY_SECONDS, failure="memory not given back")


def _glibc() -> Any:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
