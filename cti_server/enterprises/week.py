"""A week of duty as a picture: a row a day, a bar where somebody is on duty, gaps said in words too."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cti_server.rules.words import DAYS
from hotline.enterprises.duty_week import DAY, Gap, duty_week, gaps
from hotline.enterprises.executors import Executor

LEFT, HOUR, ROW, TOP = 34, 28, 26, 18
"""Sizes of the picture in its own units."""
MOST_SHADES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One rectangle; `shade` is how many are on duty, at most three. Empty `text`: nobody's hour."""

    x: float
    y: float
    width: float
    shade: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The content of the drawing."""

    bars: Sequence[Bar]
    rows: Sequence[tuple[str, float]]
    hours: Sequence[tuple[int, float]]
    now_x: float
    now_y: float
    gaps: Sequence[str]
    width: int = LEFT + 24 * HOUR + 12
    height: int = TOP + 7 * ROW + 2
    row: int = ROW


def week_of(executor: Executor, now: datetime, gettext: Callable[[str], str]) -> Week:
    """Draw the week of an enterprise; `now` is in the city's time."""
    week = duty_week(executor.contacts)
    names = {day: gettext(name) for day, name in DAYS.items()}
    return Week(
        bars=[
            Bar(
                x=_x(one.since),
                y=_y(one.day),
                width=_x(one.until) - _x(one.since),
                shade=min(len(one.names), MOST_SHADES),
                text=f"{names[one.day]} {_clock(one.since)}–{_clock(one.until)}: {', '.join(one.names)}"
                if one.names
                else "",
            )
            for one in week
        ],
        rows=[(name, _y(day)) for day, name in names.items()],
        hours=[(hour, _x(hour * 60)) for hour in range(0, 25, 3)],
        now_x=_x(now.hour * 60 + now.minute),
        now_y=_y(now.isoweekday()),
        gaps=[_gap(one, names) for one in gaps(week)],
    )


def _gap(gap: Gap, names: dict[int, str]) -> str:
    (first, since), (last, until) = gap.since, gap.until
    if first == last and since < until:
        return f"{names[first]} {_clock(since)}–{_clock(until)}"
    return f"{names[first]} {_clock(since)} – {names[last]} {_clock(until)}"


def _x(minute: int) -> float:
    return LEFT + minute / DAY * 24 * HOUR


def _y(day: int) -> float:
    return TOP + (day - 1) * ROW


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
