"""`hotline bench reports`: the month's paper and every report of the builder in a year of a city.

Calls come in meanwhile, as they did before without reports: how soon each hears its first prompt is compared.
"""

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import aiohttp

from hotline.access.permissions import Role
from hotline.clock import SystemClock
from hotline.reports.measures import DIMENSIONS, MEASURES
from hotline.reports.papers import PaperKind
from tests.bench.city_now import bring_up_to_now, settled
from tests.bench.hotline import BenchHotline
from tests.bench.inbound import call_in
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell
from tests.bench.sessions import sign_in

CALLS = 40
MOST_MS = 1000
MOST_RATIO = 1.2
PAPERS = 10
SHOWN = 5
MADE_SECONDS = 180.0
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked for: milliseconds with the address, and how many answers were none."""

    taken: Sequence[tuple[float, str]]
    failed: int
    ended: datetime


async def bench_reports(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Ask for each measure by each dimension over as many days as may be; `calls` come in beside them."""
    await bring_up_to_now(hotline)
    await settled(hotline)
    month = await _month(hotline)
    many = calls or CALLS
    tell(f"{many} calls alone")
    alone = await call_in(hotline, many)
    cookie = {"Cookie": f"hotline={await sign_in(hotline, Role.HEAD)}"}
    paths = [month] * PAPERS + [
        f"/reports/build?measure={one.name}&by={by.value}&period=year"
        for one in MEASURES.values()
        for by in DIMENSIONS[one.rows]
    ]
    async with aiohttp.ClientSession(headers=cookie) as client, asyncio.TaskGroup() as both:
        tell(f"{len(paths)} reports, calls beside them")
        asking = both.create_task(_ask(hotline, client, paths, seconds))
        beside = await call_in(hotline, many, until=asking, ended=lambda: asking.result().ended)
    asked = asking.result()
    for ms, path in sorted(asked.taken, reverse=True)[:SHOWN]:
        tell(f"{ms:8.0f} ms  {path}")
    every = [ms for ms, _ in asked.taken]
    papers = [ms for ms, path in asked.taken if path == month]
    return Measured(
        name="reports",
        figures={
            "failed": asked.failed,
            "inbound_failed": alone.failed + beside.failed,
            "reports": len(every),
            "p50_ms": round(percentile(every, 0.5), 1),
            "p99_ms": round(percentile(every, 0.99), 1),
            "slowest_ms": round(max(every), 1),
            "month_p99_ms": round(percentile(papers, 0.99), 1),
            "inbound_first_prompt_ratio": round(percentile(beside.ms, 0.5) / percentile(alone.ms, 0.5), 2),
            "inbound_alone_p50_ms": round(percentile(alone.ms, 0.5), 1),
            "inbound_beside_p50_ms": round(percentile(beside.ms, 0.5), 1),
            "inbound_alone_p95_ms": round(percentile(alone.ms, 0.95), 1),
            "inbound_beside_p95_ms": round(percentile(beside.ms, 0.95), 1),
        },
        limits={
            "failed": Limit(most=0),
            "inbound_failed": Limit(most=0),
            "p99_ms": Limit(most=MOST_MS),
            "month_p99_ms": Limit(most=MOST_MS),
            "inbound_first_prompt_ratio": Limit(most=MOST_RATIO),
        },
    )


async def _month(hotline: BenchHotline) -> str:
    """Wait until the service has made its papers by itself; give the address of the month's."""
    tell("waiting until the service has made its papers")
    began = time.monotonic()
    async with asyncio.timeout(MADE_SECONDS):
        while await hotline.storage.papers.latest(PaperKind.QUARTER) is None:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.5)
    tell(f"made after {time.monotonic() - began:.1f} s")
    paper = await hotline.storage.papers.latest(PaperKind.MONTH)
    assert paper  # noqa: S101 - it is made before that of the quarter
    return f"/reports/papers/{paper.id}"


async def _ask(
    hotline: BenchHotline, client: aiohttp.ClientSession, paths: Sequence[str], seconds: int | None
) -> _Asked:
    """Open the pages one after the other, for `seconds` at most."""
    taken, failed, until = [], 0, time.monotonic() + (seconds or 3600)
    for path in paths:
        began = time.perf_counter()
        async with client.get(hotline.origin + path) as answer:
            await answer.read()
            failed += answer.status != _OK
        taken.append(((time.perf_counter() - began) * 1000, path))
        if time.monotonic() > until:
            break
    return _Asked(taken=taken, failed=failed, ended=SystemClock().now())
