"""The log of changes of appeals: programs follow it, and miss nothing when they go on after a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.appeals.handling import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Appeals that changed, each once, the one whose last change is earliest first.

    `place` is the last line of history that was looked at: go on after it. `more`: there is more at once.
    """

    numbers: Sequence[str]
    place: int
    more: bool


class ChangeLog(Protocol):
    """All appeals' histories as one sequence."""

    async def after(self, place: int, limit: int) -> Changes:
        """Give what changed after a place, of at most `limit` lines; 0 is the beginning.

        A line is given only when none before it can appear any more: some acts are still being written
        while later ones are kept.
        """
        ...

    async def lines(self, place: int, limit: int) -> Sequence[Entry]:
        """Give the lines themselves after a place, as `after` counts them."""
        ...

    async def lately(self, limit: int) -> Sequence[Entry]:
        """Give the newest lines, the earliest of them first."""
        ...

    async def place_of(self, since: datetime) -> int:
        """Give the place before the first line of that moment or later."""
        ...

    async def moved(self, since: datetime, until: datetime, limit: int) -> Sequence[Entry]:
        """List lines that the applicant may see and that moved an appeal's state, the latest first."""
        ...
