"""`hotline bench soak`: an hour of mixed traffic, or any length, and what grows meanwhile.

People call, listen, talk, are passed on, and are called by the hotline; a head and an administrator have
pages open. Memory, descriptors, rows and latencies are looked at all along: their slopes are those of the
second half, since at first everything warms up. Descriptors are counted in lulls alone, in which no call
is on: those of calls that go on would hide what stays open after them.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import aiohttp
from sqlalchemy import func, select

from hotline.access.permissions import Role
from storage.tables import metadata
from tests.bench import process
from tests.bench.callees import answering
from tests.bench.faults.hits import Hits
from tests.bench.faults.judge import called_twice, lost_visit, not_on_record, put_right
from tests.bench.faults.people import Citizens, Visit
from tests.bench.faults.shift import DESKS, shift
from tests.bench.faults.traffic import report
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.open_files import Lull, grown, lull
from tests.bench.progress import tell
from tests.bench.sessions import sign_in
from tests.bench.surveys import Owing, script

SECONDS = 3600
CALLS_A_SECOND = 2
OWN_EVERY = 10
"""Of this number of calls one is placed by the hotline itself."""
LOOKS = 120
LEAST_BETWEEN = 2.0
LULLS = 15
LEAST_TRAFFIC = 25.0
"""Seconds in which people call between two lulls, which take some twenty each."""
WARM_LULLS = 2
"""Before them connections are opened that are kept."""
PAGES = ("/city", "/todo", "/calls", "/operation", "/health/ready")
PAGE_EVERY = 1.0
JUDGED_FROM = 1800
"""A shorter run shows what warms up, and is held to no slope of memory."""
HOUR = 3600
LIMITS = {
    **dict.fromkeys(("lost", "doubled", "stranded", "pages_failed"), Limit(most=0)),
    "rows_a_call_ratio": Limit(most=1.2),
}
OF_LONG_RUNS = {
    "service_mb_an_hour": Limit(most=10),
    "service_descriptors_per_1000": Limit(most=1),
    "asterisk_descriptors_per_1000": Limit(most=1),
    "first_prompt_ratio": Limit(most=1.2),
    "page_ratio": Limit(most=1.2),
}


@dataclass(slots=True, kw_only=True)
class _Look:
    """What was there at one moment, in seconds since the beginning."""

    at: float
    calls: int
    service_mb: float
    asterisk_mb: float
    rows: int


@dataclass(slots=True)
class _Record:
    """All looks, and how long pages took, each with its moment."""

    looks: list[_Look] = field(default_factory=list)
    lulls: list[Lull] = field(default_factory=list)
    pages: list[tuple[float, float]] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


async def bench_soak(
    hotline: BenchHotline, *, seconds: int | None, calls: int | None, a_second: float | None = None
) -> Measured:
    """Have people call for these seconds, or for as long as the calls take at this rate without a lull."""
    rate = a_second or CALLS_A_SECOND
    lasting = seconds or (round(calls / rate) if calls else SECONDS)
    hits, record = Hits(hotline=hotline), _Record()
    citizens = Citizens(hotline, DESKS, lambda: hits.asterisk_killed_at)
    trunk = hotline.settings.trunk
    began = time.monotonic()
    async with (
        shift(hotline, lambda: hits.asterisk_killed_at) as at_work,
        answering(script, host=trunk.host, port=trunk.port, others=citizens.called) as callees,
    ):
        beside = [
            asyncio.create_task(_look(hotline, citizens, record, began, lasting)),
            asyncio.create_task(_read_pages(hotline, record, began)),
        ]
        await _traffic(hotline, citizens, record, lasting, rate)
        for task in beside:
            task.cancel()
        for done in await asyncio.gather(*beside, return_exceptions=True):
            if isinstance(done, Exception):
                raise done
        stranded = await put_right(hotline, callees, hits)
        rung = [f"{ring}" for one in at_work.desks for ring in one.rung_in_talk]
        doubled = [*rung, *called_twice(callees, hits)]
    lost = [*await not_on_record(hotline), *(str(one) for one in citizens.visits if lost_visit(one))]
    for title, found in (
        ("lost", lost),
        ("doubled", doubled),
        ("stranded", stranded),
        ("page", record.failed),
    ):
        for one in found[:20]:
            tell(f"{title}: {one}")
    return Measured(
        name="soak",
        figures={
            "seconds": lasting,
            "calls": len(citizens.visits) + len(callees.rung),
            "served_whole": sum(one.done for one in citizens.visits),
            "lost": len(lost),
            "doubled": len(doubled),
            "stranded": len(stranded),
            "pages": len(record.pages),
            "pages_failed": len(record.failed),
            **_grown(record.looks),
            **_left_open(record.lulls),
            **await _latencies(hotline, record.pages, lasting),
        },
        limits=LIMITS | (OF_LONG_RUNS if lasting >= JUDGED_FROM else {}),
    )


async def _traffic(
    hotline: BenchHotline, citizens: Citizens, record: _Record, seconds: int, a_second: float
) -> None:
    """Have people call, and let all calls end now and then, until the time is over."""
    owing, loop = Owing(hotline), asyncio.get_running_loop()
    most, done, part = round(seconds * a_second), 0, max(LEAST_TRAFFIC, seconds / LULLS)
    await owing.register([f"+38067{at:07}" for at in range(most // OWN_EVERY + 1)])
    tell(f"{a_second:g} calls a second for {seconds} s, lulls included")
    over = loop.time() + seconds
    while loop.time() < over:
        first, began = done, loop.time()
        async with asyncio.TaskGroup() as tasks:
            while loop.time() < began + part and done < most:
                if done % OWN_EVERY:
                    tasks.create_task(_call(citizens, f"+38050{done:07}"))
                else:
                    tasks.create_task(report(owing))
                done += 1
                await asyncio.sleep(max(0, began + (done - first) / a_second - loop.time()))
        programs = {"service": hotline.service.pid, "asterisk": hotline.asterisk.pid}
        record.lulls.append(await lull(done, programs, lambda: hotline.left("channels")))


async def _call(citizens: Citizens, number: str) -> None:
    """Call once; of who got all that they wanted the sound is forgotten, or we would grow ourselves."""
    await citizens.call(number)
    for visit in reversed(citizens.visits):
        if visit.number == number:
            _forget(visit)
            return


def _forget(visit: Visit) -> None:
    if visit.done:
        visit.call = None


async def _look(
    hotline: BenchHotline, citizens: Citizens, record: _Record, began: float, lasting: int
) -> None:
    """Look at everything that may grow, until cancelled."""
    every = max(LEAST_BETWEEN, lasting / LOOKS)
    while True:
        service, asterisk = hotline.service.pid, hotline.asterisk.pid
        look = _Look(
            at=time.monotonic() - began,
            calls=len(citizens.visits),
            service_mb=process.resident_mb(service),
            asterisk_mb=process.resident_mb(asterisk),
            rows=await _rows(hotline),
        )
        record.looks.append(look)
        await asyncio.sleep(every)


async def _rows(hotline: BenchHotline) -> int:
    """Count the rows of all tables."""
    counts = [select(func.count()).select_from(one).scalar_subquery() for one in metadata.sorted_tables]
    found = 0
    async with hotline.storage.database.reading() as connection:
        for part in range(0, len(counts), 50):
            row = (await connection.execute(select(*counts[part : part + 50]))).one()
            found += sum(row)
    return found


async def _read_pages(hotline: BenchHotline, record: _Record, began: float) -> None:
    """Open one page after the other, a second apart, until cancelled."""
    token = await sign_in(hotline, Role.HEAD)
    async with aiohttp.ClientSession(headers={"Cookie": f"hotline={token}"}) as session:
        while True:
            for address in PAGES:
                asked = time.monotonic()
                try:
                    async with session.get(hotline.origin + address, allow_redirects=False) as answer:
                        await answer.read()
                        if answer.status != 200:  # noqa: PLR2004 - HTTP's own
                            record.failed.append(f"{answer.status} {address}")
                except (aiohttp.ClientError, TimeoutError) as error:
                    record.failed.append(f"{error!r} {address}")
                record.pages.append((asked - began, (time.monotonic() - asked) * 1000))
                await asyncio.sleep(PAGE_EVERY)


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Give by how much the second of the pair grows while the first grows by one (least squares)."""
    middle = sum(x for x, _ in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * y for x, y in points) / spread if spread else 0.0


def _grown(looks: Sequence[_Look]) -> Mapping[str, float]:
    half = len(looks) // 2
    late = looks[half:]
    first, last = (_rows_a_call(part) for part in (looks[: half + 1], late))
    return {
        "service_mb": round(looks[-1].service_mb, 1),
        "service_mb_an_hour": round(slope([(one.at / HOUR, one.service_mb) for one in late]), 1),
        "asterisk_mb_an_hour": round(slope([(one.at / HOUR, one.asterisk_mb) for one in late]), 1),
        "rows": looks[-1].rows,
        "rows_a_call": round(last, 1),
        "rows_a_call_ratio": round(last / first, 2) if first else 1.0,
    }


def _left_open(lulls: Sequence[Lull]) -> Mapping[str, float]:
    later = lulls[WARM_LULLS:] or lulls
    return {"lulls": len(lulls), **grown(later, "service"), **grown(later, "asterisk")}


def _rows_a_call(looks: Sequence[_Look]) -> float:
    return slope([(one.calls, one.rows) for one in looks])


async def _latencies(
    hotline: BenchHotline, pages: Sequence[tuple[float, float]], lasting: int
) -> Mapping[str, float]:
    """Give the medians of the second half, and how many times those of the first they are."""
    records = await hotline.storage.calls.recent(1_000_000)
    called = [
        (one.arrived_at, one.first_prompt_at)
        for one in records
        if one.first_prompt_at is not None and not one.id.startswith("out-")
    ]
    by_half: defaultdict[str, list[float]] = defaultdict(list)
    middle = len(called) // 2
    for place, (came, first) in enumerate(reversed(called)):
        by_half["late" if place >= middle else "early"].append((first - came).total_seconds() * 1000)
    for at, ms in pages:
        by_half["late-page" if at >= lasting / 2 else "early-page"].append(ms)
    found = {name: percentile(ms, 0.5) for name, ms in by_half.items()}
    return {
        "first_prompt_p50_ms": round(found["late"], 1),
        "first_prompt_p99_ms": round(percentile(by_half["late"], 0.99), 1),
        "first_prompt_ratio": round(found["late"] / max(found["early"], 0.1), 2),
        "page_p50_ms": round(found["late-page"], 1),
        "page_p99_ms": round(percentile(by_half["late-page"], 0.99), 1),
        "page_ratio": round(found["late-page"] / found["early-page"], 2),
    }
