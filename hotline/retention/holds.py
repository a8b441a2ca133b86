"""Legal holds: an appeal, a call or a citizen of which nothing is deleted until the hold is lifted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from hotline.errors import HotlineError


class HeldThing(StrEnum):
    """Things that can be held; what hangs on them is kept as well."""

    APPEAL = "appeal"
    CALL = "call"
    CITIZEN = "citizen"


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalHold:
    """One hold, by whom and why. `subject` is the appeal's number, the call's id or the citizen's."""

    id: int
    thing: HeldThing
    subject: str
    reason: str
    placed_by: int
    placed_at: datetime
    lifted_by: int | None = None
    lifted_at: datetime | None = None


class LegalHolds(Protocol):
    """The holds; one that was lifted stays on record."""

    async def place(self, thing: HeldThing, subject: str, *, reason: str, by: int, at: datetime) -> LegalHold:
        """Hold it; the hold that is there already stays as it is. Raises NotFound for an unknown thing."""
        ...

    async def lift(self, hold_id: int, *, by: int, at: datetime) -> None:
        """Let go of it; nothing happens when somebody did so before. Raises NotFound."""
        ...

    async def find(self, thing: HeldThing, subject: str) -> LegalHold | None:
        """Find the hold that stands on this very thing."""
        ...

    async def standing(self) -> Sequence[LegalHold]:
        """List the holds that stand, the latest first."""
        ...


class UnderLegalHold(HotlineError):  # noqa: N818 - reads as what it is
    """Nothing of it may be deleted until the hold is lifted."""

    code: ClassVar[str] = "under-legal-hold"
