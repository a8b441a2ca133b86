"""The service's own memory: memory freed after a large page or an export goes back to the system soon.

glibc keeps freed memory, in an arena for each thread that was busy at once (mallopt(3), malloc_trim(3)). With
another C library nothing is done.
"""

import asyncio
import ctypes
from typing import Any

from hotline.isolation import repeat

EVERY_SECONDS = 30.0
ARENAS = 2
"""Separate heaps of glibc: one for the event loop, one that all other threads of the service share."""
_M_ARENA_MAX = -8


def few_arenas() -> None:
    """Limit glibc to this many arenas; call it before the service starts its first thread."""
    if (libc := _glibc()) is not None:
        libc.mallopt(_M_ARENA_MAX, ARENAS)


async def keep() -> None:
    """Have glibc return freed memory to the system every half minute, until cancelled."""
    if (libc := _glibc()) is not None:

        async def give_back() -> None:
            await asyncio.to_thread(libc.malloc_trim, 0)

        await repeat(give_back, every=EVERY_SECONDS, failure="memory not given back")


def _glibc() -> Any:
    library = ctypes.CDLL(None)
    return library if hasattr(library, "malloc_trim") else None
