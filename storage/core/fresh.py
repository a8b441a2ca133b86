"""A cache for values that every call reads: the database is read once a second at most."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError

from storage.core.writes import Remembered, UnknownWrites, Writes

log = logging.getLogger(__name__)

FRESH_SECONDS = 1.0
"""Another process's change becomes visible this much later at most; our own at once."""
PATIENCE_SECONDS = 1.0
"""The longest wait for a reading: where it takes longer, the last value is good until it is done."""
_STALE = float("-inf")

Read = TypeVar("Read")


class Fresh(Generic[Read]):
    """A value of `read`, good for a moment; the last one stays good while the database is away, or stands.

    With the `writes` of its database it is read again only when anybody has written to the tables
    that it is `of`.
    """

    def __init__(
        self,
        read: Callable[[], Awaitable[Read]],
        seconds: Callable[[], float] = time.monotonic,
        writes: Writes | None = None,
        of: Sequence[Table] = (),
    ) -> None:
        self._read = Remembered(writes or UnknownWrites(), read, of).get
        self._seconds = seconds
        self._last: tuple[Read] | None = None
        self._until = _STALE
        self._away = False
        self._changes = 0
        self._alone = asyncio.Lock()  # six hundred callers in one second are one read
        self._reading: asyncio.Task[None] | None = None
        self._reading_since = 0.0
        """By the event loop's clock."""

    async def renew(self) -> None:
        """Read it again while the last value is still good: done often enough, no caller waits for it."""
        async with self._alone:
            await self._read_anew()

    async def get(self) -> Read:
        """Give it; raises what `read` does only as long as nothing was ever read."""
        if self._last is None:
            async with self._alone:
                if self._last is None:  # else somebody has just read it
                    return (await self._read_anew())[0]
        if self._is_stale:
            await self._read_soon()
        return self._last[0]

    @property
    def _is_stale(self) -> bool:
        return self._seconds() >= self._until

    async def _read_soon(self) -> None:
        """Have it read, and wait for that unless it takes long: the reading goes on beside its callers."""
        now = asyncio.get_running_loop().time
        while self._is_stale:  # a reading that began before a change of ours is followed by another
            if self._reading is None or self._reading.done():
                self._reading, self._reading_since = asyncio.create_task(self._read_alone()), now()
            reading = self._reading  # the first who goes on may begin another
            left = self._reading_since + PATIENCE_SECONDS - now()
            if left <= 0 or not (await asyncio.wait({reading}, timeout=left))[0]:
                return
            reading.result()

    async def _read_alone(self) -> None:
        async with self._alone:
            if self._is_stale:
                await self._read_anew()

    @asynccontextmanager
    async def changing(self) -> AsyncIterator[None]:
        """Change the value: later readers get the new one, and nobody waits for it."""
        try:
            yield
        finally:
            self._changes += 1
            self._until = _STALE

    async def _read_anew(self) -> tuple[Read]:
        last, changes = self._last, self._changes
        until = self._seconds() + FRESH_SECONDS
        try:
            last = (await self._read(),)
        except (SQLAlchemyError, OSError):
            if last is None:
                raise
            if not self._away:
                log.warning("read again and again, what was read last stands", exc_info=True)
            self._away = True
        else:
            self._away = False
        # A change during the reading may be missing: the value is good for readers who asked before,
        # and no others.
        self._last, self._until = last, until if changes == self._changes else _STALE
        return last
