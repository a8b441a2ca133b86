"""A citizen's rights to what is held on them (law 2297-VI, art. 8): to know it whole, to have it erased."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from hotline.retention.holds import LegalHold
from hotline.retention.terms import Retention


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAppeal:
    """An appeal that has to be kept: `until` its term ends, or None while it is open."""

    number: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Reasons why not all that is held on a person can be erased now."""

    holds: Sequence[LegalHold] = ()
    appeals: Sequence[KeptAppeal] = ()
    shared: Sequence[str] = ()
    """Numbers that others have as well: their calls and messages may be somebody else's."""

    @property
    def whole(self) -> bool:
        """Tell whether the person's own card can go as well."""
        return not self.holds and not self.appeals


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One part of all that is held on a person: rows of a table, as they are stored."""

    table: str
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFile:
    """A file that is held on a person. `place` is a path, or the key of a file of an appeal or a chat."""

    folder: str
    """Such as `recordings`: its folder in the archive."""
    name: str
    place: str
    of_appeal: bool = False
    """It lies with the papers and photos of appeals."""


class PersonData(Protocol):
    """All that is held on a citizen."""

    async def reasons(self, citizen_id: int, kept: Retention) -> Reasons:
        """Tell what has to be kept, and why; raises NotFound."""
        ...

    async def erase(self, citizen_id: int, kept: Retention, at: datetime) -> int:
        """Erase all that nothing requires to be kept, and count the rows. Raises NotFound, UnderLegalHold."""
        ...

    def everything(self, citizen_id: int) -> AsyncIterator[Dossier]:
        """Read all that is held on a citizen, part by part; raises NotFound."""
        ...

    def files(self, citizen_id: int) -> AsyncIterator[HeldFile]:
        """List the files: recordings, messages, photos and papers of their appeals."""
        ...
