"""`hotline bench growth`: how much dearer a call, a page, a report and a night are in a great year of calls.

Nothing runs beside the statements. Milliseconds are PostgreSQL's own, or of SQLite's the processor's; blocks
are those of the database that were looked at, which no other work on the machine changes.

A page is asked for as much at both ends: a rare word is in as many texts of the small year as of the great
one. Of a word whose texts grow with the year a page shows the newest, and is to look at no more of them.
"""

from collections.abc import Mapping
from datetime import UTC

from hotline.clock import SystemClock
from hotline.reports.figures import TooMuchAtOnce
from storage.reports.figures import SECONDS
from storage.store import open_storage
from tests.bench.growth.databases import Meter, Spent, grown
from tests.bench.growth.lists import BOUNDED, LISTS
from tests.bench.growth.rows import DIALECTS, GrownYear, rare_words
from tests.bench.growth.steps import BY_CALLS, CLOSING, NIGHT, OF_DAYS, PAGES, ROAD, Do, Town
from tests.bench.kept_city import POSTGRESQL
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell

SMALL = 200_000
GREAT = {"postgresql": 10_000_000, "sqlite": 1_000_000}
SMALL_SHARE = 10
"""Of a shorter run: the small year has a tenth of the great one's calls."""
TIMES = 20
TIMES_OF_DAYS = 3
MOST_SLOPE = 2.0
"""Of any step. An index of ten million rows has four levels, where one of two hundred thousand has three, and
of some steps that is all that they look at.
"""
MOST_SLOPE_OF_A_CALL = 1.3
"""Of all steps of its road together."""
LEAST_MS = 0.2
"""Below it a millisecond's part says nothing of a slope."""
DEAREST = 3
FLAT = {**PAGES, **LISTS}

Found = Mapping[str, Spent]


async def bench_growth(kind: str, *, calls: int | None) -> Measured:
    """Measure a small and a great year of calls, the one after the other."""
    great = calls or GREAT[kind]
    small = min(SMALL, great // SMALL_SHARE)
    ends: dict[int, Found] = {}
    for many in (small, great):
        tell(f"a year of {many} calls")
        now = SystemClock().now().astimezone(UTC)
        year = GrownYear(calls=many, ends=now, dialect=DIALECTS[kind])
        async with grown(kind, year) as (url, meter), open_storage(url) as storage:
            rare, spoken = rare_words(year.appeals), rare_words(year.messages)
            ends[many] = await _measure(Town(storage=storage, now=now, rare=rare, rare_spoken=spoken), meter)
    return _judged(kind, small, great, ends)


async def _measure(town: Town, meter: Meter) -> Found:
    await town.pick(TIMES)
    return {
        **await _each(town, meter, ROAD, TIMES, warm=2),
        **await _each(town, meter, FLAT, TIMES, warm=1),
        **await _each(town, meter, BY_CALLS, TIMES_OF_DAYS, warm=1),
        **await _each(town, meter, CLOSING, 1, warm=0),
        **await _each(town, meter, {**OF_DAYS, **BOUNDED}, TIMES_OF_DAYS, warm=1),
        **await _each(town, meter, NIGHT, 1, warm=0),
    }


async def _each(town: Town, meter: Meter, steps: Mapping[str, Do], times: int, *, warm: int) -> Found:
    """Give each step's median of `times` rounds, after some that are not counted."""
    took: dict[str, list[Spent]] = {name: [] for name in steps}
    for turn in range(warm + times):
        town.turn()
        for name, do in steps.items():
            spent = await _spent(do, town, meter)
            if turn >= warm:
                took[name].append(spent)
                if turn == warm + times - 1:
                    await _tell(name, spent, meter)
    return {
        name: Spent(
            ms=percentile([one.ms for one in spent], 0.5),
            blocks=round(percentile([one.blocks for one in spent], 0.5)),
        )
        for name, spent in took.items()
    }


async def _spent(do: Do, town: Town, meter: Meter) -> Spent:
    await meter.begin()
    try:
        await do(town)
    except TooMuchAtOnce:  # and nobody knows how long it would have taken
        return Spent(ms=SECONDS * 1000)
    return await meter.spent()


async def _tell(name: str, spent: Spent, meter: Meter) -> None:
    tell(f"{name}: {spent.ms:.2f} ms, {spent.blocks} blocks")
    for one in await meter.dearest(DEAREST):
        tell(f"    {one}")


def _judged(kind: str, small: int, great: int, ends: Mapping[int, Found]) -> Measured:
    figures: dict[str, float] = {"calls_small": small, "calls_great": great}
    flat = {}
    for name, after in ends[great].items():
        before = ends[small][name]
        figures |= {f"{name}_small_ms": round(before.ms, 2), f"{name}_great_ms": round(after.ms, 2)}
        if kind == POSTGRESQL:
            figures |= {f"{name}_small_blocks": before.blocks, f"{name}_great_blocks": after.blocks}
        figures[f"{name}_slope"] = slope = _slope(kind, before, after)
        if name in ROAD or name in FLAT:
            flat[name] = slope
    worst = max(flat, key=lambda name: flat[name])
    tell(f"the steepest: {worst}")
    figures = {
        "slope": flat[worst],
        "slope_of_a_call": _whole_road(kind, ends[small], ends[great]),
        **figures,
    }
    return Measured(
        name="growth",
        figures=figures,
        limits={
            "slope": Limit(most=MOST_SLOPE),
            "slope_of_a_call": Limit(most=MOST_SLOPE_OF_A_CALL),
        },
    )


def _slope(kind: str, before: Spent, after: Spent) -> float:
    if kind == POSTGRESQL:
        return round(after.blocks / max(before.blocks, 1), 2)
    return round(max(after.ms, LEAST_MS) / max(before.ms, LEAST_MS), 2)


def _whole_road(kind: str, small: Found, great: Found) -> float:
    one, other = (
        Spent(ms=sum(found[name].ms for name in ROAD), blocks=sum(found[name].blocks for name in ROAD))
        for found in (small, great)
    )
    return _slope(kind, one, other)
