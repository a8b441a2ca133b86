"""Lists of appeals: which ones are asked for, in which order, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from hotline.appeals.appeal import PENDING, Appeal, AppealKind, AppealState, Sign
from hotline.city.classifier import Urgency

SOON_DAYS = 3


class Order(StrEnum):
    """The order of a list."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TERM = "term"
    """By term, the earliest first."""


class Due(StrEnum):
    """The term of an appeal whose work is owed, in classes."""

    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    """Within three days, today included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TermFilter:
    """A filter by the end of the term: after `after`, not after `until`; None does not filter."""

    after: datetime | None = None
    until: datetime | None = None


def term(due: Due, now: datetime, zone: ZoneInfo) -> TermFilter:
    """Tell the moments between which such a term ends; days are the city's, `now` is aware."""
    if due is Due.OVERDUE:
        return TermFilter(until=now)
    days = 1 if due is Due.TODAY else SOON_DAYS
    last = now.astimezone(zone).date() + timedelta(days=days)
    return TermFilter(after=now, until=datetime.combine(last, time(), zone))


def standing(appeal: Appeal, now: datetime, zone: ZoneInfo) -> Due | None:
    """Return the class of this appeal's term; None when no work is owed or there is enough time."""
    if appeal.due_at is None or appeal.state not in PENDING:
        return None
    return class_of(appeal.due_at, now, zone)


def class_of(due_at: datetime, now: datetime, zone: ZoneInfo) -> Due | None:
    """Return the class of a term that ends then; None when there is enough time."""
    if due_at <= now:
        return Due.OVERDUE
    for due in (Due.TODAY, Due.SOON):
        until = term(due, now, zone).until
        if until is not None and due_at <= until:
            return due
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealFilter:
    """A filter of appeals; a field of None or empty does not filter."""

    states: frozenset[AppealState] = frozenset()
    category: str = ""
    categories: frozenset[str] = frozenset()
    """Any of these."""
    executor_id: int | None = None
    assignee_id: int | None = None
    """The user to whom their enterprise has passed them."""
    unassigned: bool = False
    """Only those that no executor has."""
    urgency: Urgency | None = None
    kind: AppealKind | None = None
    sign: Sign | None = None
    addresses: Sequence[str] = ()
    """Beginnings of addresses, whole words of them; any of these."""
    since: datetime | None = None
    until: datetime | None = None
    """The first moment of registration that no longer counts."""
    term: TermFilter | None = None
    """Of appeals whose work is owed."""
    text: str = ""
    number: str = ""
    """The number or its beginning, or the whole registration index."""
    registered_by: int | None = None
    controlled: bool = False
    """Only those under control that have not ended."""
    more_time: bool = False
    """Only those for which the executor asks for more time."""
    taken_down: bool = False
    """Only those closed by the applicant's word as a user took it down."""
    closed_since: datetime | None = None
    closed_until: datetime | None = None
    """Only those closed (`hotline.appeals.figures.CLOSED`) from the one moment on, before the other."""
    in_time: bool = False
    """Only those closed no later than their terms ended."""
    breached_at: datetime | None = None
    """Only those whose work is owed and whose term of the law has ended by then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """The last appeal of a page: the next page goes on behind it. `at` is what the order goes by."""

    at: datetime
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedAppeal:
    """One line of the list, with names for what the appeal has as ids; empty where there is none."""

    appeal: Appeal
    applicant: str = ""
    executor: str = ""
    registrar: str = ""


def position(listed: ListedAppeal, order: Order) -> Position:
    """Give the place behind this line; raises ValueError for an order that it has no place in."""
    at = listed.appeal.due_at if order is Order.TERM else listed.appeal.registered_at
    if at is None:
        raise ValueError(f"Appeal {listed.appeal.number} has no term.")
    return Position(at=at, number=listed.appeal.number)


class AppealLists(Protocol):
    """The register of appeals, read as lists. Every answer comes from indexed reads."""

    async def find(
        self, wanted: AppealFilter, *, order: Order, limit: int, behind: Position | None = None
    ) -> Sequence[ListedAppeal]:
        """Find appeals; in the order of terms, those without one are left out."""
        ...

    async def by_numbers(self, numbers: Sequence[str]) -> Sequence[ListedAppeal]:
        """Find these, in this order; those that do not exist are left out."""
        ...

    async def count(self, wanted: Sequence[AppealFilter], most: int) -> Sequence[int]:
        """Count what each of these finds, words left aside; nothing is counted beyond `most`."""
        ...
