"""Drawn figures: thirty days as bars and a line, and the backlog as one bar; in SVG, without words."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.figures import Backlog, DayOfAppeals

WIDTH, HEIGHT = 300, 100
_GAP = 0.25
"""Between bars, as a part of a day."""
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The bar of what was received on one day."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The bars, the line of what was closed (`points` of a polyline), and the figure at the top."""

    columns: Sequence[Column]
    points: str
    top: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A piece of the backlog, in percent; `kind` is the class of terms."""

    kind: str
    x: float
    width: float
    count: int


def chart(days: Sequence[DayOfAppeals]) -> Chart:
    """Draw the days to the scale of the greatest figure, rounded up to a round one."""
    top = round_up(max((max(one.received, one.closed) for one in days), default=0))
    step, scale = WIDTH / max(len(days), 1), HEIGHT / top
    columns = [
        Column(
            x=round((number + _GAP / 2) * step, 2),
            y=round(HEIGHT - one.received * scale, 2),
            width=round(step * (1 - _GAP), 2),
            height=round(one.received * scale, 2),
        )
        for number, one in enumerate(days)
    ]
    points = (
        f"{(number + 0.5) * step:.1f},{HEIGHT - one.closed * scale:.1f}" for number, one in enumerate(days)
    )
    return Chart(columns=columns, points=" ".join(points), top=top)


def round_up(figure: int) -> int:
    """Give the least of 1, 2, 5, 10, 20, 50, … that is no less."""
    power = 1
    while True:
        for step in _STEPS:
            if step * power >= figure:
                return step * power
        power *= 10


def bar(backlog: Backlog) -> Sequence[Bar]:
    """Divide the backlog by terms; pieces that are nothing are left out."""
    counts = {
        "overdue": backlog.overdue,
        "today": backlog.today,
        "soon": backlog.soon - backlog.today,
        "later": backlog.later,
    }
    pieces, x = [], 0.0
    for kind, count in counts.items():
        if count:
            width = 100 * count / backlog.owed
            pieces.append(Bar(kind=kind, x=round(x, 2), width=round(width, 2), count=count))
            x += width
    return pieces
