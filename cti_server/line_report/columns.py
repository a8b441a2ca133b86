"""Columns of the line's report: one list for the page, the files and the paper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from cti_server.calls.counted import FIGURES
from cti_server.calls.words import clock_length
from cti_server.frame.language import N_
from hotline.calls.counted import Counted
from hotline.line.report import LineSum

Value: TypeAlias = int | float | None
NONE = "—"


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


_CALLS, _ANSWERED, _LOST = N_("Calls"), N_("Answered"), N_("Not answered")
_TIMES, _BACK = N_("Time"), N_("Call-backs")
COLUMNS: Sequence[Column] = (
    Column(
        group=_CALLS,
        heading=N_("in all"),
        name=FIGURES[Counted.INCOMING],
        value=lambda row: row.incoming,
        figure=Counted.INCOMING,
    ),
    Column(
        group=_CALLS,
        heading=N_("self-served"),
        name=FIGURES[Counted.SELF_SERVED],
        value=lambda row: row.self_served,
        figure=Counted.SELF_SERVED,
    ),
    Column(
        group=_CALLS,
        heading=N_("came into the line"),
        name=FIGURES[Counted.OFFERED],
        value=lambda row: row.counts.offered,
        figure=Counted.OFFERED,
    ),
    Column(
        group=_ANSWERED,
        heading=N_("in all"),
        name=FIGURES[Counted.ANSWERED],
        value=lambda row: row.counts.answered,
        figure=Counted.ANSWERED,
    ),
    Column(
        group=_ANSWERED,
        heading=N_("within 20 s"),
        name=FIGURES[Counted.IN_TIME],
        value=lambda row: row.counts.answered_in_time,
        figure=Counted.IN_TIME,
    ),
    Column(
        group=_ANSWERED,
        heading=N_("service level"),
        name=N_("Service level, %"),
        value=lambda row: row.counts.service_level,
        shown=Shown.SHARE,
    ),
    Column(
        group=_LOST,
        heading=N_("abandoned"),
        name=FIGURES[Counted.ABANDONED],
        value=lambda row: row.counts.abandoned,
        figure=Counted.ABANDONED,
    ),
    Column(
        group=_LOST,
        heading=N_("of these within 5 s"),
        name=FIGURES[Counted.SHORT],
        value=lambda row: row.counts.short_abandoned,
        figure=Counted.SHORT,
    ),
    Column(
        group=_LOST,
        heading=N_("served otherwise"),
        name=FIGURES[Counted.ELSEWHERE],
        value=lambda row: row.counts.elsewhere,
        figure=Counted.ELSEWHERE,
    ),
    Column(
        group=_TIMES,
        heading=N_("mean wait"),
        name=N_("Mean wait, s"),
        value=lambda row: row.counts.mean_wait,
        shown=Shown.LENGTH,
    ),
    Column(
        group=_TIMES,
        heading=N_("nine in ten waited up to"),
        name=N_("Nine in ten waited up to, s"),
        value=lambda row: row.long_wait,
        shown=Shown.LENGTH,
    ),
    Column(
        group=_TIMES,
        heading=N_("mean talk"),
        name=N_("Mean talk, s"),
        value=lambda row: _mean(row.talk, row.counts.answered),
        shown=Shown.LENGTH,
    ),
    Column(
        group=_TIMES,
        heading=N_("mean after-call"),
        name=N_("Mean after-call work, s"),
        value=lambda row: _mean(row.after_call, row.counts.answered),
        shown=Shown.LENGTH,
    ),
    Column(
        group=_BACK,
        heading=N_("owed"),
        name=FIGURES[Counted.OWED],
        value=lambda row: row.owed,
        figure=Counted.OWED,
    ),
    Column(
        group=_BACK,
        heading=N_("kept"),
        name=FIGURES[Counted.KEPT],
        value=lambda row: row.kept,
        figure=Counted.KEPT,
    ),
)


def groups() -> Sequence[tuple[str, int]]:
    """List the groups of columns, each with the number of its columns."""
    names = list(dict.fromkeys(column.group for column in COLUMNS))
    return [(name, sum(column.group == name for column in COLUMNS)) for name in names]


def text(value: Value, shown: Shown) -> str:
    """Write the value for people."""
    if value is None:
        return NONE
    match shown:
        case Shown.SHARE:
            return f"{value * 100:.0f} %"
        case Shown.LENGTH:
            return clock_length(value)
        case _:
            return f"{value:,}".replace(",", " ")


def cell(value: Value, shown: Shown) -> Value:
    """Round the value for a file: a share in per cent."""
    if isinstance(value, float):
        return round(value * 100 if shown is Shown.SHARE else value, 1)
    return value


def tenths(language: str, value: float) -> str:
    """Write a mean with one digit behind the language's own decimal sign."""
    written = f"{value:.1f}"
    return written.replace(".", ",") if language == "uk" else written
