"""`hotline bench outage-page`: how many can read the public page of outages at once, beside calls as well."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from urllib.parse import quote

from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.clock import SystemClock
from hotline.outages.outage import By, NewOutage, OutageKind
from tests.bench import account, process
from tests.bench.city_words import STREETS
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured
from tests.bench.progress import tell
from tests.bench.readers import AT_ONCE, Read, read

CURRENT, PLANNED = 50, 100
ADDRESSES = 300
"""Different ones that are asked for; a town of 25,000 has hardly more houses."""
SECONDS = 10
CALLS_A_SECOND = 3
STAY_MS = 3000
LEAST_PER_SECOND = 2000
MOST_MS = 50
_SEED = 1580
_HOUSES = 30


async def bench_outage_page(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Read the page, addresses and JSON one after the other; then the page while citizens call."""
    lasting = seconds or SECONDS
    await hotline.storage.streets.add(demo_streets())
    for new in _outages(SystemClock().now()):
        await hotline.storage.outages.enter(new, By())
    tell(f"{CURRENT} outages, {PLANNED} planned; {AT_ONCE} readers at once, {lasting} s each")
    figures: dict[str, float] = {}
    failed = 0
    before = process.cpu_ms(hotline.service.pid)
    read_alone = {name: await _read(hotline, paths, lasting) for name, paths in _readings().items()}
    spent = process.cpu_ms(hotline.service.pid) - before
    for name, one in read_alone.items():
        figures |= _figures(name, one)
        failed += one.failed
    figures["cpu_ms_per_request"] = round(spent / sum(one.requests for one in read_alone.values()), 3)
    tell(f"the page again, beside {CALLS_A_SECOND} calls a second")
    beside, first_prompt, lost = await _beside_calls(hotline, lasting, calls)
    figures |= _figures("beside_calls_", beside) | {"first_prompt_p99_ms": first_prompt, "calls_failed": lost}
    measured = {"failed": failed + beside.failed, **figures}
    measured["service_mb"] = round(process.peak_resident_mb(hotline.service.pid), 1)
    return Measured(name="outage-page", figures=measured, limits=_limits())


def _limits() -> Mapping[str, Limit]:
    limits = {"failed": Limit(most=0), "calls_failed": Limit(most=0)}
    for name in _readings():
        limits[f"{name}requests_per_second"] = Limit(least=LEAST_PER_SECOND)
        limits[f"{name}p99_ms"] = Limit(most=MOST_MS)
    return limits


def _figures(name: str, one: Read) -> dict[str, float]:
    return {
        f"{name}requests_per_second": one.per_second,
        f"{name}p50_ms": round(one.p50_ms, 1),
        f"{name}p99_ms": round(one.p99_ms, 1),
    }


def _readings() -> Mapping[str, Sequence[str]]:
    """The name's beginning of each figure, and what is read."""
    chance = Random(_SEED)  # noqa: S311 - the same addresses every time
    houses = [f"{street}, {house}" for street in STREETS for house in range(1, _HOUSES)]
    asked = chance.sample(houses, ADDRESSES)
    return {
        "": ["/outages"],
        "address_": [f"/outages?address={quote(one)}" for one in asked],
        "json_": ["/outages.json"],
    }


async def _read(hotline: BenchHotline, paths: Sequence[str], seconds: int) -> Read:
    return await read(hotline.origin, paths, seconds=seconds, folder=hotline.settings.folders.var)


async def _beside_calls(hotline: BenchHotline, seconds: int, calls: int | None) -> tuple[Read, float, int]:
    """Read while citizens listen to the greeting; the readers, how soon the hotline spoke, lost calls."""
    load = Load(
        scenario="listening",
        number=hotline.settings.number,
        calls=calls or CALLS_A_SECOND * seconds,
        a_second=CALLS_A_SECOND,
        stay_ms=STAY_MS,
    )
    placed = asyncio.create_task(place(load, hotline.settings.sip_port, hotline.settings.folders.var))
    beside = await _read(hotline, _readings()[""], seconds)
    lost = await placed
    served = await account.served_calls(hotline)
    whole = [call for call in served if call.whole]
    return (
        beside,
        account.p99([call.first_prompt_ms for call in served]),
        max(lost, load.calls - len(whole)),
    )


def _outages(now: datetime) -> Iterator[NewOutage]:
    """Of all kinds, on all streets; works that are planned in the next two weeks."""
    for number in range(CURRENT + PLANNED):
        planned = number >= CURRENT
        first = number % _HOUSES + 1
        hours = timedelta(hours=3 * (number - CURRENT) + 1) if planned else timedelta(minutes=-10 * number)
        yield NewOutage(
            utility=tuple(Utility)[number % len(Utility)],
            kind=OutageKind.PLANNED if planned else tuple(OutageKind)[1 + number % 3],
            starts_at=now + hours,
            expected_end=now + hours + timedelta(hours=8),
            areas=(
                Area(street=STREETS[number % len(STREETS)], first=first, last=first + 8),
                Area(street=STREETS[(number + 7) % len(STREETS)]),
            ),
            reason="Заміна засувки й ремонт тепломережі",
        )
