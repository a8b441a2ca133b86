"""`hotline bench portal`: how many reports of residents a minute are taken, and what the desk feels of it.

Each report is a form from a network of its own, one in ten with a photo. Meanwhile a dispatcher's page is
opened again and again, as it is before, and citizens call.
"""

import asyncio
import io
import re
import secrets
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from random import Random

import aiohttp
from PIL import Image

from hotline.city.addresses import demo_streets
from hotline.portal.report import MOST_IN_ALL
from tests.bench import account, process
from tests.bench.city_words import STREETS
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured, NothingMeasured, percentile
from tests.bench.open_desks import sign_in
from tests.bench.progress import tell

SECONDS = 60
A_MINUTE = 600
"""Reports that are sent; no more than MOST_IN_ALL in an hour are taken from strangers."""
LEAST_A_MINUTE = 500
WITH_PHOTO = 10
CALLS_A_SECOND = 1
STAY_MS = 3000
BETWEEN_LOOKS = 0.25
MOST_TIMES = 3.0
"""The page of the desk may take this many times what it takes alone, or MOST_MS if that is more."""
MOST_MS = 300
READY_WAIT = 3.5
"""Nobody fills a form in faster: the hotline takes none before."""
_HOUSES = 40
_SEED = 1580
_SHOWN = re.compile(r'name="shown" value="([^"]+)"')
_CATEGORY = re.compile(r'<option value="([a-z0-9-]+)"')


@dataclass(kw_only=True, slots=True)
class _Residents:
    """People who send forms of one moment, and the answers that they got so far."""

    session: aiohttp.ClientSession
    origin: str
    shown: str
    categories: Sequence[str]
    statuses: Counter[int] = field(default_factory=Counter)
    ms: list[float] = field(default_factory=list)

    async def send_all(self, count: int, seconds: int) -> None:
        """Send forms evenly, each when its moment comes, whether the one before is answered or not."""
        chance, picture, loop = Random(_SEED), _picture(), asyncio.get_running_loop()  # noqa: S311 - always the same
        began = loop.time()
        async with asyncio.TaskGroup() as tasks:
            for number in range(count):
                await asyncio.sleep(max(0.0, began + number * seconds / count - loop.time()))
                form = aiohttp.FormData(
                    {
                        "category": self.categories[number % len(self.categories)],
                        "address": f"{STREETS[number % len(STREETS)]}, {chance.randint(1, _HOUSES)}",
                        "text": "Не працює з самого ранку, вхід з двору",
                        "key": secrets.token_urlsafe(16),
                        "shown": self.shown,
                    }
                )
                if number % WITH_PHOTO == 0:
                    form.add_field("file", picture, filename="photo.jpg", content_type="image/jpeg")
                tasks.create_task(self._send(form, f"203.{number // 250}.{number % 250}.7"))

    async def _send(self, form: aiohttp.FormData, address: str) -> None:
        headers = {"Origin": self.origin, "X-Forwarded-For": address, "Accept": "application/json"}
        began = time.perf_counter()
        async with self.session.post(f"{self.origin}/report", data=form, headers=headers) as answer:
            await answer.read()
        self.ms.append((time.perf_counter() - began) * 1000)
        self.statuses[answer.status] += 1


async def bench_portal(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Look at the desk alone, then send the reports beside it and beside calls."""
    lasting = seconds or SECONDS
    await hotline.storage.streets.add(demo_streets())
    desk = await sign_in(hotline, 1)
    async with aiohttp.ClientSession() as session, aiohttp.ClientSession() as staff:
        staff.headers["Cookie"] = f"hotline={desk.token}"
        async with asyncio.timeout(lasting * 10 + 120):
            tell("the desk alone")
            alone = await _looked(staff, hotline.origin, asyncio.create_task(asyncio.sleep(10)))
            people = await _residents(session, hotline.origin)
            await asyncio.sleep(READY_WAIT)
            count = min(A_MINUTE * lasting // 60, MOST_IN_ALL)
            tell(f"{count} reports in {lasting} s, one in {WITH_PHOTO} with a photo, and calls")
            load = Load(
                scenario="listening",
                number=hotline.settings.number,
                calls=calls or CALLS_A_SECOND * lasting,
                a_second=CALLS_A_SECOND,
                stay_ms=STAY_MS,
            )
            placed = asyncio.create_task(place(load, hotline.settings.sip_port, hotline.settings.folders.var))
            before, began = process.cpu_ms(hotline.service.pid), time.perf_counter()
            sending = asyncio.create_task(people.send_all(count, lasting))
            beside = await _looked(staff, hotline.origin, sending)
            took = time.perf_counter() - began
            spent = process.cpu_ms(hotline.service.pid) - before
            lost = await placed
    served = await account.served_calls(hotline)
    accepted = people.statuses[201]
    desk_alone, desk_beside = percentile(alone, 0.99), percentile(beside, 0.99)
    return Measured(
        name="portal",
        figures={
            "failed": count - accepted,
            "accepted_a_minute": round(accepted / took * 60, 1),
            "p50_ms": round(percentile(people.ms, 0.5), 1),
            "p99_ms": round(percentile(people.ms, 0.99), 1),
            "desk_p99_alone_ms": round(desk_alone, 1),
            "desk_p99_ms": round(desk_beside, 1),
            "first_prompt_p99_ms": account.p99([call.first_prompt_ms for call in served]),
            "calls_failed": max(lost, load.calls - len([call for call in served if call.whole])),
            "cpu_ms_per_report": round(spent / max(accepted, 1), 1),
            "service_mb": round(process.peak_resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "accepted_a_minute": Limit(least=LEAST_A_MINUTE),
            "calls_failed": Limit(most=0),
            "desk_p99_ms": Limit(most=max(MOST_MS, desk_alone * MOST_TIMES)),
        },
    )


async def _residents(session: aiohttp.ClientSession, origin: str) -> _Residents:
    """Open a form: it has the moment at which it was shown, signed, and all categories."""
    async with session.get(f"{origin}/report/offline") as answer:
        text = await answer.text()
    found = _SHOWN.search(text)
    if found is None:
        raise NothingMeasured("The form has no signed moment.")
    return _Residents(
        session=session, origin=origin, shown=unescape(found[1]), categories=_CATEGORY.findall(text)
    )


async def _looked(session: aiohttp.ClientSession, origin: str, until: asyncio.Task[None]) -> list[float]:
    """Open the desk's page again and again until that is done; how long each took, in milliseconds."""
    ms = []
    while not until.done():
        began = time.perf_counter()
        async with session.get(f"{origin}/desk") as answer:
            await answer.read()
            answer.raise_for_status()
        ms.append((time.perf_counter() - began) * 1000)
        await asyncio.sleep(BETWEEN_LOOKS)
    await until
    return ms


def _picture() -> bytes:
    """Make a photo as a telephone sends it when it is asked for a small one."""
    file = io.BytesIO()
    Image.effect_noise((1280, 960), 60).convert("RGB").save(file, "JPEG", quality=70)
    return file.getvalue()
