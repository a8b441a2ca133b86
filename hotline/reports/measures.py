"""Measures: each figure of the contact centre with one definition, for every page, paper and built report.

A measure counts rows of one kind: how many, which share, which mean, or the value that half of them do not
exceed. What a count means stands with its subject (`CountedAppeals`, `Counted` of calls, `SurveyGroup`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self, TypeAlias

from hotline.appeals.counted import CountedAppeals
from hotline.appeals.figures import HOURS_A_DAY
from hotline.calls.counted import Counted
from hotline.line.report import WAIT_SHARE
from hotline.shares import MEDIAN, percentile, share
from hotline.surveys.results import SurveyGroup


class Rows(StrEnum):
    """The kinds of rows that are counted, each by one moment of theirs."""

    CALLS = "calls"
    """Citizens' calls, when they arrived."""
    RECEIVED = "received"
    """Appeals, when they were registered."""
    CLOSED = "closed"
    """Appeals that are closed, when they were."""
    OWED = "owed"
    """Appeals whose work is owed now, whenever they came."""
    SURVEYS = "surveys"
    """Applicants who were to be asked, when their executor reported the work done."""
    OUTAGES = "outages"
    """Outages that were not cancelled, when they began."""
    ORDERS = "orders"
    """Orders to inform residents, when they were approved."""
    INQUIRIES = "inquiries"
    """Requests for information that were not withdrawn, when they were asked."""


class Other(StrEnum):
    """Counts of what has no enumeration of its own."""

    ASKED = "asked"
    """All surveys but for trials."""
    RATED = "rated"
    """Surveys with stars."""
    OUTAGES = "outages"
    ENDED = "ended"
    """Outages that are over."""
    ORDERS = "orders"
    INQUIRIES = "inquiries"
    REPLIED = "replied"
    """Requests for information that got an answer."""
    REPLIED_IN_TIME = "replied-in-time"
    """The first answer came in its term."""


Part: TypeAlias = CountedAppeals | Counted | SurveyGroup | Other
"""A count: a condition on rows."""


class Quantity(StrEnum):
    """What is measured of a row."""

    WAITED = "waited"
    """Seconds until a dispatcher spoke with the caller."""
    HOURS_TO_CLOSE = "hours-to-close"
    STARS = "stars"
    HOURS_OFF = "hours-off"
    """From an outage's beginning to its end."""


SCALE: Mapping[Quantity, int] = {Quantity.WAITED: 1000, Quantity.HOURS_OFF: 3_600_000}
"""Times are added up in whole milliseconds; all else as it is."""


class Unit(StrEnum):
    """How a value is written."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    DAYS = "days"
    HOURS = "hours"
    STARS = "stars"


class Dimension(StrEnum):
    """By what rows are split and chosen."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WEEKDAY = "weekday"
    HOUR = "hour"
    TOPIC = "topic"
    """The category; of a call, that of the first appeal registered from it."""
    DISTRICT = "district"
    """The street or quarter of an appeal's address, without the house; "" where no such part is written."""
    ENTERPRISE = "enterprise"
    CHANNEL = "channel"
    """How an appeal was received."""
    KIND = "kind"
    URGENCY = "urgency"
    SIGN = "sign"
    STATE = "state"
    TERM = "term"
    """How an appeal stands by its term: owed in classes, or closed in time or late."""
    DISPATCHER = "dispatcher"
    """Who spoke first."""
    OUTCOME = "outcome"
    UTILITY = "utility"
    WORKS = "works"
    """The kind of an outage."""


TIMES = frozenset({Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.WEEKDAY, Dimension.HOUR})
IDS = frozenset({Dimension.ENTERPRISE, Dimension.DISPATCHER})
"""Dimensions whose keys are ids, as text in an address."""
_WHEN = (Dimension.DAY, Dimension.WEEK, Dimension.MONTH, Dimension.WEEKDAY, Dimension.HOUR)
_OF_APPEALS = (
    *(Dimension.TOPIC, Dimension.DISTRICT, Dimension.ENTERPRISE, Dimension.CHANNEL, Dimension.KIND),
    *(Dimension.URGENCY, Dimension.SIGN, Dimension.STATE, Dimension.TERM),
)
DIMENSIONS: Mapping[Rows, Sequence[Dimension]] = {
    Rows.CALLS: (*_WHEN, Dimension.DISPATCHER, Dimension.TOPIC, Dimension.OUTCOME),
    Rows.RECEIVED: (*_WHEN, *_OF_APPEALS),
    Rows.CLOSED: (*_WHEN, *_OF_APPEALS),
    Rows.OWED: _OF_APPEALS,
    Rows.SURVEYS: (*_WHEN, Dimension.ENTERPRISE, Dimension.TOPIC),
    Rows.OUTAGES: (*_WHEN, Dimension.UTILITY, Dimension.WORKS, Dimension.ENTERPRISE),
    Rows.ORDERS: _WHEN,
    Rows.INQUIRIES: (*_WHEN, Dimension.ENTERPRISE),
}
"""By what the rows of a kind can be split and chosen."""
Key: TypeAlias = int | str
"""Of a group: a day counted from 1970, a weekday from Monday 0, an hour, an id (0: nobody), a code or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One figure. Without `whole` and `quantity` it is the count of `part`.

    With `whole` it is the share of `part` in `whole`, `less` left out of the whole. With `quantity` it is
    its mean over `part`, or what `percentile` of them do not exceed.
    """

    name: str
    rows: Rows
    part: Part
    whole: Part | None = None
    less: Part | None = None
    quantity: Quantity | None = None
    percentile: float | None = None
    unit: Unit = Unit.COUNT
    good: bool | None = None
    """Whether more is better; None where it is neither."""

    @property
    def parts(self) -> frozenset[Part]:
        """The counts that have to be known."""
        return frozenset(one for one in (self.part, self.whole, self.less) if one is not None)

    @property
    def totals(self) -> frozenset[tuple[Quantity, Part]]:
        """The sums that have to be known."""
        if self.quantity is None or self.percentile is not None:
            return frozenset()
        return frozenset({(self.quantity, self.part)})


@dataclass(slots=True)
class Amounts:
    """What was counted of one group; groups are added up by `+=`."""

    parts: Counter[Part] = field(default_factory=Counter)
    totals: Counter[tuple[Quantity, Part]] = field(default_factory=Counter)
    """Sums of quantities, by SCALE."""
    spread: dict[tuple[Quantity, Part], Counter[int]] = field(default_factory=dict)
    """How many rows have each whole value of a quantity."""

    def __iadd__(self, other: Self) -> Self:
        self.parts.update(other.parts)
        self.totals.update(other.totals)
        for what, values in other.spread.items():
            self.spread.setdefault(what, Counter()).update(values)
        return self

    def part(self, measure: Measure) -> int:
        return self.parts[measure.part]

    def whole(self, measure: Measure) -> int | None:
        """The rows of which a share is taken; None where the measure is no share."""
        if measure.whole is None:
            return None
        return self.parts[measure.whole] - (self.parts[measure.less] if measure.less else 0)

    def value(self, measure: Measure) -> float | None:
        """Give the figure; None of nothing."""
        part, whole = self.part(measure), self.whole(measure)
        if whole is not None:
            return share(part, whole) if whole > 0 else None
        if measure.quantity is None:
            return part
        if measure.percentile is None:
            total = self.totals[measure.quantity, measure.part] / SCALE.get(measure.quantity, 1)
            found = total / part if part else None
        else:
            values = self.spread.get((measure.quantity, measure.part), Counter())
            found = percentile(list(values.items()), measure.percentile)
        if found is None:
            return None
        return found / HOURS_A_DAY if measure.unit is Unit.DAYS else found


def _count(name: str, rows: Rows, part: Part, *, good: bool | None = None) -> Measure:
    return Measure(name=name, rows=rows, part=part, good=good)


def _share(
    name: str, rows: Rows, part: Part, whole: Part, less: Part | None = None, *, good: bool | None = None
) -> Measure:
    return Measure(name=name, rows=rows, part=part, whole=whole, less=less, unit=Unit.SHARE, good=good)


_APPEALS, _CALLS, _GROUPS = CountedAppeals, Counted, SurveyGroup
_ALL = (
    _count("calls", Rows.CALLS, _CALLS.INCOMING),
    _count("self-served", Rows.CALLS, _CALLS.SELF_SERVED),
    _count("offered", Rows.CALLS, _CALLS.OFFERED),
    _count("answered", Rows.CALLS, _CALLS.ANSWERED),
    _count("abandoned", Rows.CALLS, _CALLS.ABANDONED, good=False),
    _count("elsewhere", Rows.CALLS, _CALLS.ELSEWHERE),
    _share("service-level", Rows.CALLS, _CALLS.IN_TIME, _CALLS.OFFERED, _CALLS.SHORT, good=True),
    Measure(
        name="mean-wait",
        rows=Rows.CALLS,
        part=_CALLS.ANSWERED,
        quantity=Quantity.WAITED,
        unit=Unit.SECONDS,
        good=False,
    ),
    Measure(
        name="long-wait",
        rows=Rows.CALLS,
        part=_CALLS.ANSWERED,
        quantity=Quantity.WAITED,
        percentile=WAIT_SHARE,
        unit=Unit.SECONDS,
        good=False,
    ),
    _count("callbacks-owed", Rows.CALLS, _CALLS.OWED),
    _share("callbacks-kept", Rows.CALLS, _CALLS.KEPT, _CALLS.OWED, good=True),
    _count("received", Rows.RECEIVED, _APPEALS.RECEIVED),
    _share("repeated", Rows.RECEIVED, _APPEALS.REPEATED, _APPEALS.RECEIVED, good=False),
    _count("forwarded", Rows.RECEIVED, _APPEALS.FORWARDED),
    _count("rejected", Rows.RECEIVED, _APPEALS.REJECTED),
    _count("closed", Rows.CLOSED, _APPEALS.CLOSED),
    _share("in-time", Rows.CLOSED, _APPEALS.IN_TIME, _APPEALS.CLOSED, good=True),
    _share("confirmed", Rows.CLOSED, _APPEALS.CONFIRMED, _APPEALS.CLOSED, good=True),
    _share("taken-down", Rows.CLOSED, _APPEALS.TAKEN_DOWN, _APPEALS.CLOSED),
    _share("returned", Rows.CLOSED, _APPEALS.RETURNED, _APPEALS.CLOSED, good=False),
    _share("accepted", Rows.CLOSED, _APPEALS.ACCEPTED, _APPEALS.CLOSED, good=True),
    Measure(
        name="days-to-close",
        rows=Rows.CLOSED,
        part=_APPEALS.CLOSED,
        quantity=Quantity.HOURS_TO_CLOSE,
        percentile=MEDIAN,
        unit=Unit.DAYS,
        good=False,
    ),
    _count("owed", Rows.OWED, _APPEALS.OWED),
    _count("overdue", Rows.OWED, _APPEALS.OVERDUE, good=False),
    _count("due-today", Rows.OWED, _APPEALS.DUE_TODAY),
    _count("due-soon", Rows.OWED, _APPEALS.DUE_SOON),
    _count("breached", Rows.OWED, _APPEALS.BREACHED, good=False),
    _count("unaccepted", Rows.OWED, _APPEALS.UNACCEPTED),
    _count("unrouted", Rows.OWED, _APPEALS.UNROUTED),
    _count("disputed", Rows.OWED, _APPEALS.DISPUTED),
    _count("more-time", Rows.OWED, _APPEALS.MORE_TIME),
    _count("asked", Rows.SURVEYS, Other.ASKED),
    _count("survey-returned", Rows.SURVEYS, _GROUPS.RETURNED, good=False),
    _count("survey-confirmed", Rows.SURVEYS, _GROUPS.CONFIRMED, good=True),
    Measure(
        name="stars",
        rows=Rows.SURVEYS,
        part=Other.RATED,
        quantity=Quantity.STARS,
        unit=Unit.STARS,
        good=True,
    ),
    _count("outages", Rows.OUTAGES, Other.OUTAGES, good=False),
    Measure(
        name="hours-off",
        rows=Rows.OUTAGES,
        part=Other.ENDED,
        quantity=Quantity.HOURS_OFF,
        unit=Unit.HOURS,
        good=False,
    ),
    _count("orders", Rows.ORDERS, Other.ORDERS),
    _count("inquiries", Rows.INQUIRIES, Other.INQUIRIES),
    _share("replied-in-time", Rows.INQUIRIES, Other.REPLIED_IN_TIME, Other.REPLIED, good=True),
)
MEASURES: Mapping[str, Measure] = {one.name: one for one in _ALL}
"""All measures by their names, in the order in which they are offered."""
