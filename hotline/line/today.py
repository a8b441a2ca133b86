"""The line in numbers, now and today, without anybody's name."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.line.service_level import LineCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    """Numbers of the moment."""

    waiting: int = 0
    """Callers on the telephone who talk with nobody yet, those who are being rung for among them."""
    waits_since: datetime | None = None
    """When the one who waits longest came; None while nobody waits."""
    kept: int = 0
    """Callers who have hung up and are called when it is their turn."""
    talking: int = 0
    at_desks: int = 0
    """Dispatchers who are not away; those on a pause are among them."""
    ready: int = 0


class LineToday(Protocol):
    """The line, looked at from above."""

    async def now(self) -> LineNow:
        """Read it from tables of some dozen rows."""
        ...

    async def counts(self, since: datetime, until: datetime) -> LineCounts:
        """Count the citizens' calls that arrived from `since` on, before `until`, by what became of them."""
        ...
