"""Closings that anybody can check: how each appeal ended, in a digest of closings for each day, signed.

A digest names the one before it by its SHA-256, and is signed with Ed25519. To take a closing out, or to
bring one in, somebody has to make every later digest anew, and a reader who kept an earlier head sees it.
Numbers of appeals stand as they are: the applicant finds their own without a tool, and a number tells nobody
who they are, what it was about, or where.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from hotline.appeals.acts.passed_on import KnownBy, program_source
from hotline.appeals.appeal import AppealState

BEGINNING = "0" * 64
"""What stands for the digest before the first."""
MADE_AT = time(1)
"""Of the day after, in the city: mostly all that was done by midnight is written by then."""
LATE_DAYS = 7
"""Days for which an end goes into a later digest, where that of its day was made already: a keyed answer is
carried out, with the moment of the key, once a service that died is up again."""
Signed = Callable[[str, str, bytes], bool]
"""Tells whether the signature by this public key is of these octets; both are in Base64."""


class EndedBy(StrEnum):
    """How an appeal's end was said. All before `WITHOUT_WORD` are the applicant's own."""

    PAGE = "page"
    """By the applicant's page: a message's link, or the number and its code."""
    KEY = "key"
    """By a key of the telephone, in a call of the hotline or in their own."""
    CHAT = "chat"
    """In a chat; of a survey that was asked there, on the page alone: the messengers have names of theirs."""
    TELEGRAM = "telegram"
    VIBER = "viber"
    WHATSAPP = "whatsapp"
    SMS = "sms"
    TAKEN_DOWN = "taken-down"
    """A dispatcher wrote the applicant's word down; the source is on record."""
    PROGRAM_CODE = "program-code"
    """Another system passed it on, with the appeal's code, which the applicant gave it."""
    PROGRAM_ACCOUNT = "program-account"
    """The same for an applicant who was signed in there by the appeal's telephone or mailbox."""
    PROGRAM_MESSAGE = "program-message"
    """The same for one who answered from the appeal's telephone or mailbox."""
    PROGRAM_SIGNATURE = "program-signature"
    """The same for one who was identified electronically."""
    WITHOUT_WORD = "without-word"
    """Nobody could be asked: a dispatcher closed it with a reason, after the attempts that are due."""
    WITHDRAWN = "withdrawn"
    FORWARDED = "forwarded"
    """Another authority has to answer it."""
    REJECTED = "rejected"
    """Not considered by law."""


_BY_STATE: Mapping[AppealState, EndedBy] = {
    AppealState.CLOSED_UNCONFIRMED: EndedBy.WITHOUT_WORD,
    AppealState.WITHDRAWN: EndedBy.WITHDRAWN,
    AppealState.FORWARDED: EndedBy.FORWARDED,
    AppealState.REJECTED: EndedBy.REJECTED,
}
_BY_PROGRAM: Mapping[KnownBy, EndedBy] = {
    KnownBy.CODE: EndedBy.PROGRAM_CODE,
    KnownBy.ACCOUNT: EndedBy.PROGRAM_ACCOUNT,
    KnownBy.MESSAGE: EndedBy.PROGRAM_MESSAGE,
    KnownBy.SIGNATURE: EndedBy.PROGRAM_SIGNATURE,
}
_BY_SOURCE: Mapping[str, EndedBy] = {
    "link": EndedBy.PAGE,
    "code": EndedBy.PAGE,
    "survey": EndedBy.KEY,
    "call": EndedBy.KEY,
    "chat": EndedBy.CHAT,
    "telegram": EndedBy.TELEGRAM,
    "viber": EndedBy.VIBER,
    "whatsapp": EndedBy.WHATSAPP,
    "sms": EndedBy.SMS,
}


def ended_by(state: AppealState, source: str, *, taken_down: bool) -> EndedBy:
    """Tell how this end was said: `source` as the history has it, such as `survey:17`."""
    if state is not AppealState.CLOSED:
        return _BY_STATE[state]
    passed = program_source(source)
    if passed is not None:
        return _BY_PROGRAM[passed[1]]
    if taken_down:
        return EndedBy.TAKEN_DOWN
    return _BY_SOURCE.get(source.partition(":")[0], EndedBy.TAKEN_DOWN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """The end of one appeal. One that was taken up again and ended anew has another."""

    number: str
    at: datetime
    by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDigest:
    """A day's digest as it is published: `text` is its canonical JSON, whose octets are signed."""

    day: date
    number: int
    """From 1, without a gap."""
    text: str
    sha256: str
    key: str
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEnd:
    """The end of an appeal as the digest of a day has it."""

    closing: Closing
    day: date
    sha256: str
    """Of the digest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """A key by which digests are signed since a day. `signature` is by the key before it; "" of the first."""

    key: str
    since: date
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """What the holder of the keys gives: all public keys, the oldest first, and the last one's signature."""

    keys: Sequence[PublicKey]
    signature: str


class ClosingDigests(Protocol):
    """The digests as kept; none is ever changed."""

    async def closings(self, since: datetime, until: datetime) -> Sequence[Closing]:
        """Read the ends of appeals between these moments from the histories, in their order."""
        ...

    async def ends_of(self, number: str) -> Sequence[PublishedEnd]:
        """Find what the digests say of an appeal, the latest first."""
        ...

    async def latest(self) -> SignedDigest | None: ...

    async def of_day(self, day: date) -> SignedDigest | None: ...

    async def index(self) -> Mapping[date, str]:
        """Give the SHA-256 of each day's digest, the earliest first."""
        ...

    async def keys(self) -> Sequence[PublicKey]:
        """List the keys, the oldest first."""
        ...

    async def keep(self, digest: SignedDigest, known: Sequence[PublicKey], at: datetime) -> bool:
        """Keep it, and each key that is new behind those kept; False when another process was quicker."""
        ...


def digest_of(
    day: date, closings: Sequence[Closing], previous: SignedDigest | None, key: str
) -> Mapping[str, Any]:
    """Make the digest of a day behind the previous one; it names the key that signs it."""
    return {
        "day": day.isoformat(),
        "number": 1 if previous is None else previous.number + 1,
        "previous": BEGINNING if previous is None else previous.sha256,
        "key": key,
        "counts": dict(sorted(Counter(one.by.value for one in closings).items())),
        "closings": [{"number": one.number, "at": _moment(one.at), "by": one.by.value} for one in closings],
    }


def told_of(number: str, digest: SignedDigest) -> Sequence[PublishedEnd]:
    """Read what a digest says of an appeal."""
    return [
        PublishedEnd(
            closing=Closing(number=number, at=datetime.fromisoformat(line["at"]), by=EndedBy(line["by"])),
            day=digest.day,
            sha256=digest.sha256,
        )
        for line in json.loads(digest.text)["closings"]
        if line["number"] == number
    ]


def not_told(closings: Sequence[Closing], before: Iterable[SignedDigest]) -> Sequence[Closing]:
    """Leave those that none of these digests has."""
    told = {(line["number"], line["at"]) for one in before for line in json.loads(one.text)["closings"]}
    return [one for one in closings if (one.number, _moment(one.at)) not in told]


def canonical(value: Mapping[str, Any]) -> str:
    """Write it in the one way that is hashed and signed: keys in order, no spaces, letters as they are."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def handed_over(key: str, since: date, previous: str) -> bytes:
    """Give the octets by which the holder of the previous key names the next one."""
    return canonical({"key": key, "previous": previous, "since": since.isoformat()}).encode()


def due_days(latest: date | None, now: datetime, zone: ZoneInfo) -> Sequence[date]:
    """Give the days whose digest is due, the earliest first: all since the latest, or yesterday alone."""
    local = now.astimezone(zone)
    last = local.date() - timedelta(days=1 if local.time() >= MADE_AT else 2)
    first = last if latest is None else latest + timedelta(days=1)
    return [first + timedelta(days=one) for one in range((last - first).days + 1)]


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class FlawKind(StrEnum):
    """Ways in which what is published is not what it was."""

    UNREADABLE = "unreadable"
    MISSING = "missing"
    """The index names a day that has no digest."""
    GAP = "gap"
    """Days between two digests have none."""
    CHANGED = "changed"
    """It was changed after it was signed."""
    MOVED = "moved"
    """It does not follow the one before it."""
    INDEX = "index"
    """The index has another SHA-256 for it."""
    WRONG_KEY = "wrong-key"
    """It is signed by a key that the list of keys does not have, or by one that had handed over already."""
    KEY_NOT_HANDED_OVER = "key-not-handed-over"
    """A key of the list is not signed by the one before it."""
    OTHER_FIRST_KEY = "other-first-key"
    """The first key is not the one that the reader kept."""
    TRUNCATED = "truncated"
    """The chain ends before the head that the reader kept."""
    REWRITTEN = "rewritten"
    """The digest that the reader kept as the head is another one now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong; `subject` is the day, or the key."""

    kind: FlawKind
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a reader keeps of a chain that they have verified, to compare with it the next time."""

    key: str
    """The first key."""
    day: str
    number: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDay:
    """A day of the index as it was fetched: `digest` and `signature` are None where that failed."""

    day: str
    indexed: str
    """The SHA-256 that the index has."""
    digest: Mapping[str, Any] | None = None
    signature: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """The outcome: what is wrong, the head to keep (None of an empty chain), and what was counted."""

    flaws: Sequence[Flaw]
    head: Head | None
    days: int
    counts: Mapping[str, int]


def verify(
    keys: Sequence[PublicKey], days: Iterable[PublishedDay], kept: Head | None, signed: Signed
) -> Verified:
    """Walk the chain from its beginning, and compare it with the head that the reader kept."""
    walk = _Walk(keys=keys, signed=signed)
    flaws = [*_flaws_of_keys(keys, kept, signed)]
    for one in days:
        flaws += walk.take(one)
    flaws += _flaws_of_head(walk.known, kept)
    return Verified(
        flaws=list(dict.fromkeys(flaws)),
        head=Head(key=keys[0].key, **walk.last) if walk.last and keys else None,
        days=len(walk.known),
        counts=walk.counts,
    )


def _flaws_of_keys(keys: Sequence[PublicKey], kept: Head | None, signed: Signed) -> Iterator[Flaw]:
    if kept is not None and (not keys or keys[0].key != kept.key):
        yield Flaw(kind=FlawKind.OTHER_FIRST_KEY, subject=keys[0].key if keys else "")
    for before, one in pairwise(keys):
        if not signed(before.key, one.signature, handed_over(one.key, one.since, before.key)):
            yield Flaw(kind=FlawKind.KEY_NOT_HANDED_OVER, subject=one.key)


def _flaws_of_head(known: Mapping[int, str], kept: Head | None) -> Iterator[Flaw]:
    if kept is not None and kept.number not in known:
        yield Flaw(kind=FlawKind.TRUNCATED, subject=kept.day)
    elif kept is not None and known[kept.number] != kept.sha256:
        yield Flaw(kind=FlawKind.REWRITTEN, subject=kept.day)


@dataclass(slots=True, kw_only=True)
class _Walk:
    """The way along the chain: the last digest, the place of its key, and the digests by their numbers."""

    keys: Sequence[PublicKey]
    signed: Signed
    last: dict[str, Any] = field(default_factory=dict)
    place: int = 0
    known: dict[int, str] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)

    def take(self, one: PublishedDay) -> Iterator[Flaw]:
        """Go on to the next digest, and tell what is wrong with it."""
        kinds = self._read(one) if one.digest is not None else [FlawKind.MISSING]
        for kind in kinds:
            yield Flaw(kind=kind, subject=one.day)

    def _read(self, one: PublishedDay) -> Iterator[FlawKind]:
        digest = one.digest or {}
        try:
            day, number = date.fromisoformat(digest["day"]), int(digest["number"])
            previous, key = str(digest["previous"]), str(digest["key"])
            said = Counter(str(line["by"]) for line in digest["closings"])
        except (KeyError, TypeError, ValueError):
            yield FlawKind.UNREADABLE
            return
        text = canonical(digest)
        found = sha256(text)
        if not self.signed(key, one.signature, text.encode()) or dict(said) != digest.get("counts"):
            yield FlawKind.CHANGED
        if found != one.indexed:
            yield FlawKind.INDEX
        if (number - 1, previous) != (self.last.get("number", 0), self.last.get("sha256", BEGINNING)):
            yield FlawKind.MOVED
        if self.last and day != date.fromisoformat(self.last["day"]) + timedelta(days=1):
            yield FlawKind.GAP
        if not self._may_sign(key):
            yield FlawKind.WRONG_KEY
        self.last = {"day": day.isoformat(), "number": number, "sha256": found}
        self.known[number] = found
        self.counts += said

    def _may_sign(self, key: str) -> bool:
        """No key signs any more once one that came after it has."""
        place = next((place for place, one in enumerate(self.keys) if one.key == key), -1)
        if place < self.place:
            return False
        self.place = place
        return True
