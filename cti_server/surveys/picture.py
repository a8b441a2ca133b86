"""A picture of surveys over time: a column for each span, divided by results, and the rating."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline.surveys.results import SurveyGroup, Tally

WIDTH, FLOOR, TOP, LEFT = 720, 165, 22, 10
GAP = 0.25
"""Share of a span that stays free between columns."""
_DAY = timedelta(days=1)
SHOWN = (SurveyGroup.CONFIRMED, SurveyGroup.RETURNED, SurveyGroup.DISPATCHER, SurveyGroup.UNREACHED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnPart:
    """One piece of a column."""

    group: SurveyGroup
    y: float
    height: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One span of time: its days, its surveys by group from the floor upwards, its mean rating."""

    x: float
    width: float
    middle: float
    days: str
    parts: Sequence[ColumnPart]
    top: float
    rating: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All columns, the earliest first; none where nobody was called."""

    columns: Sequence[Column]


def picture(spans: Sequence[Tally], bounds: Sequence[datetime]) -> Picture:
    """Draw the spans; `bounds` are local midnights, one more than spans."""
    most = max((one.of(*SHOWN) for one in spans), default=0)
    if not most:
        return Picture(columns=())
    step = (WIDTH - 2 * LEFT) / len(spans)
    return Picture(
        columns=[
            _column(one, LEFT + place * step, step, (FLOOR - TOP) / most, bounds[place : place + 2])
            for place, one in enumerate(spans)
        ]
    )


def _column(tally: Tally, left: float, step: float, scale: float, bounds: Sequence[datetime]) -> Column:
    parts, y = [], float(FLOOR)
    for group in SHOWN:
        if count := tally.of(group):
            y -= count * scale
            parts.append(ColumnPart(group=group, y=round(y, 1), height=round(count * scale, 1), count=count))
    return Column(
        x=round(left + step * GAP / 2, 1),
        width=round(step * (1 - GAP), 1),
        middle=round(left + step / 2, 1),
        days=_days(bounds[0], bounds[1] - _DAY),
        parts=parts,
        top=round(y, 1),
        rating="" if tally.rating is None else f"{tally.rating:.1f}",
    )


def _days(first: datetime, last: datetime) -> str:
    if first.date() == last.date():
        return f"{first:%d.%m}"
    return f"{first:%d}–{last:%d.%m}" if first.month == last.month else f"{first:%d.%m}–{last:%d.%m}"
