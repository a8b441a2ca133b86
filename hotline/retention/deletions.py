"""The deletion log: how much of which kind was deleted by which term, and nobody's name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from hotline.retention.terms import Kind


class DeletedBy(StrEnum):
    """Causes of deletions."""

    TERM = "term"
    """Its term of keeping ended."""
    ERASURE = "erasure"
    """The person whose data it was asked for it (law 2297-VI, article 8)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """The records and files of one kind that one run deleted. `until`: all were older than that."""

    began_at: datetime
    kind: Kind
    cause: DeletedBy
    until: datetime
    days: int
    """The term of keeping by which it was deleted."""
    rows: int
    files: int = 0


class DeletionLog(Protocol):
    """The log of deletions, as an inspection asks for it."""

    async def latest(self, limit: int = 100) -> Sequence[Deletion]:
        """List what was deleted, the latest first."""
        ...
