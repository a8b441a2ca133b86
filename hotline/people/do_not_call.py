"""Whom the hotline does not call by itself: they said so by a key, or the head has put them on the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Unwanted:
    """A number (E.164) that is not called, and why."""

    number: str
    reason: str
    """What the head wrote; empty where they said so themselves, by a key in the call `call_id`."""
    at: datetime
    call_id: str | None = None
    user_id: int | None = None


class DoNotCall(Protocol):
    """The list."""

    async def add(self, unwanted: Unwanted) -> bool:
        """Put a number on the list; False when it is there already, and stays as it is."""
        ...

    async def remove(self, number: str) -> bool:
        """Take a number off the list; False when it is not there."""
        ...

    async def latest(self, most: int, skipped: int = 0) -> Sequence[Unwanted]:
        """Give so many of the numbers, the newest first, behind the newest `skipped`."""
        ...
