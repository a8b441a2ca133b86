"""The line's report: what was counted, added up by half-hour, day, dispatcher or topic, and in all."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, Self, TypeAlias

from hotline.calls.counted import Counted
from hotline.city.city_days import DaysPiece
from hotline.line.service_level import LineCounts
from hotline.shares import percentile

Key: TypeAlias = int | str
"""Of a row: the half-hour or the day as a number, the dispatcher's id (0: nobody), the topic ("": none)."""
WAIT_SHARE = 0.9
"""The percentile of waits that is shown."""


class By(StrEnum):
    """The rows of the report."""

    HALF_HOUR = "half-hour"
    """Of the city's day, all chosen days together, from 0 at midnight."""
    DAY = "day"
    """Of the city, counted from 1 January 1970."""
    DISPATCHER = "dispatcher"
    """Who spoke first."""
    TOPIC = "topic"
    """The category of the first appeal registered from the call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallCount:
    """A number of calls of one row that had this figure, and waited this number of whole seconds."""

    key: Key
    figure: Counted
    """One of those of which each call has just one."""
    waited: int
    calls: int
    milliseconds: int
    """Their waits together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkCount:
    """The work on the calls of one row, in seconds: talks, and what followed; a dispatcher's is their own."""

    key: Key
    talk: float
    after_call: float


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedCount:
    """Call-backs owed for the calls of one row, kept or not."""

    key: Key
    owed: int


@dataclass(kw_only=True)
class LineSum:
    """Figures of one row, or of all; rows are added up by `+=`."""

    calls: Counter[Counted] = field(default_factory=Counter)
    answer_waits: Counter[int] = field(default_factory=Counter)
    """How many were answered after each number of whole seconds."""
    answer_wait: float = 0.0
    """The waits of those answered together, in seconds; below of those who gave up."""
    abandon_wait: float = 0.0
    talk: float = 0.0
    after_call: float = 0.0
    owed: int = 0
    kept: int = 0

    def count(self, one: CallCount) -> None:
        self.calls[one.figure] += one.calls
        if one.figure in {Counted.IN_TIME, Counted.ANSWERED}:
            self.answer_waits[one.waited] += one.calls
            self.answer_wait += one.milliseconds / 1000
        if one.figure in {Counted.SHORT, Counted.ABANDONED}:
            self.abandon_wait += one.milliseconds / 1000

    def __iadd__(self, other: "LineSum") -> Self:
        self.calls.update(other.calls)
        self.answer_waits.update(other.answer_waits)
        for name in ("answer_wait", "abandon_wait", "talk", "after_call", "owed", "kept"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        return self

    @property
    def counts(self) -> LineCounts:
        """Callers in the line by their fates."""
        return LineCounts(
            answered=self.calls[Counted.IN_TIME] + self.calls[Counted.ANSWERED],
            answered_in_time=self.calls[Counted.IN_TIME],
            abandoned=self.calls[Counted.SHORT] + self.calls[Counted.ABANDONED],
            short_abandoned=self.calls[Counted.SHORT],
            elsewhere=self.calls[Counted.ELSEWHERE],
            waiting=self.calls[Counted.WAITING],
            waited=self.answer_wait,
        )

    @property
    def incoming(self) -> int:
        return self.calls.total()

    @property
    def self_served(self) -> int:
        return self.calls[Counted.SELF_SERVED]

    @property
    def long_wait(self) -> int | None:
        """The wait that WAIT_SHARE of those answered did not exceed, in whole seconds."""
        return percentile(list(self.answer_waits.items()), WAIT_SHARE)

    @property
    def handling(self) -> float | None:
        """The mean handling time of those answered, in seconds: talk and after-call."""
        answered = self.counts.answered
        return (self.talk + self.after_call) / answered if answered else None

    @property
    def patience(self) -> float | None:
        """How long a caller would wait on average before giving up, in seconds; None: nobody gave up.

        All waiting by those who gave up: the likeliest mean of an exponential patience, where an answer cuts
        the wait short.
        """
        gave_up = self.counts.abandoned
        return (self.answer_wait + self.abandon_wait) / gave_up if gave_up else None


def add_up(
    counts: Iterable[CallCount], work: Iterable[WorkCount] = (), owed: Iterable[OwedCount] = ()
) -> dict[Key, LineSum]:
    """Bring together what was counted, row by row."""
    rows: dict[Key, LineSum] = {}
    for one in counts:
        rows.setdefault(one.key, LineSum()).count(one)
    for done in work:
        row = rows.setdefault(done.key, LineSum())
        row.talk += done.talk
        row.after_call += done.after_call
    for debt in owed:
        row = rows.setdefault(debt.key, LineSum())
        row.owed += debt.owed
    return rows


def in_order(rows: Mapping[Key, LineSum]) -> Mapping[Key, LineSum]:
    return {key: rows[key] for key in sorted(rows, key=lambda key: (isinstance(key, str), key))}


def in_all(rows: Iterable[LineSum]) -> LineSum:
    whole = LineSum()
    for row in rows:
        whole += row
    return whole


class LineReport(Protocol):
    """What was counted in the past; each answer is a few reads over the calls of the days."""

    async def by(self, by: By, days: Sequence[DaysPiece]) -> Mapping[Key, LineSum]:
        """Add up the calls that arrived in these days; a key without a call has no row."""
        ...

    async def began(self) -> datetime | None:
        """Tell when the first call on record arrived: before it there is nothing to look back at."""
        ...

    async def on_shift(self, days: Sequence[DaysPiece]) -> Mapping[int, float]:
        """Add up, for each half-hour of the city's day, the hours that dispatchers were on shift in it.

        On shift is who is neither away nor on a pause.
        """
        ...
