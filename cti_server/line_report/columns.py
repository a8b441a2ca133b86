"""Columns of the line's report: one list for the page, the files and the paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cti_server.calls.counted import FIGURES
from cti_server.calls.words import clock_length
from cti_server.frame.language import N_
from cti_server.frame.numbers import NOTHING, percent
from hotline.calls.counted import Counted
from hotline.line.report import LineSum

Value: TypeAlias = int | float | None


class Shown(StrEnum):
    """The kind of a column's values."""

    COUNT = "count"
    SHARE = "share"
    LENGTH = "length"
    """Of time, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `heading` stands below that of its group; alone, as in a file, `name` says all."""

    group: str
    heading: str
    name: str
    value: Callable[[LineSum], Value]
    shown: Shown = Shown.COUNT
    figure: Counted | None = None
    """Lists the calls that are counted; None: a mean or a share, which no list shows."""


def _mean(whole: float, of: int) -> float | None:
    return whole / of if of else None


def _count(group: str, heading: str, figure: Counted, value: Callable[[LineSum], int]) -> Column:
    return Column(group=group, heading=heading, name=FIGURES[figure], value=value, figure=figure)


def _time(heading: str, name: str, value: Callable[[LineSum], Value]) -> Column:
    return Column(group=_TIMES, heading=heading, name=name, value=value, shown=Shown.LENGTH)


_CALLS, _ANSWERED, _LOST = N_("Calls"), N_("Answered"), N_("Not answered")
_TIMES, _BACK = N_("Time"), N_("Call-backs")
COLUMNS: Sequence[Column] = (
    _count(_CALLS, N_("in all"), Counted.INCOMING, lambda row: row.incoming),
    _count(_CALLS, N_("self-served"), Counted.SELF_SERVED, lambda row: row.self_served),
    _count(_CALLS, N_("came into the line"), Counted.OFFERED, lambda row: row.counts.offered),
    _count(_ANSWERED, N_("in all"), Counted.ANSWERED, lambda row: row.counts.answered),
    _count(_ANSWERED, N_("within 20 s"), Counted.IN_TIME, lambda row: row.counts.answered_in_time),
    Column(
        group=_ANSWERED,
        heading=N_("service level"),
        name=N_("Service level, %"),
        value=lambda row: row.counts.service_level,
        shown=Shown.SHARE,
    ),
    _count(_LOST, N_("abandoned"), Counted.ABANDONED, lambda row: row.counts.abandoned),
    _count(_LOST, N_("of these within 5 s"), Counted.SHORT, lambda row: row.counts.short_abandoned),
    _count(_LOST, N_("served otherwise"), Counted.ELSEWHERE, lambda row: row.counts.elsewhere),
    _time(N_("mean wait"), N_("Mean wait, s"), lambda row: row.counts.mean_wait),
    _time(N_("nine in ten waited up to"), N_("Nine in ten waited up to, s"), lambda row: row.long_wait),
    _time(N_("mean talk"), N_("Mean talk, s"), lambda row: _mean(row.talk, row.counts.answered)),
    _time(
        N_("mean after-call"),
        N_("Mean after-call work, s"),
        lambda row: _mean(row.after_call, row.counts.answered),
    ),
    _count(_BACK, N_("owed"), Counted.OWED, lambda row: row.owed),
    _count(_BACK, N_("kept"), Counted.KEPT, lambda row: row.kept),
)


def groups() -> Sequence[tuple[str, int]]:
    """List the groups of columns, each with the number of its columns."""
    names = list(dict.fromkeys(column.group for column in COLUMNS))
    return [(name, sum(column.group == name for column in COLUMNS)) for name in names]


def text(value: Value, shown: Shown) -> str:
    """Write the value for people."""
    if value is None:
        return NOTHING
    match shown:
        case Shown.SHARE:
            return percent(value)
        case Shown.LENGTH:
            return clock_length(value)
        case _:
            return f"{value:,}".replace(",", " ")


def cell(value: Value, shown: Shown) -> Value:
    """Round the value for a file: a share in per cent."""
    if isinstance(value, float):
        return round(value * 100 if shown is Shown.SHARE else value, 1)
    return value
