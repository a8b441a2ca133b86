"""A built report drawn as SVG: bars with their names, or a line from point to point."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.reports.built import Drawn
from hotline.reports.measures import Unit

WIDTH, HEIGHT, LEFT, STEP, RIGHT = 720, 220, 220, 24, 20
MOST_BARS = 40
_LONGEST_NAME = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One group."""

    name: str
    y: int
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Bars, or the points of a line; `first` and `last` name its ends."""

    height: int
    bars: Sequence[Bar] = ()
    points: str = ""
    first: str = ""
    last: str = ""
    left_out: int = 0


def draw(groups: Sequence[tuple[str, float | None]], drawn: Drawn, unit: Unit) -> Picture | None:
    """Draw them to the scale of the greatest, a share to that of the whole; None where nothing is."""
    most = 1.0 if unit is Unit.SHARE else max((value or 0 for _, value in groups), default=0)
    if not most or not groups:
        return None
    if drawn is Drawn.LINE and len(groups) > 1:
        return _line(groups, most)
    shown = groups[:MOST_BARS]
    scale = (WIDTH - LEFT - RIGHT) / most
    return Picture(
        height=STEP * len(shown),
        bars=[
            Bar(name=_short(name), y=row * STEP, width=round((value or 0) * scale, 1))
            for row, (name, value) in enumerate(shown)
        ],
        left_out=len(groups) - len(shown),
    )


def _line(groups: Sequence[tuple[str, float | None]], most: float) -> Picture:
    step = WIDTH / (len(groups) - 1)
    points = (
        f"{at * step:.1f},{HEIGHT - (value or 0) / most * (HEIGHT - 10):.1f}"
        for at, (_, value) in enumerate(groups)
    )
    return Picture(height=HEIGHT, points=" ".join(points), first=groups[0][0], last=groups[-1][0])


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
