"""The training record of a dispatcher: what was agreed with them, and when it is looked whether it helped."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

LONGEST_NOTE = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class CoachingNote:
    """One coaching. It names no citizen: it is a record of staff, and stays."""

    id: int
    dispatcher_id: int
    assessment_id: int | None
    """The talk that it was about."""
    user_id: int
    at: datetime
    agreed: str
    review_on: date | None
    """The day on which somebody looks whether it helped; None: it need not be looked at."""
    reviewed_at: datetime | None = None
    reviewed_by: int | None = None
    outcome: str = ""
    """What was found then."""

    def due(self, today: date) -> bool:
        return self.review_on is not None and self.reviewed_at is None and self.review_on <= today


class Trainings(Protocol):
    """The training records."""

    async def add(
        self,
        dispatcher_id: int,
        user_id: int,
        at: datetime,
        *,
        agreed: str,
        review_on: date | None,
        assessment_id: int | None,
    ) -> CoachingNote: ...

    async def of(self, dispatcher_id: int) -> Sequence[CoachingNote]:
        """List the notes on one dispatcher, the latest first."""
        ...

    async def due(self, today: date, limit: int) -> Sequence[CoachingNote]:
        """List the notes to be looked at by this day, the one that waits longest first."""
        ...

    async def review(self, note_id: int, user_id: int, at: datetime, outcome: str) -> CoachingNote:
        """Close it; raises NotFound, and Outdated for one that somebody has closed."""
        ...
