"""Threats: a dispatcher marks the call of a threatening caller; its recording is kept, the head is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

TAKEN_BACK_WITHIN = timedelta(minutes=10)
"""The time in which the user who marked it may take it back; later the head lifts the hold."""


MOST = 200
"""How many are read for the desks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """One marked call."""

    call_id: str
    dispatcher_id: int | None
    """Whose talk it was."""
    marked_by: int
    marked_at: datetime
    taken_back_at: datetime | None = None
    seen_by: int | None = None
    """The head who has taken note of it."""

    def may_be_taken_back(self, user_id: int, at: datetime) -> bool:
        return self.marked_by == user_id and self.stands and at - self.marked_at <= TAKEN_BACK_WITHIN

    @property
    def unseen(self) -> bool:
        """No head has taken note of it yet."""
        return self.stands and self.seen_by is None

    @property
    def stands(self) -> bool:
        return self.taken_back_at is None


class Threats(Protocol):
    """The marked calls; one that was taken back stays on record."""

    async def of(self, call_id: str) -> Threat | None: ...

    async def standing(self) -> Sequence[Threat]:
        """List those that stand, unseen or in a talk that goes on, the latest first; no more than MOST."""
        ...

    async def mark(
        self, call_id: str, *, reason: str, dispatcher_id: int | None, by: int, at: datetime
    ) -> Threat:
        """Mark the call, and hold it with this reason, so that all that hangs on it is kept."""
        ...

    async def take_back(self, call_id: str, *, by: int, at: datetime) -> None:
        """Take the mark and its hold back; raises ForbiddenTransition for others, and when it is too late."""
        ...

    async def see(self, call_id: str, *, by: int) -> None:
        """Take note of it, as a head; nothing happens when somebody did so before."""
        ...
