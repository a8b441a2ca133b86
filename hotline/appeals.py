"""Appeals (звернення): what a citizen asks the city for, registered under a number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class AppealState(StrEnum):
    """Where an appeal stands. "Done" is the executor's word; "closed" is the applicant's."""

    REGISTERED = "registered"
    ASSIGNED = "assigned"
    IN_WORK = "in-work"
    DONE = "done"
    BEING_CHECKED = "being-checked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """One appeal. `number` is digits only, as a caller keys it; `due_on` is the last day of its term."""

    number: str
    applicant_number: str | None
    summary: str
    state: AppealState
    registered_at: datetime
    due_on: date


class Appeals(Protocol):
    """The register of appeals, as far as the telephone needs it."""

    async def find(self, number: str) -> Appeal | None: ...

    async def open_of(self, applicant_number: str) -> Sequence[Appeal]:
        """Appeals of this telephone number that are not closed, newest first."""
        ...

    async def register(self, appeal: Appeal) -> None: ...
