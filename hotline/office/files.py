"""The plan of files (номенклатура справ) of a year, its files, and entries of journals on paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.office.file_states import FileState, PlanState
from hotline.office.journals import Journal

LONGEST_INDEX = 30
LONGEST_LINE = 300
LONGEST_NOTE = 1000
MOST_YEARS = 100
MOST_FILES = 500


class Keeping(StrEnum):
    """How long a file is kept."""

    YEARS = "years"
    PERMANENT = "permanent"
    """It goes to the archive."""
    NEEDED = "needed"
    """Until the need is over (доки не мине потреба)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What the plan says of a file; `article` is the basis of its term in the city's words."""

    index: str
    title: str
    keeping: Keeping
    years: int | None = None
    """Of keeping by years alone, counted from the 1st of January after the file's year."""
    article: str = ""
    journal: Journal | None = None
    """The journal of this system that the file is; None: on paper."""
    notes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeFile(FileContent):
    """A file (справа) of a year."""

    id: int
    year: int
    state: FileState = FileState.OPEN
    volumes: int = 0
    held: str = ""
    """Why it may not go whatever its term: a dispute, an inspection. Empty: nothing holds it."""
    closed_on: date | None = None
    act_id: int | None = None
    version: int = 1

    @property
    def kept_through(self) -> date | None:
        """Give the last day of its term; None where it has none."""
        if self.keeping is not Keeping.YEARS or self.years is None:
            return None
        return date(self.year + self.years, 12, 31)

    def term_is_over(self, today: date) -> bool:
        last = self.kept_through
        return last is not None and last < today


@dataclass(frozen=True, slots=True, kw_only=True)
class FilePlan:
    """The plan of a year; approved by whom, under which number and on which day."""

    year: int
    state: PlanState = PlanState.DRAFT
    approver: str = ""
    number: str = ""
    dated: date | None = None
    version: int = 1
    changed_at: datetime
    files: tuple[OfficeFile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """One line of a journal on paper. It is never deleted before its file: a mistake is struck out."""

    id: int = 0
    file_id: int
    number: int = 0
    dated: date
    correspondent: str
    about: str
    note: str = ""
    user_id: int = 0
    at: datetime | None = None
    struck: str = ""
    """Why it counts no more; empty: it counts."""


class FilePlans(Protocol):
    """Plans, their files, and entries of journals on paper."""

    async def plans(self) -> Sequence[FilePlan]:
        """List the plans without their files, the latest year first."""
        ...

    async def plan(self, year: int) -> FilePlan:
        """Read a plan with its files by index; raises NotFound."""
        ...

    async def begin(self, year: int, user_id: int, at: datetime) -> FilePlan:
        """Begin a year with a copy of the latest earlier plan; raises AlreadyTaken."""
        ...

    async def add(self, year: int, content: FileContent, user_id: int, at: datetime) -> OfficeFile:
        """Add a file to a draft; raises AlreadyTaken for an index of that year, ForbiddenTransition."""
        ...

    async def change(
        self, file_id: int, seen: int, content: FileContent, user_id: int, at: datetime
    ) -> OfficeFile:
        """Change a file of a draft; raises Outdated unless `seen` is its version, and as `add` does."""
        ...

    async def remove(self, file_id: int, seen: int, user_id: int, at: datetime) -> None:
        """Take a file out of a draft; raises as `change` does."""
        ...

    async def approve(
        self, year: int, seen: int, *, approver: str, number: str, dated: date, user_id: int, at: datetime
    ) -> FilePlan:
        """Freeze the plan; raises Outdated unless `seen` is its version, ForbiddenTransition."""
        ...

    async def count(self, file_id: int, seen: int, *, volumes: int, held: str, notes: str) -> OfficeFile:
        """Note volumes, a hold and notes of a file that is here; raises Outdated, ForbiddenTransition."""
        ...

    async def close_year(self, year: int, day: date) -> int:
        """Close the open files of an approved plan, and count them; raises ForbiddenTransition."""
        ...

    async def file(self, file_id: int) -> OfficeFile:
        """Read a file; raises NotFound."""
        ...

    async def entries(self, file_id: int) -> Sequence[PaperEntry]:
        """List the entries of a journal on paper, the latest first."""
        ...

    async def enter(self, entry: PaperEntry) -> PaperEntry:
        """Add an entry under the next number of the file; raises ForbiddenTransition once it is closed."""
        ...

    async def strike(self, file_id: int, entry_id: int, why: str) -> PaperEntry:
        """Strike an entry of the file out; raises NotFound, ForbiddenTransition where it is struck."""
        ...
