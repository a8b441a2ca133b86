"""The picture of a trend: scores of a dispatcher by week as a line, the team's middle as a dashed one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.quality.trend import WeekScore

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 200, 36, 12, 24
ACROSS = (0, 25, 50, 75, 100)
_WHOLE = 100
_LABELS = 9
"""Weeks that have room for their day below the picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """The own mean of one week."""

    x: float
    y: float
    percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPicture:
    """Lines as paths of SVG; the weeks themselves for a table beside it. Without weeks nothing is drawn."""

    weeks: Sequence[WeekScore]
    points: Sequence[TrendPoint]
    own: str
    team: str
    across: Sequence[tuple[float, int]]
    days: Sequence[tuple[float, str]]


def picture(weeks: Sequence[WeekScore]) -> TrendPicture:
    """Draw the weeks at even distances, whichever lie between them."""
    step = (WIDTH - LEFT * 2) / max(1, len(weeks) - 1)
    places = [round(LEFT + at * step, 1) for at in range(len(weeks))]
    own = [(x, _y(week.own)) for x, week in zip(places, weeks, strict=True) if week.own is not None]
    team = [(x, _y(week.team)) for x, week in zip(places, weeks, strict=True) if week.team is not None]
    every = -(-len(weeks) // _LABELS) or 1
    return TrendPicture(
        weeks=weeks,
        points=[
            TrendPoint(x=x, y=_y(week.own), percent=round(week.own))
            for x, week in zip(places, weeks, strict=True)
            if week.own is not None
        ],
        own=_path(own),
        team=_path(team),
        across=[(_y(percent), percent) for percent in ACROSS],
        days=[
            (x, f"{week.monday:%d.%m}")
            for at, (x, week) in enumerate(zip(places, weeks, strict=True))
            if at % every == 0
        ],
    )


def _y(percent: float) -> float:
    return round(TOP + (HEIGHT - TOP - BOTTOM) * (1 - percent / _WHOLE), 1)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "".join(f"{'L' if at else 'M'}{x} {y}" for at, (x, y) in enumerate(points))
