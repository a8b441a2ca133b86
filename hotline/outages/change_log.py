"""The log of changes of outages, as programs follow it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from hotline.outages.outage import OutageEntry


class OutageLog(Protocol):
    """All outages' histories as one sequence."""

    async def lines(self, place: int, limit: int) -> Sequence[OutageEntry]:
        """Give the lines after a place, of which none before can appear any more; 0 is the beginning."""
        ...

    async def lately(self, limit: int) -> Sequence[OutageEntry]:
        """Give the newest lines, the earliest of them first."""
        ...

    async def place_of(self, since: datetime) -> int:
        """Give the place before the first line of that moment or later."""
        ...
