"""What every call reads is read from the database once a second at most, however many call."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""Another process's change is seen so much later at most; our own at once."""
_STALE = float("-inf")

Read = TypeVar("Read")


class Fresh(Generic[Read]):
    """A value that `read` gives, good for a moment. While the database is away, the last one stands."""

    def __init__(
        self,
        read: Callable[[], Awaitable[Read]],
        nothing: Read,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """`nothing` only stands there until it is read for the first time."""
        self._read = read
        self._value = nothing
        self._seconds = seconds
        self._until = _STALE
        self._alone = asyncio.Lock()

    async def get(self) -> Read:
        if self._seconds() >= self._until:
            async with self._alone:
                await self._renew()
        return self._value

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Change what is read: whoever asks afterwards gets what is so then."""
        async with self._alone:
            try:
                yield
            finally:
                self._until = _STALE

    async def _renew(self) -> None:
        if self._seconds() >= self._until:  # or somebody else has just read it
            until = self._seconds() + FRESH_SECONDS
            try:
                self._value = await self._read()
            except (SQLAlchemyError, OSError):
                log.warning("read again later, what was read last stands", exc_info=True)
            self._until = until
