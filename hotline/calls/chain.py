"""The chain of recordings: a link for each master, whose digest covers the link before; each day is sealed.

To change, swap or take away a recording one has to change every later link and seal, and a seal that
somebody keeps elsewhere tells. A recording whose term has ended leaves its link, with a note.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from hotline.retention.deletions import DeletedBy

BEGINNING = "0" * 64
"""What stands for the link before the first, and for the seal before the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One recording in the chain: `digest` is of all fields above it, `previous` that of the link before."""

    number: int
    """From 1, without a gap."""
    day: date
    """The day of the seal that covers it, in the city's time."""
    recording_id: str
    call_id: str
    started_at: datetime
    seconds: float
    sha256: str
    """Of the master's file."""
    previous: str
    digest: str
    erased_at: datetime | None = None
    erased_by: DeletedBy | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The end of a day: how many links there were, and a digest of the last one's and of the seal before."""

    day: date
    last: int
    previous: str
    digest: str
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What a link says of a recording."""

    recording_id: str
    call_id: str
    started_at: datetime
    seconds: float
    sha256: str


class FaultKind(StrEnum):
    """Ways in which the chain is not what it was."""

    LINK_MISSING = "link-missing"
    LINK_CHANGED = "link-changed"
    LINK_MOVED = "link-moved"
    """It does not follow the link before it."""
    SEAL_CHANGED = "seal-changed"
    FILE_MISSING = "file-missing"
    FILE_CHANGED = "file-changed"
    FILE_CLOSED = "file-closed"
    """It cannot be opened: its key is missing, or the disk does not yield it."""
    RECORDING_MISSING = "recording-missing"
    """It is gone from the register, and no note says that its term has ended."""
    NOT_LINKED = "not-linked"
    """A master that no link covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is amiss; `subject` is a recording, a link's number or a seal's day.

    `reason` says why a file cannot be opened, and what to do.
    """

    kind: FaultKind
    subject: str
    file: str = ""
    reason: str = ""


def linked(evidence: Evidence, before: Link | None, sealed: date | None, today: date) -> Link:
    """Make the link that follows `before`, for today: never for a day that is sealed or before another's."""
    day = max(one for one in (today, before and before.day, sealed and sealed + timedelta(days=1)) if one)
    number, previous = (before.number + 1, before.digest) if before else (1, BEGINNING)
    return Link(
        number=number,
        day=day,
        recording_id=evidence.recording_id,
        call_id=evidence.call_id,
        started_at=evidence.started_at,
        seconds=evidence.seconds,
        sha256=evidence.sha256,
        previous=previous,
        digest=_link_digest(number, day, evidence, previous),
    )


def sealed(day: date, last: Link, before: Seal | None, at: datetime) -> Seal:
    """Seal a day whose last link, or that of a day before, is `last`."""
    previous = before.digest if before else BEGINNING
    digest = _digest(previous, day.isoformat(), str(last.number), last.digest)
    return Seal(day=day, last=last.number, previous=previous, digest=digest, sealed_at=at)


def link_faults(links: Iterable[Link]) -> Iterator[Fault]:
    """Tell which links are missing, changed or moved, in the order of their numbers."""
    number, previous = 0, BEGINNING
    for link in links:
        for missing in range(number + 1, link.number):
            yield Fault(kind=FaultKind.LINK_MISSING, subject=str(missing))
        if link.digest != _link_digest(link.number, link.day, _evidence(link), link.previous):
            yield Fault(kind=FaultKind.LINK_CHANGED, subject=str(link.number))
        elif link.number == number + 1 and link.previous != previous:
            yield Fault(kind=FaultKind.LINK_MOVED, subject=str(link.number))
        number, previous = link.number, link.digest


def seal_faults(seals: Iterable[Seal], links: Iterable[Link]) -> Iterator[Fault]:
    """Tell which seals do not fit the links; both in their order."""
    digests, previous = {link.number: link.digest for link in links}, BEGINNING
    for seal in seals:
        parts = (previous, seal.day.isoformat(), str(seal.last), digests.get(seal.last, ""))
        if seal.previous != previous or seal.digest != _digest(*parts):
            yield Fault(kind=FaultKind.SEAL_CHANGED, subject=seal.day.isoformat())
        previous = seal.digest


def _evidence(link: Link) -> Evidence:
    return Evidence(
        recording_id=link.recording_id,
        call_id=link.call_id,
        started_at=link.started_at,
        seconds=link.seconds,
        sha256=link.sha256,
    )


def _link_digest(number: int, day: date, evidence: Evidence, previous: str) -> str:
    return _digest(
        previous,
        str(number),
        day.isoformat(),
        evidence.recording_id,
        evidence.call_id,
        evidence.started_at.astimezone(UTC).isoformat(timespec="microseconds"),
        f"{evidence.seconds:.3f}",
        evidence.sha256,
    )


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
