"""`hotline bench pages`: the service's memory while two people open all its pages, again and again.

A head and a dispatcher follow every link that they see: lists, cards, exports, papers. Of each kind of page
(its address without numbers) a few are opened in a round; then the next round begins with others of them.
"""

import asyncio
import re
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

import aiohttp

from hotline.access.permissions import Role
from hotline.city.addresses import demo_streets
from tests.bench import process
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.open_desks import sign_in as sign_in_at_desk
from tests.bench.progress import tell
from tests.bench.sessions import sign_in

SECONDS = 600
MOST_MB = 220
A_KIND_A_ROUND = 3
"""The pages of one kind that are opened in a round."""
BEGINNINGS = ("/", "/desk", "/appeals", "/calls", "/search/found?q=вода", "/search/found?q=Іван", "/outages")
LAST_OF_LOG = 4000
_LINK = re.compile(r'(?:href|src|hx-get|data-get)="(/[^"#]*)')
_NUMBER = re.compile(r"\d+|[0-9a-f-]{16,}|(?<==)[^&]+")
_NOT_PAGES = re.compile(r"^/(static|desk/events|sip|api/v1/events)")
_SERVER_ERROR = 500


@dataclass(slots=True)
class _Visitor:
    """One person who follows links. `opened` are the pages of each kind in all rounds."""

    base: str
    client: aiohttp.ClientSession
    opened: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)

    async def rounds(self, until: float) -> int:
        """Go round after round until this moment of the loop's clock; give the number of whole ones."""
        loop, whole = asyncio.get_running_loop(), 0
        while loop.time() < until:
            whole += await self._round(until)
        return whole

    async def _round(self, until: float) -> bool:
        waiting, now, found = deque(BEGINNINGS), Counter[str](), set(BEGINNINGS)
        while waiting:
            if asyncio.get_running_loop().time() >= until:
                return False
            address = waiting.popleft()
            kind = _NUMBER.sub("N", address)
            if now[kind] >= A_KIND_A_ROUND:
                continue
            now[kind] += 1
            for link in await self._open(address, kind):
                if link not in found:
                    found.add(link)
                    # pages that were never opened go first, so that each round sees others
                    (waiting.append if link in self._seen else waiting.appendleft)(link)
        return True

    async def _open(self, address: str, kind: str) -> list[str]:
        began = time.perf_counter()
        try:
            async with self.client.get(self.base + address, allow_redirects=True) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            self.failed.append(f"{error!r} {address}")
            return []
        self.ms.append((time.perf_counter() - began) * 1000)
        self.opened[kind] += 1
        self._seen.add(address)
        if answer.status >= _SERVER_ERROR:
            self.failed.append(f"{answer.status} {address}")
        if answer.content_type != "text/html":
            return []
        return _links(address, body.decode(errors="replace"))


def _links(address: str, page: str) -> list[str]:
    links = [urljoin(address, unescape(link)) for link in _LINK.findall(page)]
    return [link for link in links if not urlsplit(link).netloc and not _NOT_PAGES.match(link)]


async def bench_pages(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:  # noqa: ARG001 - benches are called alike
    """Open pages for these seconds, two at a time."""
    await hotline.storage.streets.add(demo_streets())
    pid = hotline.service.pid
    idle_mb = process.resident_mb(pid)
    lasting = seconds or SECONDS
    tell(f"a head and a dispatcher open pages for {lasting} s")
    visitors = []
    async with asyncio.TaskGroup() as tasks:
        for token in (await sign_in(hotline, Role.HEAD), (await sign_in_at_desk(hotline, 1)).token):
            client = aiohttp.ClientSession(headers={"Cookie": f"hotline={token}"})
            visitors.append(_Visitor(hotline.origin, client))
        until = asyncio.get_running_loop().time() + lasting
        going = [tasks.create_task(visitor.rounds(until)) for visitor in visitors]
        halfway = await _after(lasting / 2, pid)
    for visitor in visitors:
        await visitor.client.close()
        for failure in visitor.failed[:10]:
            tell(failure)
    if any(visitor.failed for visitor in visitors):
        tell((hotline.settings.folders.var / "service.log").read_text(encoding="utf-8")[-LAST_OF_LOG:])
    ms = [one for visitor in visitors for one in visitor.ms]
    return Measured(
        name="pages",
        figures={
            "failed": sum(len(visitor.failed) for visitor in visitors),
            "pages": len(ms),
            "kinds_of_page": len(set().union(*(visitor.opened for visitor in visitors))),
            "whole_rounds": sum(one.result() for one in going),
            "p50_ms": round(percentile(ms, 0.5), 1),
            "service_idle_mb": round(idle_mb, 1),
            "service_halfway_mb": round(halfway, 1),
            "service_mb": round(process.resident_mb(pid), 1),
            "service_peak_mb": round(process.peak_resident_mb(pid), 1),
        },
        limits={"failed": Limit(most=0), "service_mb": Limit(most=MOST_MB)},
    )


async def _after(seconds: float, pid: int) -> float:
    await asyncio.sleep(seconds)
    return process.resident_mb(pid)
