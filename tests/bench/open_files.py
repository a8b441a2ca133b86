"""Open files and connections of programs by kind, while nobody calls: what more stays open is a leak."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from statistics import median

from tests.bench.progress import tell

ALIKE = 3
"""Looks, a second apart, that have to find the same before it counts as all that stays open."""
MOST_LOOKS = 12
A_THOUSAND = 1000
_ANONYMOUS = "anon_inode:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lull:
    """The descriptors that each program held after a number of calls, by kind, while none was on."""

    calls: int
    open: Mapping[str, Mapping[str, int]]
    """By the program's name."""


def kinds(pid: int) -> Counter[str]:
    """Count what a program holds open: sockets, pipes, files, and the kernel's own (eventpoll, eventfd …)."""
    found: Counter[str] = Counter()
    for one in Path(f"/proc/{pid}/fd").iterdir():
        try:
            found[kind_of(str(one.readlink()))] += 1
        except OSError:
            continue  # it was closed meanwhile
    return found


def kind_of(link: str) -> str:
    """Name the kind by what the descriptor leads to (proc(5))."""
    if link.startswith(_ANONYMOUS):
        return link.removeprefix(_ANONYMOUS).strip("[]")
    kind, colon, _ = link.partition(":[")
    return kind if colon else "file"


async def lull(
    calls: int, programs: Mapping[str, int], still_on: Callable[[], Awaitable[Sequence[str]]]
) -> Lull:
    """Wait until no call is on and nothing more is closed, a while at most, and count."""
    seen: list[Mapping[str, Mapping[str, int]]] = []
    for _ in range(MOST_LOOKS):
        on = await still_on()
        found_open = {name: kinds(pid) for name, pid in programs.items()}
        if not on and not await still_on():  # also of a call that came while it was counted
            seen.append(found_open)
            if len(seen) >= ALIKE and all(one == seen[-1] for one in seen[-ALIKE:]):
                break
        await asyncio.sleep(1)
    else:
        tell(f"it never came to rest after {calls} calls: {await still_on()}")
    # A page that is being read has connections of its own: the look that found least tells what stays.
    least = min(seen, key=lambda one: sum(sum(held.values()) for held in one.values()), default=None)
    found = Lull(calls=calls, open=least or {name: kinds(pid) for name, pid in programs.items()})
    for name, held in found.open.items():
        tell(
            f"open after {calls} calls, {name}: " + ", ".join(f"{kind} {held[kind]}" for kind in sorted(held))
        )
    return found


def steady_slope(points: Sequence[tuple[float, float]]) -> float:
    """Give the median of the slopes between any two points (Theil and Sen): one odd look changes nothing."""
    slopes = [(b[1] - a[1]) / (b[0] - a[0]) for a, b in combinations(points, 2) if b[0] != a[0]]
    return median(slopes) if slopes else 0.0


def grown(lulls: Sequence[Lull], program: str) -> Mapping[str, float]:
    """Give by how much its descriptors grow in a thousand calls: in all, and of each kind that does."""

    def slope(of: Callable[[Mapping[str, int]], int]) -> float:
        return round(steady_slope([(one.calls / A_THOUSAND, of(one.open[program])) for one in lulls]), 2)

    named = sorted({kind for one in lulls for kind in one.open[program]})
    by_kind = {kind: slope(lambda held, kind=kind: held.get(kind, 0)) for kind in named}  # type: ignore[misc]
    return {
        f"{program}_descriptors": sum(lulls[-1].open[program].values()),
        f"{program}_descriptors_per_1000": slope(lambda held: sum(held.values())),
        **{f"{program}_{kind}_per_1000": grows for kind, grows in by_kind.items() if grows},
    }
