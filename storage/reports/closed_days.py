"""Measures of calls from the sums of closed days: which of them answer a question, and what they say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, select

from hotline.calls.counted import Counted
from hotline.city.city_days import DaysPiece
from hotline.reports.figures import Asked, fold
from hotline.reports.measures import TIMES, Amounts, Dimension, Key, Measure, Quantity, Rows
from storage.line.closed_days import Sums, day_of_piece, together
from storage.line.day_sums import DaySums, OfDay
from storage.line.report_counts import STILL_OWED, UNSETTLED

_OF = {
    Dimension.DISPATCHER: Sums.DISPATCHERS,
    Dimension.TOPIC: Sums.TOPICS,
    Dimension.OUTCOME: Sums.OUTCOMES,
}
_WAITED = (Quantity.WAITED, Counted.ANSWERED)
"""The only times that are kept."""


def sums_of(measures: Sequence[Measure], asked: Asked) -> Sums | None:
    """Give the document of a day that has what is asked; None where none has."""
    if any(one.rows is not Rows.CALLS for one in measures):
        return None
    if any((one.quantity, one.part) != _WAITED for one in measures if one.quantity is not None):
        return None
    split = {one for one in (asked.by, *asked.where) if one not in TIMES and one is not None}
    if not split:
        return Sums.HALF_HOURS
    if len(split) > 1 or asked.by is Dimension.HOUR:
        return None
    return _OF[split.pop()]


async def amounts(
    measures: Sequence[Measure], asked: Asked, days: Mapping[DaysPiece, OfDay]
) -> Mapping[Key, Amounts]:
    """Give what these days have, by group; KEPT as if nobody waited to be called back any more."""
    parts = {part for one in measures for part in one.parts if isinstance(part, Counted)}
    wanted = set(asked.where.values())

    def chosen(piece: DaysPiece, of_day: OfDay) -> Iterator[tuple[Key, DaySums]]:
        of_whole = _group_of_day(asked, piece)
        for key, one in of_day.items():
            if one.calls and (not wanted or wanted == {str(key)}):
                yield _group(asked, key) if of_whole is None else of_whole, one

    return {key: _amounts(one, parts, measures) for key, one in (await together(days, chosen)).items()}


def _group_of_day(asked: Asked, piece: DaysPiece) -> Key | None:
    """Give the one group that all of a day belongs to, if it does."""
    if asked.by is None:
        return ""
    if asked.by not in TIMES or asked.by is Dimension.HOUR:
        return None
    return fold(asked.by, day_of_piece(piece))


def _group(asked: Asked, key: Key) -> Key:
    return fold(asked.by, int(key)) if asked.by is Dimension.HOUR else key


def _amounts(one: DaySums, parts: set[Counted], measures: Sequence[Measure]) -> Amounts:
    made = Amounts(parts=Counter({part: one.part(part) for part in parts}))
    if any(measure.totals for measure in measures):
        made.totals[_WAITED] = one.answer_wait
    if one.waits and any(measure.percentile is not None for measure in measures):
        made.spread[_WAITED] = Counter(one.waits)
    return made


def open_ones(key: ColumnElement[object], chosen: Sequence[ColumnElement[bool]]) -> Any:
    """Count, by group, the calls of some days whose call-back is owed still."""
    return (
        select(key.label("key"), func.count().label("open"))
        .select_from(UNSETTLED)
        .where(*STILL_OWED, *chosen)
        .group_by(key)
    )
