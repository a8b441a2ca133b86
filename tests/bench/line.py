"""`hotline bench line`: how much dearer pairing and screens are in a great line than in a small one.

It is the line of the worst day: every dispatcher talks; whenever a talk is over, the first who waits is taken
and another caller comes. Each step is timed alone, with nothing beside it. Screens are what the service
writes for the desks; their sockets are in `bench screen-pop`.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import NoReturn, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete

from cti_server.desk.live import LiveDesks
from cti_server.frame.pages import Pages
from cti_server.screens import Screen, Screens
from hotline.calls.call import CallRecord
from hotline.clock import SystemClock
from hotline.events import LineChanged
from hotline.line.presence_states import Presence
from service.wiring.desks import desk_sources
from storage.store import Storage
from storage.tables import calls, dispatchers, presence_history, queue_entries, talks
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell

LINES = ((10, 50), (100, 50), (1000, 50), (10, 500), (100, 500), (1000, 500))
"""How many wait, and how many desks are open."""
SCREENS = "screen"
STEPS = ("enter", "standing", "pair_nobody", "pair", "answer", "end", "presence", SCREENS)
ROUNDS = 200
ROUNDS_A_SECOND = 10
SCREENS_EVERY = 20
LEAST_SCREENS = 3
SHOWN_SECONDS = 60
LINE_PART = 'id="line"'
MOST_SLOPE = 1.2
KYIV = ZoneInfo("Europe/Kyiv")
Done = TypeVar("Done")


@dataclass(kw_only=True)
class _Line:
    """A line in which every dispatcher talks."""

    storage: Storage
    clock: SystemClock = field(default_factory=SystemClock)
    talking: list[tuple[str, int]] = field(default_factory=list)
    """Calls in talk with their dispatchers, the longest talk first."""
    came: "count[int]" = field(default_factory=count)
    took: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """A step → the milliseconds of each time."""

    async def timed(self, step: str, work: Awaitable[Done]) -> Done:
        began = time.perf_counter()
        done = await work
        self.took[step].append((time.perf_counter() - began) * 1000)
        return done

    async def caller(self) -> str:
        """Have another caller enter."""
        index, now = next(self.came), self.clock.now()
        call = CallRecord(id=f"line-{index}", number=f"+380459{index:06d}", shown="", arrived_at=now)
        await self.storage.calls.open(call)
        await self.timed("enter", self.storage.line.enter(call.id, at=now))
        return call.id

    async def taken(self) -> None:
        """Offer the first in line to the one dispatcher who is ready, who answers."""
        offer = await self.timed("pair", self.storage.line.pair(self.clock.now()))
        assert offer is not None  # noqa: S101 - somebody is ready, and somebody waits
        answering = self.storage.line.answered(offer.call_id, offer.dispatcher.id, self.clock.now())
        assert await self.timed("answer", answering)  # noqa: S101 - nobody else took it
        self.talking.append((offer.call_id, offer.dispatcher.id))

    async def turn(self) -> None:
        """End the longest talk, take the first who waits, and have another come."""
        line, dispatchers_, now = self.storage.line, self.storage.dispatchers, self.clock.now
        assert await self.timed("pair_nobody", line.pair(now())) is None  # noqa: S101 - all talk
        call_id, dispatcher_id = self.talking.pop(0)
        await self.timed("end", line.talk_ended(call_id, dispatcher_id, now(), wrap_up=timedelta(minutes=1)))
        await line.leave(call_id, now())
        await self.timed("presence", dispatchers_.set_presence(dispatcher_id, Presence.READY, now()))
        await self.taken()
        await self.timed("standing", line.standing(await self.caller(), now()))


async def bench_line(storage: Storage, *, seconds: int | None) -> Measured:
    """Measure each size; a slope is how many times dearer a step is in the last line than in the first."""
    rounds = ROUNDS_A_SECOND * seconds if seconds else ROUNDS
    found: dict[tuple[int, int], Mapping[str, float]] = {}
    for size in LINES:
        await _empty(storage)
        found[size] = await _measure(storage, *size, rounds)
        told = ", ".join(f"{name} {value:.2f}" for name, value in found[size].items())
        tell(f"{size[0]} wait, {size[1]} desks, medians in ms: {told}")
    small, great = found[LINES[0]], found[LINES[-1]]
    slopes = {f"slope_{step}": round(great[step] / small[step], 2) for step in STEPS}
    figures = {
        f"{step}_{waiting}_{desks}_ms": round(found[waiting, desks][step], 3)
        for step in STEPS
        for waiting, desks in LINES
    }
    slope = max(slopes.values())
    return Measured(
        name="line",
        figures={"slope": slope, **slopes, **figures},
        limits={"slope": Limit(most=MOST_SLOPE)},
    )


async def _empty(storage: Storage) -> None:
    async with storage.database.writing() as connection:
        for table in (queue_entries, talks, calls, presence_history, dispatchers):
            await connection.execute(delete(table))


async def _measure(storage: Storage, waiting: int, desks: int, rounds: int) -> Mapping[str, float]:
    line = _Line(storage=storage)
    now = line.clock.now()
    people = [await storage.dispatchers.add(str(7000 + one), "", "", frozenset()) for one in range(desks)]
    for one in people:
        await storage.dispatchers.set_presence(one.id, Presence.READY, now)
        await line.caller()
        await line.taken()
    for _ in range(waiting):
        await line.caller()
    line.took.clear()
    for _ in range(rounds):
        await line.turn()
    medians = {step: percentile(took, 0.5) for step, took in line.took.items()}
    return medians | {
        SCREENS: await _screens(line, [one.id for one in people], max(rounds // SCREENS_EVERY, 3))
    }


async def _screens(line: _Line, of: list[int], rounds: int) -> float:
    """Open the desks of all these; give the processor's milliseconds that a change takes for each."""
    seen = _Seen(wanted=len(of))
    sources = desk_sources(line.storage, Screens(), KYIV, line.clock)
    live = LiveDesks(sources, Pages(KYIV), line.storage.audit)
    took = []
    async with asyncio.TaskGroup() as tasks:
        with ExitStack() as opened:
            following = [tasks.create_task(live.run())]
            for one in of:
                screen = opened.enter_context(sources.screens.open(one, one, "uk"))
                following.append(tasks.create_task(seen.follow(screen)))
            await seen.everybody()
            for _ in range(rounds):
                await line.turn()
                began = time.process_time()
                live.tell(LineChanged(at=line.clock.now()))
                await seen.everybody()
                took.append((time.process_time() - began) * 1000 / len(of))
            for task in following:
                task.cancel()
    return percentile(took, 0.5)


@dataclass(kw_only=True)
class _Seen:
    """Which desks have been sent the line since it was last asked for."""

    wanted: int
    desks: set[int] = field(default_factory=set)
    all: asyncio.Event = field(default_factory=asyncio.Event)

    async def follow(self, screen: Screen) -> NoReturn:
        while True:
            if LINE_PART in await screen.next():
                self.desks.add(screen.dispatcher_id)
                if len(self.desks) == self.wanted:
                    self.all.set()

    async def everybody(self) -> None:
        self.desks.clear()
        self.all.clear()
        async with asyncio.timeout(SHOWN_SECONDS):
            await self.all.wait()
