"""`hotline bench search`: how soon the desk's box answers, over HTTP, in a city of full size."""

import time
from collections import defaultdict
from itertools import islice

import aiohttp

from hotline.city.addresses import demo_streets
from tests.bench import process
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell
from tests.bench.searches import KINDS, searches
from tests.bench.sessions import sign_in

SEARCHES = 1500
SEARCHES_A_SECOND = 50
WARM_UP = 60
MOST_MS = 50
_OK = 200


async def bench_search(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Search one after the other, as a dispatcher does; `calls` are searches."""
    wanted = calls or (SEARCHES_A_SECOND * seconds if seconds else SEARCHES)
    await hotline.storage.streets.add(demo_streets())
    headers = {"Cookie": f"hotline={await sign_in(hotline)}"}
    taken: dict[str, list[float]] = defaultdict(list)
    failed, spent = 0, 0.0
    async with aiohttp.ClientSession(headers=headers) as client:
        tell(f"{wanted} searches over HTTP, after {WARM_UP} that are not counted")
        for number, (kind, text) in enumerate(islice(searches(hotline.city), WARM_UP + wanted)):
            began = time.perf_counter()
            answered = await _search(hotline, client, text)
            if number == WARM_UP - 1:
                spent = process.cpu_ms(hotline.service.pid)
            if number >= WARM_UP:
                taken[kind].append((time.perf_counter() - began) * 1000)
                failed += not answered
    spent = process.cpu_ms(hotline.service.pid) - spent
    return _measured(hotline, taken, failed, spent)


async def _search(hotline: BenchHotline, client: aiohttp.ClientSession, text: str) -> bool:
    url = f"{hotline.origin}/search/found"
    async with client.get(url, params={"q": text, "desk": "1"}, allow_redirects=False) as answer:
        await answer.read()
        return answer.status == _OK


def _measured(hotline: BenchHotline, taken: dict[str, list[float]], failed: int, spent: float) -> Measured:
    everything = [one for kind in taken.values() for one in kind]
    return Measured(
        name="search",
        figures={
            "failed": failed,
            "searches": len(everything),
            "p50_ms": round(percentile(everything, 0.5), 1),
            "p99_ms": round(percentile(everything, 0.99), 1),
            **{f"{kind}_p99_ms": round(percentile(taken[kind], 0.99), 1) for kind in KINDS},
            "longest_ms": round(max(everything, default=0), 1),
            "service_cpu_ms_per_search": round(spent / len(everything), 2) if everything else 0,
            "service_mb": round(process.resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "p99_ms": Limit(most=MOST_MS),
            **{f"{kind}_p99_ms": Limit(most=MOST_MS) for kind in KINDS},
        },
    )
