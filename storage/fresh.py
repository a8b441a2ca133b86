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
    """A value that `read` gives, good for a moment. While the database is away, what was read last stands."""

    def __init__(
        self, read: Callable[[], Awaitable[Read]], seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._read = read
        self._seconds = seconds
        self._last: tuple[Read] | None = None
        self._until = _STALE
        self._alone = asyncio.Lock()  # six hundred callers in one second are one read

    async def get(self) -> Read:
        """Give it; raises what `read` does only as long as nothing was ever read."""
        last = self._last
        if last is None or self._seconds() >= self._until:
            async with self._alone:
                last = await self._renewed()
        return last[0]

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Change what is read: whoever asks afterwards gets what is so then."""
        async with self._alone:
            try:
                yield
            finally:
                self._until = _STALE

    async def _renewed(self) -> tuple[Read]:
        last = self._last
        if last is not None and self._seconds() < self._until:  # somebody else has just read it
            return last
        until = self._seconds() + FRESH_SECONDS
        try:
            last = (await self._read(),)
        except (SQLAlchemyError, OSError):
            if last is None:
                raise
            log.warning("read again in a moment, what was read last stands", exc_info=True)
        self._last, self._until = last, until
        return last
