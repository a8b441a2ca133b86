"""Who may be calling: people known to the city by the numbers they call from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Citizen:
    """A person the city has spoken with. Several may share one number, one may have several."""

    id: int
    name: str
    address: str
    benefits: Sequence[str] = ()
    """Codes of the applicant's categories (`hotline.benefits`), in no order."""


class Citizens(Protocol):
    """The register of callers."""

    async def calling_from(self, number: str) -> Sequence[Citizen]:
        """Everyone known under this E.164 number: all candidates, never a silent pick."""
        ...

    async def add(self, name: str, address: str, numbers: Sequence[str]) -> Citizen: ...

    async def find(self, text: str, limit: int = 8) -> Sequence[Citizen]:
        """Find people with words of their name that begin as the words of the text do; none for no words."""
        ...

    async def get(self, citizen_id: int) -> Citizen:
        """Find a citizen by their id; raises NotFound."""
        ...

    async def note_benefits(self, citizen_id: int, codes: Sequence[str], at: datetime) -> None:
        """Make these the citizen's categories, and no others; raises NotFound."""
        ...
