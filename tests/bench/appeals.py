"""`hotline bench appeals`: how soon lists and cards answer, over HTTP, in a generated year of a city."""

import time
from collections import defaultdict
from itertools import islice

import aiohttp

from hotline.access.permissions import Role
from hotline.city.addresses import demo_streets
from tests.bench import process
from tests.bench.city_now import settled
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell
from tests.bench.sessions import sign_in
from tests.bench.year import Year
from tests.bench.year_asks import KINDS, asks

PAGES = 1400
PAGES_A_SECOND = 20
WARM_UP = 70
MOST_MS = 100
_OK = 200


async def bench_appeals(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Open pages one after the other; `calls` are pages."""
    wanted = calls or (PAGES_A_SECOND * seconds if seconds else PAGES)
    await hotline.storage.streets.add(demo_streets())
    try:
        await settled(hotline)
    except TimeoutError:
        tell("it still tells of terms that are over: the pages are opened beside that")
    year = Year(appeals=hotline.city.year, citizens=hotline.city.citizens)
    taken: dict[str, list[tuple[float, str]]] = defaultdict(list)
    failed = 0
    headers = {"Cookie": f"hotline={await sign_in(hotline, Role.HEAD)}"}
    async with aiohttp.ClientSession(headers=headers) as client:
        tell(f"{wanted} pages over HTTP, after {WARM_UP} that are not counted")
        for number, (kind, address) in enumerate(islice(asks(year), WARM_UP + wanted)):
            began = time.perf_counter()
            answered = await _open(hotline, client, address)
            if number >= WARM_UP:
                taken[kind].append(((time.perf_counter() - began) * 1000, address))
                failed += not answered
    for ms, address in sorted((one for kind in taken.values() for one in kind), reverse=True)[:10]:
        tell(f"{ms:8.1f} ms  {address}")
    return _measured(hotline, {kind: [ms for ms, _ in some] for kind, some in taken.items()}, failed)


async def _open(hotline: BenchHotline, client: aiohttp.ClientSession, address: str) -> bool:
    async with client.get(hotline.origin + address, allow_redirects=False) as answer:
        await answer.read()
        return answer.status == _OK


def _measured(hotline: BenchHotline, taken: dict[str, list[float]], failed: int) -> Measured:
    everything = [ms for some in taken.values() for ms in some]
    return Measured(
        name="appeals",
        figures={
            "failed": failed,
            "pages": len(everything),
            "p50_ms": round(percentile(everything, 0.5), 1),
            "p99_ms": round(percentile(everything, 0.99), 1),
            **{f"{kind}_p99_ms": round(percentile(taken[kind], 0.99), 1) for kind in KINDS if kind in taken},
            "longest_ms": round(max(everything, default=0), 1),
            "service_mb": round(process.resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "p99_ms": Limit(most=MOST_MS),
            "text_and_filter_p99_ms": Limit(most=MOST_MS),
        },
    )
