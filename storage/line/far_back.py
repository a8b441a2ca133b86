"""The positions of callers who stand far back in a long line, as it was some seconds ago.

They hear that many are waiting, and how long it may take: for that nobody counts a thousand places each time.
"""

import asyncio
from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from attrs import define, field
from sqlalchemy import Row

from storage.core.database import Database
from storage.line import queries

FRESH = timedelta(seconds=5)
Place = tuple[int, datetime, str]
"""In the order of the line: what is served first is least."""


@define(eq=False, repr=False)
class FarBack:
    """Reads who waits at most once in five seconds, however many ask."""

    _database: Database
    _places: Sequence[Place] = field(default=(), init=False)
    _read_at: datetime | None = field(default=None, init=False)
    _turn: asyncio.Lock = field(factory=asyncio.Lock, init=False)

    async def ahead_of(self, entry: Row[Any], at: datetime) -> int:
        """Count who waited before this place."""
        async with self._turn:  # after a restart a thousand ask at once
            if self._read_at is None or abs(at - self._read_at) >= FRESH:
                async with self._database.reading() as connection:
                    found = (await connection.execute(queries.PLACES)).all()
                self._places, self._read_at = sorted(_place(row) for row in found), at
        return bisect_left(self._places, _place(entry))


def _place(row: Any) -> Place:
    return -row.priority, row.entered_at, row.call_id
