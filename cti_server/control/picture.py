"""A picture of owed work, one bar for each enterprise, divided by terms; drawn as SVG."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.appeals.control import EnterpriseStanding

MOST_BARS = 20
WIDTH, STEP, LEFT, RIGHT = 720, 24, 190, 40
_LONGEST_NAME = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class BarPart:
    """One piece of a bar; `kind` is the class of terms: overdue, today, soon or calm."""

    kind: str
    x: float
    width: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One enterprise."""

    name: str
    y: int
    parts: Sequence[BarPart]
    end: float
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All bars, those who owe most first; `left_out` are how many enterprises more there are."""

    bars: Sequence[Bar]
    height: int
    left_out: int


def picture(standings: Sequence[EnterpriseStanding], nobody: str) -> Picture:
    """Draw the owed work; `nobody` names the bar of appeals without an executor."""
    owing = sorted((one for one in standings if one.owed), key=lambda one: (-one.overdue, -one.owed))
    shown = owing[:MOST_BARS]
    scale = (WIDTH - LEFT - RIGHT) / max((one.owed for one in shown), default=1)
    bars = [_bar(one, row, scale, nobody) for row, one in enumerate(shown)]
    return Picture(bars=bars, height=STEP * len(bars), left_out=len(owing) - len(shown))


def _bar(one: EnterpriseStanding, row: int, scale: float, nobody: str) -> Bar:
    counts = {
        "overdue": one.overdue,
        "today": one.today,
        "soon": one.soon - one.today,
        "calm": one.owed - one.overdue - one.soon,
    }
    parts, x = [], float(LEFT)
    for kind, count in counts.items():
        if count:
            parts.append(BarPart(kind=kind, x=round(x, 1), width=round(count * scale, 1), count=count))
            x += count * scale
    name = one.executor or nobody
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    return Bar(name=short, y=row * STEP, parts=parts, end=round(x, 1), total=one.owed)
