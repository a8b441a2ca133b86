"""Imports and exports of registers, and their progress."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from hotline.intake.import_states import Stage
from hotline.intake.lines import Column, LineRefusal

WHY = "Чому відмовлено"
"""The heading of the column that is added to refused lines; it is passed over when they come in again."""
MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 500_000


class RegisterKind(StrEnum):
    """A register that can be imported and exported."""

    CITIZENS = "citizens"
    ADDRESSES = "addresses"
    EXECUTORS = "executors"
    APPEALS = "appeals"
    OUTAGES = "outages"


OF_PEOPLE = frozenset({RegisterKind.CITIZENS, RegisterKind.APPEALS})
"""Registers with personal data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One imported file: `rows` lines, of which `done` are through."""

    id: int
    kind: RegisterKind
    name: str
    user_id: int | None
    state: Stage
    rows: int
    done: int
    added: int
    known: int
    refused: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The first new lines of a file by the columns that were found in it."""

    columns: Sequence[Column]
    lines: Sequence[Sequence[str]]


class Imports(Protocol):
    """Imports of files: checked first, then taken batch by batch, each line at most once."""

    async def check(self, kind: RegisterKind, name: str, content: bytes, user_id: int | None) -> Import:
        """Look the file through and keep it; raises Unreadable. Counts are what would become of its lines."""
        ...

    async def refusals(self, import_id: int, limit: int | None = None) -> Sequence[LineRefusal]:
        """List the refused lines of a file, the first ones first."""
        ...

    async def understood(self, import_id: int, limit: int) -> Understood:
        """Give the first lines that would come in."""
        ...

    async def headings(self, import_id: int) -> Sequence[str]:
        """Give the file's own headings."""
        ...

    async def begin(self, import_id: int) -> None:
        """Take in what can be taken, in the background; again: nothing happens. Raises NotFound."""
        ...

    async def get(self, import_id: int) -> Import:
        """Tell how far it is; raises NotFound."""
        ...

    async def latest(self, limit: int = 20) -> Sequence[Import]:
        """List imports, the latest first."""
        ...


class Registers(Protocol):
    """The registers, taken out in the form in which they come in."""

    def headings(self, kind: RegisterKind) -> Sequence[str]: ...

    def everything(self, kind: RegisterKind) -> AsyncIterator[Sequence[str]]:
        """Take a register out, line by line."""
        ...
