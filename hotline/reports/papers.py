"""Papers (regulation 2.4, 3.3): the report of a day, week, month or quarter, as it was made and signed.

A paper is made once for its days. What it says never changes: a correction is another version of it, and a
signed one stays as it was signed. No citizen is named in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import msgspec

from hotline.contact.channel import Channel
from hotline.delivery.facts import notice_facts
from hotline.delivery.outbox import NewNotice
from hotline.reports.figures import Span
from hotline.reports.rating import Rated
from hotline.voice.speech import Language

MATTER = "paper-"
"""Begins what its letters are about; its id follows."""
RECIPIENT = "office"
"""Who gets letters about reports: an address that the head has set, and no user."""
_MONTHS_OF_QUARTER = 3


class PaperKind(StrEnum):
    """The days of a paper."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"


class Sends(StrEnum):
    """When a paper is sent by itself."""

    SIGNED = "signed"
    """Once the head has signed it."""
    MADE = "made"
    """As soon as it is made."""


def span_of(kind: PaperKind, day: date) -> Span:
    """Give the whole span of this kind in which the day lies."""
    match kind:
        case PaperKind.WEEK:
            first = day - timedelta(days=day.weekday())
            return Span(first=first, last=first + timedelta(days=6))
        case PaperKind.MONTH:
            return _months(day.replace(day=1), 1)
        case PaperKind.QUARTER:
            begins = day.month - (day.month - 1) % _MONTHS_OF_QUARTER
            return _months(day.replace(month=begins, day=1), _MONTHS_OF_QUARTER)
        case _:
            return Span(first=day, last=day)


def before(kind: PaperKind, span: Span) -> Span:
    """Give the span of this kind before this one."""
    return span_of(kind, span.first - timedelta(days=1))


def year_before(kind: PaperKind, span: Span) -> Span:
    """Give the same of last year: the same months; of days and weeks those 52 weeks earlier."""
    if kind in {PaperKind.MONTH, PaperKind.QUARTER}:
        return span_of(kind, span.first.replace(year=span.first.year - 1))
    return span_of(kind, span.first - timedelta(weeks=52))


def due_spans(
    kind: PaperKind, now: datetime, hour: int, zone: ZoneInfo, latest: Span | None
) -> Sequence[Span]:
    """Give the spans whose paper is due by now, the earliest first: those after the latest that there is.

    Without any it is the last span alone: what was before the hotline made papers is asked for by hand. A
    paper is due at the hour of the day after its last one.
    """
    local = now.astimezone(zone)
    over = local.date() - timedelta(days=1 if local.time() >= time(hour) else 2)
    span = span_of(kind, over)
    if span.last > over:
        span = before(kind, span)
    found: list[Span] = []
    while latest is None or span.first > latest.first:
        found.insert(0, span)
        if latest is None or len(found) >= MOST_CAUGHT_UP:
            break
        span = before(kind, span)
    return found


MOST_CAUGHT_UP = 31
"""Papers of one kind that are caught up with at most, after the service was away."""


def _months(first: date, many: int) -> Span:
    after = first
    for _ in range(many):
        after = (after + timedelta(days=31)).replace(day=1)
    return Span(first=first, last=after - timedelta(days=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One measure: its count, of how many where it is a share, its value, and those of the spans before."""

    measure: str
    part: int
    whole: int | None
    value: float | None
    before: float | None
    year_before: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLine:
    """One group of a table. `key` is that of the dimension, `name` what it was called then."""

    key: str
    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """Measures by a dimension."""

    by: str
    measures: tuple[str, ...]
    lines: tuple[GroupLine, ...]
    left_out: int = 0
    """How many groups more there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueLine:
    """An appeal that is overdue, by its number."""

    number: str
    topic: str
    enterprise: str
    due_at: datetime
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageLine:
    """An outage of these days."""

    utility: str
    works: str
    areas: str
    since: datetime
    until: datetime | None
    """When it was over; None while it holds."""
    enterprise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldLine:
    """An order by which residents were informed."""

    number: str
    subject: str
    at: datetime
    ways: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftCounts:
    """Shifts of the roster on these days, and how they were kept; who, the head sees on another page."""

    planned: int
    on_time: int
    late: int
    absent: int
    left_early: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a paper says. `as_at`: when it was counted; what is owed is owed then."""

    kind: PaperKind
    first: date
    last: date
    as_at: datetime
    figures: tuple[FigureLine, ...]
    tables: tuple[GroupTable, ...]
    overdue: tuple[OverdueLine, ...]
    """The longest overdue first."""
    overdue_in_all: int
    outages: tuple[OutageLine, ...]
    told: tuple[ToldLine, ...]
    rating: tuple[Rated, ...]
    shifts: ShiftCounts | None = None
    """None where no roster was published, and in papers of before there was one."""

    @property
    def span(self) -> Span:
        return Span(first=self.first, last=self.last)

    def text(self) -> str:
        """Write it as it is kept."""
        return msgspec.json.encode(self).decode()


def read_content(text: str) -> Content:
    """Read what was kept."""
    return msgspec.json.decode(text, type=Content)


def digest_of(text: str) -> str:
    """Give the digest of the kept text (SHA-256, hexadecimal)."""
    return sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPaper:
    """A paper to be kept. `made_by` None: the hotline, by itself; else who asked, and why."""

    content: Content
    version: int = 1
    made_at: datetime
    made_by: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperEntry:
    """A paper without what it says; the people's names are those of then."""

    id: int
    kind: PaperKind
    first: date
    last: date
    version: int
    made_at: datetime
    made_by: int | None
    maker: str
    reason: str
    digest: str
    signed_at: datetime | None
    signer: str

    @property
    def signed(self) -> bool:
        return self.signed_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(PaperEntry):
    """A paper as it is kept. `whole`: its text still has the digest that it was made with."""

    content: Content
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlan:
    """How papers of a kind are made: at which hour, and to which addresses they go when."""

    kind: PaperKind
    made: bool = True
    hour: int = 7
    sends: Sends = Sends.SIGNED
    addresses: tuple[str, ...] = ()


def letters(paper_id: int, plan: PaperPlan, made_of: Content, zone: ZoneInfo) -> Sequence[NewNotice]:
    """Give the letters by which a paper goes to the addresses of its plan."""
    made = f"{made_of.as_at.astimezone(zone):%d.%m.%Y %H:%M}"
    texts = {"days": days_text(made_of.span), "made": made}
    facts = notice_facts(Language.UKRAINIAN, texts=texts, words={"what": f"paper-{plan.kind.value}"})
    return letters_to(plan.addresses, f"{MATTER}{paper_id}", "paper", facts)


def letters_to(
    addresses: Sequence[str], matter: str, about: str, facts: dict[str, Any]
) -> Sequence[NewNotice]:
    """Give one letter for each address of the office."""
    return [
        NewNotice(
            matter=matter,
            to=f"{RECIPIENT}:{address}",
            channel=Channel.EMAIL,
            address=address,
            about=about,
            facts=facts,
        )
        for address in addresses
    ]


def days_text(span: Span) -> str:
    """Write the days of a report: one day, or the first and the last."""
    return f"{span.first:%d.%m.%Y}" + (f"–{span.last:%d.%m.%Y}" if span.days > 1 else "")


class Papers(Protocol):
    """The papers that were made."""

    async def keep(self, new: NewPaper, plan: PaperPlan, zone: ZoneInfo) -> int | None:
        """Keep it, with the letters that it owes, in one transaction; its id.

        None when there is such a version of it already: another process has made it.
        """
        ...

    async def latest(self, kind: PaperKind) -> PaperEntry | None:
        """Find the paper of this kind that tells of the latest days."""
        ...

    async def get(self, paper_id: int) -> Paper:
        """Raises NotFound."""
        ...

    async def versions(self, kind: PaperKind, first: date) -> Sequence[PaperEntry]:
        """List all versions of one paper, the latest first."""
        ...

    async def list(self, kind: PaperKind | None, *, limit: int, skipped: int = 0) -> Sequence[PaperEntry]:
        """List papers, those of the latest days first."""
        ...

    async def sign(self, paper_id: int, user_id: int, at: datetime, plan: PaperPlan, zone: ZoneInfo) -> None:
        """Sign it, with the letters that this owes.

        Raises AlreadyTaken where it is signed already, or a later version has taken its place.
        """
        ...

    async def plans(self) -> Mapping[PaperKind, PaperPlan]:
        """Give the plan of each kind."""
        ...

    async def plan(self, plan: PaperPlan, user_id: int, at: datetime) -> None:
        """Set the plan of a kind."""
        ...
