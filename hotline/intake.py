"""Registers brought in from files: which columns each has, how a line is read, what is refused and why.

The same columns are written when a register is taken out, so that what came out can go in again.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Protocol

from hotline.errors import HotlineError
from hotline.searching import normalised

WHY = "Чому відмовлено"
"""The heading of the column that is added to refused lines; it is passed over when they come in again."""
MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 500_000


class Kind(StrEnum):
    """A register that can be brought in and taken out."""

    CITIZENS = "citizens"
    ADDRESSES = "addresses"
    EXECUTORS = "executors"
    APPEALS = "appeals"


class Unreadable(HotlineError):  # noqa: N818 - reads as what happened
    """The file as a whole cannot be taken; the message, to be translated, says what to do.

    `about` are the headings that it speaks of.
    """

    code: ClassVar[str] = "unreadable-file"

    def __init__(self, message: str, about: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.about = about


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its heading in both languages, other headings that are taken for it, what it may hold."""

    name: str
    uk: str
    en: str
    needed: bool = False
    also: tuple[str, ...] = ()

    def is_headed(self, heading: str) -> bool:
        return normalised(heading) in {normalised(one) for one in (self.name, self.uk, self.en, *self.also)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a file as text; `number` is the line's own, the headings stand in line 1."""

    number: int
    cells: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A file, read: its headings and its lines that are not empty."""

    headings: Sequence[str]
    lines: Sequence[Line]


class Fault(ValueError):  # noqa: N818 - a line's fault is shown, not raised to people
    """A line cannot be taken: which column, and why (English, to be translated)."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A refused line."""

    line: Line
    column: str
    """Its heading in Ukrainian."""
    reason: str
    """In English, to be translated."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of one line by the columns' names; a column that the file has not is empty."""

    values: Mapping[str, str]

    def text(self, name: str, longest: int = 300) -> str:
        value = " ".join(self.values.get(name, "").split())
        if len(value) > longest:
            raise Fault(name, TOO_LONG)
        return value

    def needed(self, name: str, longest: int = 300) -> str:
        value = self.text(name, longest)
        if not value:
            raise Fault(name, MISSING)
        return value

    def several(self, name: str) -> tuple[str, ...]:
        """Give the parts between semicolons, each once."""
        parts = (" ".join(part.split()) for part in self.values.get(name, "").split(";"))
        return tuple(dict.fromkeys(part for part in parts if part))


MISSING = "This must be filled in."
TOO_LONG = "This is too long."


def columns_of(headings: Sequence[str], columns: Sequence[Column]) -> Mapping[int, str]:
    """Tell which place holds which column; raises Unreadable when one is missing or stands twice."""
    found: dict[int, str] = {}
    for place, heading in enumerate(headings):
        column = next((one for one in columns if heading.strip() and one.is_headed(heading)), None)
        if column is None:
            continue
        if column.name in found.values():
            raise Unreadable("A heading stands twice: leave one of them.", [heading])
        found[place] = column.name
    missing = [one.uk for one in columns if one.needed and one.name not in found.values()]
    if missing:
        raise Unreadable("These headings are missing in the first line:", missing)
    return found


def cells_of(line: Line, places: Mapping[int, str]) -> Cells:
    return Cells(
        {name: line.cells[place].strip() for place, name in places.items() if place < len(line.cells)}
    )


class Stage(StrEnum):
    """How far an import has come."""

    CHECKED = "checked"
    """Looked through, and nothing has come in."""
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One file that was brought: `rows` lines, of which `done` are through."""

    id: int
    kind: Kind
    name: str
    user_id: int | None
    state: Stage
    rows: int
    done: int
    added: int
    known: int
    refused: int


class Imports(Protocol):
    """Files brought in: looked through first, then taken batch by batch; each line at most once."""

    async def check(self, kind: Kind, name: str, content: bytes, user_id: int | None) -> Import:
        """Look the file through and keep it; raises Unreadable. Counts are what would become of its lines."""
        ...

    async def refusals(self, import_id: int, limit: int | None = None) -> Sequence[Refusal]:
        """List the refused lines of a file, the first ones first."""
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
        """List what was brought, the latest first."""
        ...


class Registers(Protocol):
    """The registers, taken out in the form in which they come in."""

    def headings(self, kind: Kind) -> Sequence[str]: ...

    def everything(self, kind: Kind) -> AsyncIterator[Sequence[str]]:
        """Take a register out, line by line."""
        ...
