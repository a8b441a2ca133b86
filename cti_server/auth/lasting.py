"""Ends an open socket with its session or token; a database that is away ends none."""

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

from cti_server.auth.session import find_session
from hotline.isolation import read_isolated

RECHECK_SECONDS = 10.0
"""How long a desk, a phone or a stream may outlive its session or token."""


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
    """Look once: a database that is away for a moment ends no talk."""
    failure = f"not known who is signed in, looked again in_seconds={RECHECK_SECONDS:.0f}"
    return await read_isolated(valid(), failure, otherwise=True)
