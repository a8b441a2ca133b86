"""A picture of a day: how many were on shift in each half-hour, and how many were needed; drawn as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.line.staffing import HalfHourAdvice

STEP, HEIGHT, LEFT, BOTTOM = 14, 160, 28, 22
_LINES = 4
"""At most, across the picture."""
_GAP = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class DayBar:
    """How many were on shift in one half-hour; `lacks` when more were needed."""

    x: float
    y: float
    height: float
    lacks: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPicture:
    """Bars of those on shift, a stepped line of those needed, and lines across with their numbers."""

    width: int
    height: int
    bars: Sequence[DayBar]
    needed: str
    across: Sequence[tuple[float, int]]
    hours: Sequence[tuple[int, int]]
    """Where an hour stands, and which."""


def picture(half_hours: Sequence[HalfHourAdvice]) -> DayPicture:
    most = max((max(one.needed, one.on_shift) for one in half_hours), default=0) or 1
    scale = HEIGHT / most

    def y(people: float) -> float:
        return round(HEIGHT - people * scale, 1)

    bars = [
        DayBar(
            x=LEFT + at * STEP + _GAP / 2,
            y=y(one.on_shift),
            height=round(one.on_shift * scale, 1),
            lacks=one.lacking > 0,
        )
        for at, one in enumerate(half_hours)
    ]
    steps = [
        f"{'L' if at else 'M'}{LEFT + at * STEP} {y(one.needed)}H{LEFT + (at + 1) * STEP}"
        for at, one in enumerate(half_hours)
    ]
    each = max(1, -(-int(most) // _LINES))
    return DayPicture(
        width=LEFT + STEP * len(half_hours),
        height=HEIGHT + BOTTOM,
        bars=bars,
        needed="".join(steps),
        across=[(y(people), people) for people in range(0, int(most) + 1, each)],
        hours=[(LEFT + hour * 2 * STEP, hour) for hour in range(0, 24, 3)],
    )
