"""Outages: which utility is off in which areas, since when and until when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from hotline.city.addresses import Address, Area
from hotline.city.classifier import Utility

PLANNED_AHEAD = timedelta(days=10)
"""How long before their start planned works are announced."""
OVER_FOR = timedelta(hours=24)
"""How long everybody is still told of one that is over."""
LATE_AFTER = timedelta(minutes=30)
"""An outage entered later than this after its start is late (regulation 4.3)."""


class OutageKind(StrEnum):
    """Why it is off (regulation 3.2). An emergency is announced before anybody asks."""

    PLANNED = "planned"
    UNPLANNED = "unplanned"
    REPAIR = "repair"
    EMERGENCY = "emergency"


class EntrySource(StrEnum):
    """The source of an entry."""

    DESK = "desk"
    ENTERPRISE = "enterprise"
    API = "api"
    FILE = "file"
    REPORTS = "reports"
    """Proposed by many reports of one thing, entered by a dispatcher."""
    SERVICE = "service"


class OutageAct(StrEnum):
    """Acts on an outage; each is a line of its history."""

    ENTERED = "entered"
    AMENDED = "amended"
    END_MOVED = "end-moved"
    """Nothing but its expected end is another."""
    ENDED = "ended"
    CANCELLED = "cancelled"
    """It never began, or was entered by mistake."""
    REOPENED = "reopened"
    """Said to be over, it was not."""


class EntryFlaw(StrEnum):
    """Requirements of the regulation that an entry lacks."""

    LATE = "late"
    """Entered after its start."""
    SHORT_NOTICE = "short-notice"
    """Planned works entered less than ten days ahead."""
    OVERDUE = "overdue"
    """Its expected end is past, and nobody has said anything."""
    MISSING = "missing"
    """The enterprise had not entered it: many had to report it first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOutage:
    """An outage to be entered. Times are aware.

    `expected_end` None: not known yet; no `areas`: the whole city.
    """

    utility: Utility
    kind: OutageKind
    starts_at: datetime
    expected_end: datetime | None = None
    areas: tuple[Area, ...] = ()
    reason: str = ""
    order: str = ""
    """Number and date of the order that the works are by."""
    executor_id: int | None = None
    """The enterprise."""

    @property
    def city_wide(self) -> bool:
        return not self.areas

    def concerns(self, address: Address) -> bool:
        """Whether somebody at this address is without."""
        return self.city_wide or any(area.covers(address) for area in self.areas)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage(NewOutage):
    """One outage of the register, in UTC. It holds from its start until somebody ends or cancels it."""

    id: int
    ended_at: datetime | None = None
    cancelled: bool = False
    entered_at: datetime
    source: EntrySource = EntrySource.SERVICE
    version: int = 1

    @property
    def over(self) -> bool:
        return self.ended_at is not None

    def flaws(self, at: datetime) -> Sequence[EntryFlaw]:
        """Return the flaws of the entry at this moment (regulation 4.3)."""
        found = []
        if self.kind is OutageKind.PLANNED:
            if self.entered_at > self.starts_at - PLANNED_AHEAD:
                found.append(EntryFlaw.SHORT_NOTICE)
        elif self.entered_at > self.starts_at + LATE_AFTER:
            found.append(EntryFlaw.LATE)
        if self.source is EntrySource.REPORTS and self.executor_id is not None:
            found.append(EntryFlaw.MISSING)
        if not self.over and self.expected_end is not None and self.expected_end < at:
            found.append(EntryFlaw.OVERDUE)
        return found


def draft(new: NewOutage, at: datetime) -> Outage:
    """Give the outage that it would be if it were entered at this moment: to be looked at, not kept."""
    return Outage(id=0, entered_at=at, **{one.name: getattr(new, one.name) for one in fields(NewOutage)})


def says_the_same(new: NewOutage, one: NewOutage) -> bool:
    """Whether all that is entered is alike in both."""
    return all(getattr(new, each.name) == getattr(one, each.name) for each in fields(NewOutage))


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """The actor on an outage: a user, for an enterprise or none, and the source."""

    source: EntrySource = EntrySource.SERVICE
    user_id: int | None = None
    executor_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutageEntry:
    """A line of an outage's history, appended and never changed. `facts` are the outage after the act."""

    outage_id: int
    version: int
    at: datetime
    act: OutageAct
    by: By
    note: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: int = field(default=0, compare=False)
    """Given by the register: its place among all lines of all outages."""


OPEN_END = timedelta(days=1)
"""The time from now that an outage without a known end is taken to last; one that begins later is another."""


def alike(new: NewOutage, known: Sequence[Outage], at: datetime) -> Sequence[Outage]:
    """Find what may be the same outage entered before: one utility, a house in both, times that overlap."""
    return [one for one in known if _same_place(new, one) and _same_time(new, one, at)]


def _same_place(new: NewOutage, one: Outage) -> bool:
    if new.utility is not one.utility:
        return False
    if new.city_wide or one.city_wide:
        return True
    return any(area.meets(other) for area in new.areas for other in one.areas)


def _same_time(new: NewOutage, one: Outage, at: datetime) -> bool:
    """One that nobody has ended goes on, though its expected end is past, for OPEN_END at most."""
    expected = one.expected_end if one.expected_end is not None and one.expected_end > at else None
    over = one.ended_at or expected or max(one.starts_at, at) + OPEN_END
    return new.starts_at < over and one.starts_at < (new.expected_end or max(new.starts_at, at) + OPEN_END)


def concerning(addresses: Sequence[Address], outages: Sequence[Outage]) -> Sequence[Outage]:
    """Leave those that concern somebody at one of the addresses, in the same order."""
    return [one for one in outages if one.city_wide or any(one.concerns(there) for there in addresses)]


class Position(NamedTuple):
    """The end of a page of the list: the next page begins behind it, even when outages were entered since."""

    starts_at: datetime
    id: int


class Outages(Protocol):
    """The register of outages."""

    async def now(self, at: datetime) -> Sequence[Outage]:
        """Give all that hold at this moment, emergencies first, then the oldest."""
        ...

    async def coming(self, at: datetime) -> Sequence[Outage]:
        """Give those that begin later, the next first."""
        ...

    async def get(self, outage_id: int) -> Outage:
        """Raises NotFound."""
        ...

    async def find(
        self,
        *,
        limit: int,
        skipped: int = 0,
        executor_id: int | None = None,
        utility: Utility | None = None,
        over: bool | None = None,
        since: datetime | None = None,
        behind: Position | None = None,
    ) -> Sequence[Outage]:
        """List them, those that begin last first; of all enterprises, utilities and states where not told.

        `since`: those that were entered at this moment or later.
        """
        ...

    async def lately_over(self, at: datetime) -> Sequence[Outage]:
        """Give those that were ended or cancelled within OVER_FOR before, the latest first."""
        ...

    async def history(self, outage_id: int) -> Sequence[OutageEntry]:
        """List the history of the outage, the oldest first."""
        ...

    async def histories(self, outage_ids: Sequence[int]) -> Mapping[int, Sequence[OutageEntry]]:
        """Tell the same of several in one reading."""
        ...

    async def enter(self, new: NewOutage, by: By, *, idempotency_key: str | None = None) -> Outage:
        """Enter it; the same `idempotency_key` again returns the first outage, whatever is sent with it."""
        ...

    async def by_idempotency_key(self, idempotency_key: str) -> Outage | None:
        """Find the outage entered under this idempotency key."""
        ...

    async def change(self, was: Outage, now: NewOutage, by: By, note: str = "") -> Outage:
        """Make `now` of `was`; what does not change leaves no trace. Raises Outdated, NotFound.

        Of one that is over nothing can be changed: ForbiddenTransition.
        """
        ...

    async def end(self, outage_id: int, at: datetime, by: By, note: str = "") -> Outage:
        """End it at that moment; ended again, the first end counts. Raises NotFound."""
        ...

    async def cancel(self, outage_id: int, by: By, note: str) -> Outage:
        """Take it back: it never came. One that is over stays so. Raises NotFound."""
        ...

    async def reopen(self, outage_id: int, by: By, note: str) -> Outage:
        """Let it hold again; one that holds stays so. Raises NotFound."""
        ...
