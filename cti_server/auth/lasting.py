"""How long an open socket may stay: until its session or token ends, of which the database says nothing."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from cti_server.auth.session import find_session

RECHECK_SECONDS = 10.0
"""How long a desk, a phone or a stream may outlive its session or token."""

log = logging.getLogger(__name__)


async def until_signed_out(request: web.Request) -> None:
    """Return when the session or the account is closed; an open page keeps its session from idling out."""

    async def signed_in() -> bool:
        return await find_session(request) is not None

    await until_void(signed_in)


async def until_void(valid: Callable[[], Awaitable[bool]]) -> None:
    """Look again and again, and return when it holds no longer."""
    while await _holds(valid):  # noqa: ASYNC110 - another request, or process, ends it
        await asyncio.sleep(RECHECK_SECONDS)


async def _holds(valid: Callable[[], Awaitable[bool]]) -> bool:
    """Hold the boundary of this background look: a database that is away for a moment ends no talk."""
    try:
        return await valid()
    except Exception:
        log.exception("not known who is signed in, looked again in_seconds=%.0f", RECHECK_SECONDS)
        return True
