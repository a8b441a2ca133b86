"""`hotline bench city`: the city's page in a generated year, and how soon a wallboard shows a call.

The year ends with the moment of the run: its last days are put in anew. A wallboard does what the page's
script does: it hears the stream of changes and fetches the part that has changed.
"""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

import aiohttp
from sqlalchemy import bindparam, func, insert, select, update

from hotline.access.permissions import Role
from hotline.appeals.appeal import PENDING
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.city.geojson import demo_map
from hotline.clock import SystemClock
from hotline.outages.outage import By, NewOutage, OutageKind
from storage.tables import Moment, appeal_history, appeals, calls
from telephony.phone.phone import Phone
from tests.bench import process, year
from tests.bench.hotline import BenchHotline
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.open_desks import Desk
from tests.bench.open_desks import sign_in as sign_in_at_desk
from tests.bench.progress import tell
from tests.bench.sessions import sign_in
from tests.bench.year import Year
from tests.bench.year_calls import calls_of_days

PAGES = 600
PAGES_A_SECOND = 20
WARM_UP = 30
CALLS = 20
LATE_DAYS = 31
OUTAGES = 20
MOST_MS = 100
MOST_UPDATE_MS = 1000
SHOWN_SECONDS = 15.0
LATER = timedelta(days=9)
QUIET_SECONDS = 8.0
SETTLED_SECONDS = 600.0
PARTS = ("/city", "/city?wallboard", "/city/rest", "/city/line")
_OK = 200
_TALKING = re.compile(r"<dt>розмовляють</dt><dd>(?:<a [^>]*>)?(\d+)")


_IN_TIME = (
    update(appeals)
    .where(
        appeals.c.state.in_(sorted(state.value for state in PENDING)),
        appeals.c.due_at < bindparam("now", type_=Moment),
        appeals.c.number.not_like("%07"),
    )
    .values(due_at=bindparam("later", type_=Moment))
)
"""All but one of a hundred: whom the service tells of what is overdue is measured elsewhere."""


class Wallboard:
    """The page on the wall: how many talk, as it shows it now."""

    def __init__(self) -> None:
        self.talking = 0
        self._news = asyncio.Condition()

    async def watch(self, client: aiohttp.ClientSession, origin: str) -> None:
        """Hear the stream for ever, and fetch the line whenever it has changed."""
        async with client.get(f"{origin}/city/changes", timeout=aiohttp.ClientTimeout(total=None)) as stream:
            async for line in stream.content:
                if line.strip() == b"event: line":
                    await self._fetch(client, origin)

    async def until(self, talking: int) -> float:
        """Wait until it shows this number; give the milliseconds that it took. Raises TimeoutError."""
        began = time.perf_counter()
        async with asyncio.timeout(SHOWN_SECONDS), self._news:
            await self._news.wait_for(lambda: self.talking == talking)
        return (time.perf_counter() - began) * 1000

    async def _fetch(self, client: aiohttp.ClientSession, origin: str) -> None:
        async with client.get(f"{origin}/city/line?wallboard") as answer:
            found = _TALKING.search(await answer.text())
        async with self._news:
            self.talking = int(found[1]) if found else -1
            self._news.notify_all()


async def bench_city(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Open the page one after the other, then watch calls on the wallboard; `calls` are those calls."""
    wanted = PAGES_A_SECOND * seconds if seconds else PAGES
    await bring_up_to_now(hotline)
    await settled(hotline)
    headers = {"Cookie": f"hotline={await sign_in(hotline, Role.HEAD)}"}
    async with aiohttp.ClientSession(headers=headers) as client:
        before = process.cpu_ms(hotline.service.pid)
        taken, failed = await _pages(hotline, client, wanted)
        spent = process.cpu_ms(hotline.service.pid) - before
        updates, not_shown = await _updates(hotline, client, calls or CALLS)
    return Measured(
        name="city",
        figures={
            "failed": failed + not_shown,
            "pages": len(taken),
            "p50_ms": round(percentile(taken, 0.5), 1),
            "p99_ms": round(percentile(taken, 0.99), 1),
            "longest_ms": round(max(taken), 1),
            "cpu_ms_per_page": round(spent / (WARM_UP + wanted + len(PARTS)), 1),
            "updates": len(updates),
            "update_p50_ms": round(percentile(updates, 0.5), 1),
            "update_ms": round(max(updates), 1),
            "service_mb": round(process.resident_mb(hotline.service.pid), 1),
        },
        limits={
            "failed": Limit(most=0),
            "p99_ms": Limit(most=MOST_MS),
            "update_ms": Limit(most=MOST_UPDATE_MS),
        },
    )


async def _pages(
    hotline: BenchHotline, client: aiohttp.ClientSession, wanted: int
) -> tuple[Sequence[float], int]:
    """Open whole pages alone: their parts are told apart only in the log."""
    tell(f"{wanted} times /city over HTTP, after {WARM_UP} that are not counted")
    taken, failed = [], 0
    for number in range(WARM_UP + wanted):
        began = time.perf_counter()
        async with client.get(hotline.origin + PARTS[number % 2]) as answer:
            await answer.read()
            failed += answer.status != _OK
        if number >= WARM_UP:
            taken.append((time.perf_counter() - began) * 1000)
    for part in PARTS:
        began = time.perf_counter()
        async with client.get(hotline.origin + part) as answer:
            size = len(await answer.read())
        tell(f"{(time.perf_counter() - began) * 1000:8.1f} ms  {size:8} octets  {part}")
    return taken, failed


async def _updates(
    hotline: BenchHotline, client: aiohttp.ClientSession, wanted: int
) -> tuple[Sequence[float], int]:
    """Have citizens call one after the other: each talk is to be seen when it begins and when it is over."""
    tell(f"{wanted} calls, seen on the wallboard")
    desk = await sign_in_at_desk(hotline, 0)
    updates: list[float] = []
    failed = 0
    async with desk.telephone() as telephone, _wallboard(hotline, client) as board:
        for index in range(wanted):
            try:
                updates += await _call(hotline, desk, telephone, board, index)
            except TimeoutError:
                failed += 1
                tell(f"call {index + 1} was not seen")
    return updates, failed


@asynccontextmanager
async def _wallboard(hotline: BenchHotline, client: aiohttp.ClientSession) -> AsyncIterator[Wallboard]:
    board = Wallboard()
    watching = asyncio.create_task(board.watch(client, hotline.origin))
    try:
        yield board
    finally:
        watching.cancel()


async def _call(
    hotline: BenchHotline, desk: Desk, telephone: Phone, board: Wallboard, index: int
) -> Sequence[float]:
    await desk.become_ready()
    settings = hotline.settings
    async with Phone(user=f"+380459{index:06d}") as phone:
        call = await phone.call(settings.number, to=("127.0.0.1", settings.sip_port))
        await call.answered(SHOWN_SECONDS)
        await call.press("0")
        await (await telephone.next_call(SHOWN_SECONDS)).answer()
        await _talking(hotline)
        begun = await board.until(1)
        await call.hang_up()
        return begun, await board.until(0)


async def _talking(hotline: BenchHotline) -> None:
    """Wait until the database says that they talk: from then on the wallboard is late."""
    async with asyncio.timeout(SHOWN_SECONDS):
        while (await hotline.storage.line_today.now()).talking == 0:  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.01)


async def settled(hotline: BenchHotline) -> None:
    """Wait until the service has told whom it owes news of appeals that it has never seen before."""
    tell("waiting until the service has told what it owes")
    written = select(func.count()).select_from(appeal_history)
    before, quiet_since = -1, time.monotonic()
    async with asyncio.timeout(SETTLED_SECONDS):
        while time.monotonic() - quiet_since < QUIET_SECONDS:
            async with hotline.storage.database.reading() as connection:
                now: int = (await connection.execute(written)).scalar_one()
            if now != before:
                before, quiet_since = now, time.monotonic()
            await asyncio.sleep(1.0)


async def bring_up_to_now(hotline: BenchHotline) -> None:
    """Put in the last days of the year as if it ended now, a map, and outages."""
    now, storage = SystemClock().now(), hotline.storage
    await storage.streets.add(demo_streets())
    await storage.city_maps.put(demo_map(), source="demo-map.geojson", at=now)
    of = Year(appeals=hotline.city.year, citizens=hotline.city.citizens)
    late = [*_late_appeals(of, now)]
    rang = [*calls_of_days(hotline.city.year_calls, now, LATE_DAYS)]
    async with storage.database.writing() as connection:
        await connection.execute(insert(appeals), late)
        await connection.execute(_IN_TIME, {"now": now, "later": now + LATER})
        await connection.execute(insert(calls), rang)
    quarters = [one.name for one in demo_streets()]
    for index in range(OUTAGES):
        area = Area(street=quarters[index % len(quarters)], first=1, last=9 if index % 2 else None)
        kind = OutageKind.EMERGENCY if index % 5 == 0 else OutageKind.REPAIR
        new = NewOutage(utility=Utility.WATER, kind=kind, starts_at=now, areas=(area,))
        await storage.outages.enter(new, By())


def _late_appeals(of: Year, now: datetime) -> Sequence[dict[str, object]]:
    shift = now - (year.BEGAN + year.YEAR)
    moved = []
    for index, one in enumerate(year.appeals(of)):
        at = one["registered_at"]
        assert isinstance(at, datetime)  # noqa: S101 - we made it ourselves
        if year.BEGAN + year.YEAR - at > timedelta(days=LATE_DAYS):
            continue
        row = {**one, "number": f"98{index:06d}", "registration_index": f"П-{index}"}
        for name in ("registered_at", "state_since", "due_at"):
            if isinstance(was := row[name], datetime):
                row[name] = was + shift if name == "due_at" else min(was + shift, now)
        moved.append(row)
    return moved
