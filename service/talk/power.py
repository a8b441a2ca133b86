"""A day's schedule of power in a scene: the times of the day without any, `18:00–20:00, 22:00–23:30`."""

from collections.abc import Sequence
from itertools import groupby

from hotline.power.schedule import HALVES, Supply
from service.talk.scene import NoScene

UNREAD_TIMES = "{typed} is no time of the day: write such as 18:00–20:00, 22:00–23:30."


def without_power(text: str) -> tuple[Supply, ...]:
    """Read the half-hours of a day; raises NoScene."""
    dark: set[int] = set()
    for one in filter(None, (part.strip() for part in text.split(","))):
        since, _, until = one.partition("–")
        try:
            dark |= set(range(_half(since), _half(until)))
        except ValueError as error:
            raise NoScene(UNREAD_TIMES, typed=one) from error
    return tuple(Supply.OFF if half in dark else Supply.ON for half in range(HALVES))


def times_text(halves: Sequence[Supply]) -> str:
    """Write the times without power, as they are read."""
    told, begins = [], 0
    for supply, group in groupby(halves):
        ends = begins + len(list(group))
        if supply is Supply.OFF:
            told.append(f"{_clock(begins)}–{_clock(ends)}")
        begins = ends
    return ", ".join(told)


def _half(text: str) -> int:
    hour, _, minutes = text.strip().partition(":")
    half = int(hour) * 2 + {"00": 0, "30": 1}.get(minutes, HALVES + 1)
    if not 0 <= half <= HALVES:
        raise ValueError(text)
    return half


def _clock(half: int) -> str:
    return f"{half // 2:02d}:{half % 2 * 30:02d}"
