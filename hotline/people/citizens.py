"""Citizens whom the city knows, by the numbers they call from."""

from collections.abc import Collection, Mapping, Sequence
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
    """Codes of the applicant's categories (`hotline.people.benefits`), in no order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenCard:
    """A person with all their numbers: E.164, in ascending order."""

    id: int
    name: str
    address: str
    numbers: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CitizenWas:
    """A card as it was until somebody changed it."""

    at: datetime
    user_id: int | None
    name: str
    address: str
    numbers: Sequence[str]


class CitizenCards(Protocol):
    """The register of callers, as other systems read and change it."""

    async def of(self, ids: Sequence[int]) -> Sequence[CitizenCard]:
        """Read these people, in this order; unknown ones are left out."""
        ...

    async def get(self, citizen_id: int) -> CitizenCard:
        """Find a citizen by their id; raises NotFound."""
        ...

    async def enter(self, key: str, *, name: str, address: str, numbers: Sequence[str]) -> CitizenCard:
        """Enter a person once: the same key again gives the one who was entered then, as they are now."""
        ...

    async def change(self, was: CitizenCard, now: CitizenCard, *, by: int | None, at: datetime) -> None:
        """Make `now` of `was`; raises Outdated when it is no longer so, NotFound for an unknown one."""
        ...

    async def history(self, citizen_id: int) -> Sequence[CitizenWas]:
        """List what the card was before each change, the latest first."""
        ...


class Citizens(Protocol):
    """The register of callers."""

    async def calling_from(self, number: str) -> Sequence[Citizen]:
        """Everyone known under this E.164 number: all candidates, never a silent pick."""
        ...

    async def calling_from_any(self, numbers: Collection[str]) -> Mapping[str, Sequence[Citizen]]:
        """The same of many numbers at once; numbers that nobody has are left out."""
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
