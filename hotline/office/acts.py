"""Acts by which files go: destroyed when their term is over, or described and given to the archive."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from hotline.office.file_states import ActState, FileEvent, FileState
from hotline.office.files import Keeping, OfficeFile

FEWEST_MEMBERS = 3
"""Of a commission: its head and two members at least."""
MOST_MEMBERS = 20


class ActKind(StrEnum):
    """What an act does with its files."""

    DESTROY = "destroy"
    """Акт про вилучення для знищення."""
    ARCHIVE = "archive"
    """Опис справ, by which they go to the archive."""


FILE_EVENTS: Mapping[ActKind, FileEvent] = {
    ActKind.DESTROY: FileEvent.DESTROY,
    ActKind.ARCHIVE: FileEvent.ARCHIVE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActFile:
    """A file as the act names it."""

    id: int
    year: int
    index: str
    title: str
    volumes: int
    term: str
    """Such as `5 years`, or how it is kept."""
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What the rules of retention have erased by themselves, of one kind."""

    kind: str
    rows: int
    files: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member of the commission; the first is its head."""

    name: str
    post: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeAct:
    """One act. `erased_until` is the moment up to which the deletion log is named in it."""

    id: int
    kind: ActKind
    state: ActState
    number: str
    commission: tuple[Member, ...] = ()
    approved_on: date | None = None
    signer: str = ""
    signed_on: date | None = None
    files: tuple[ActFile, ...]
    erased: tuple[Erased, ...] = ()
    erased_until: datetime
    digest: str
    made_at: datetime
    made_by: int
    done_at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A file that an act would name and may not."""

    file: OfficeFile
    why: str
    """The hold's reason; empty: a legal hold of the system (docs/design/keeping.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The files that an act of this kind would name today, and those that a hold keeps."""

    files: Sequence[OfficeFile]
    left_out: Sequence[LeftOut]


def proposal(
    kind: ActKind, files: Sequence[OfficeFile], today: date, *, holds: Mapping[int, str] | None = None
) -> Proposal:
    """Choose among closed files: those whose term is over go, permanent ones to the archive.

    Those kept until the need is over are offered as well. `holds` are reasons of legal holds, by file.
    """
    over = [one for one in files if one.state is FileState.CLOSED and _goes(kind, one, today)]
    held = {one.id: one.held for one in over if one.held} | dict(holds or {})
    return Proposal(
        files=[one for one in over if one.id not in held],
        left_out=[LeftOut(file=one, why=held[one.id]) for one in over if one.id in held],
    )


def digest_of(kind: ActKind, files: Sequence[ActFile], erased: Sequence[Erased]) -> str:
    """Give the SHA-256 of what an act names."""
    said = {
        "kind": kind.value,
        "files": [list(asdict(one).values()) for one in files],
        "erased": [list(asdict(one).values()) for one in erased],
    }
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _goes(kind: ActKind, one: OfficeFile, today: date) -> bool:
    if kind is ActKind.ARCHIVE:
        return one.keeping is Keeping.PERMANENT
    return one.term_is_over(today) or (one.keeping is Keeping.NEEDED and one.year < today.year)


class OfficeActs(Protocol):
    """Acts; what one names is checked again when it is approved, signed and carried out."""

    async def proposal(self, kind: ActKind, today: date) -> Proposal:
        """Tell which files would go by an act made today."""
        ...

    async def compose(
        self, kind: ActKind, chosen: Sequence[int], number: str, today: date, *, user_id: int, at: datetime
    ) -> OfficeAct:
        """Write an act on these files; raises ForbiddenTransition where one of them may not go (any more)."""
        ...

    async def acts(self) -> Sequence[OfficeAct]:
        """List them, the latest first."""
        ...

    async def get(self, act_id: int) -> OfficeAct:
        """Read an act; raises NotFound."""
        ...

    async def approve(self, act_id: int, seen: int, commission: Sequence[Member], on: date) -> OfficeAct:
        """Note the commission that approved it; raises Outdated, ForbiddenTransition."""
        ...

    async def sign(self, act_id: int, seen: int, signer: str, on: date) -> OfficeAct:
        """Note who signed it; raises Outdated, ForbiddenTransition."""
        ...

    async def carry_out(self, act_id: int, seen: int, today: date, at: datetime) -> OfficeAct:
        """Let its files go, with entries of journals on paper where they are destroyed.

        Raises Outdated, ForbiddenTransition where a file is held by now.
        """
        ...

    async def give_up(self, act_id: int, seen: int) -> OfficeAct:
        """Give it up; its files may be named in another. Raises Outdated, ForbiddenTransition."""
        ...
