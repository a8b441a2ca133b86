"""Documents of a city's own data. Each is TOML in versions; one version of each kind is in force.

A version that came into force never changes: appeals and citizens name the one that they were registered by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Protocol

FIRST_OWN = 1001
"""A city's own versions count from here: the product never delivers that many."""
LONGEST_DOCUMENT = 500_000
"""In characters; the largest that is delivered has 20,000."""


class DocumentKind(StrEnum):
    """The subject of a document."""

    CLASSIFIER = "classifier"
    """Categories of appeals, with their urgencies and terms."""
    BENEFITS = "benefits"
    """Categories of applicants, and which of them go first."""
    PAPERWORK = "paperwork"
    """The organisation on papers, and the registration index."""
    DAYS_OFF = "days-off"
    PAUSES = "pauses"
    """Reasons for which a dispatcher pauses."""
    SCORE_FORM = "score-form"
    """Questions by which talks are assessed, and which talks are."""
    SHIFTS = "shifts"
    """The shifts that a roster offers, and the rules of rest."""
    DIRECTORY = "directory"
    """Bodies of power, services and institutions with their people."""
    POWER_QUEUES = "power-queues"
    """By which queue the power of each house is cut."""
    AIR_RAID = "air-raid"
    """Whose air-raid alerts are the city's, and what changes meanwhile."""
    CITY = "city"
    """The city's name, as greetings, messages and pages say it."""
    STATE_CLASSIFIER = "state-classifier"
    """Codes of the state's classifier of appeals for what is kept here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One version, or the draft of the next one."""

    kind: DocumentKind
    version: int
    text: str
    made_at: datetime
    made_by: int | None = None
    """The user; None: it was delivered, or put by the command line."""
    note: str = ""
    in_force_since: datetime | None = None
    """Also of a version that was replaced since. None: a draft, or a delivered one that never held here."""

    @property
    def delivered(self) -> bool:
        """Whether it came with the product."""
        return is_delivered(self.version)

    @property
    def draft(self) -> bool:
        return not self.delivered and self.in_force_since is None


def is_delivered(version: int) -> bool:
    return version < FIRST_OWN


def revision(in_force: int, draft: Document | None) -> str:
    """Give a short name of what somebody saw: the version in force, and the draft as it was."""
    seen = f"{in_force} {draft and draft.made_at.isoformat()} {draft and draft.text}"
    return sha256(seen.encode()).hexdigest()[:16]


@cache
def delivered(kind: DocumentKind) -> Mapping[int, str]:
    """Read the versions that came with the product, the first one first."""
    folder = files("hotline").joinpath("data")
    names = [one.name for one in folder.iterdir()]
    numbers = (_number(kind, name) for name in names)
    return {
        one: folder.joinpath(f"{kind}-{one}.toml").read_text("utf-8") for one in sorted(filter(None, numbers))
    }


def _number(kind: DocumentKind, name: str) -> int | None:
    number = name.removeprefix(f"{kind}-").removesuffix(".toml")
    return int(number) if number.isdecimal() else None


class Documents(Protocol):
    """The versions of a city's documents."""

    async def versions(self, kind: DocumentKind) -> Sequence[Document]:
        """List all but the draft, the newest first: the first that came into force is in force."""
        ...

    async def document(self, kind: DocumentKind, version: int) -> Document:
        """Find a version; raises NotFound."""
        ...

    async def present(self, kind: DocumentKind) -> Document:
        """Give the version in force."""
        ...

    async def draft(self, kind: DocumentKind) -> Document | None:
        """Give the draft; there is one at most."""
        ...

    async def save_draft(
        self, kind: DocumentKind, text: str, *, by: int | None, at: datetime, note: str = "", seen: str
    ) -> Document:
        """Keep it as the draft, faults and all; raises Outdated unless `seen` is the `revision`."""
        ...

    async def drop_draft(self, kind: DocumentKind, *, seen: str) -> None:
        """Forget the draft; raises Outdated as `save_draft` does."""
        ...

    async def put_into_force(
        self, kind: DocumentKind, *, by: int | None, at: datetime, note: str, seen: str
    ) -> Document:
        """Let the draft hold from now on; raises DocumentFaults, NotFound without a draft, or Outdated."""
        ...
