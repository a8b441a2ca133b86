"""The boundary of what is done beside others: whatever fails in it, the others go on, and the log says so."""

import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[None]]
Found = TypeVar("Found")
Passing = type[Exception] | tuple[type[Exception], ...]


async def tried(job: Job, failure: str, *, passing: Passing = ()) -> bool:
    """Do the job once and tell whether it went well; errors are logged, but for those that are `passing`."""
    try:
        await job()
    except passing:
        raise
    except Exception:
        log.exception("%s", failure)
        return False
    return True


async def looked_up(
    look_up: Awaitable[Found], failure: str, *, otherwise: Found, passing: Passing = ()
) -> Found:
    """Give what was looked up, or `otherwise` where that fails."""
    found = otherwise

    async def look() -> None:
        nonlocal found
        found = await look_up

    await tried(look, failure, passing=passing)
    return found
