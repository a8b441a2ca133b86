"""The do-not-call list: numbers that the hotline does not call by itself."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwanted:
    """A number (E.164) that is not called, and why."""

    number: str
    reason: str
    """The head's reason; empty where the citizen asked for it, by a key in the call `call_id`."""
    at: datetime
    call_id: str | None = None
    user_id: int | None = None


class DoNotCall(Protocol):
    """The list."""

    async def add(self, unwanted: Unwanted) -> bool:
        """Put a number on the list; False when it is on it already, and its entry stays."""
        ...

    async def among(self, numbers: Collection[str]) -> Collection[str]:
        """Say which of these are on the list."""
        ...

    async def remove(self, number: str) -> bool:
        """Take a number off the list; False when it is not there."""
        ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Unwanted]:
        """List numbers, the newest first, behind the newest `skipped`."""
        ...
