"""Hits of `hotline bench faults --scaled`: each part of each machine is killed, stopped, cut off in turn."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.errors import HotlineError
from tests.bench import process
from tests.bench.callees import Rung
from tests.bench.faults.cuts import Cut
from tests.bench.faults.shift import Shift
from tests.bench.progress import tell
from tests.bench.scaled.hotline import ASTERISK, KAMAILIO, POSTGRES, TELEPHONY, WEB, ScaledHotline

STOPPED_SECONDS = 40.0
BAD_SECONDS = 20.0
"""The time for which a machine is cut off, its cable slow, its disk full, or its clock wrong."""
RECOVERING_SECONDS = 20.0
"""From the end of one hit to the next: each is judged as the only one."""
LATE_SECONDS = 0.3
HOUR_SECONDS = 3600
FIRST_SECONDS = 8.0
"""Before the first hit, so that there is somebody whom it can hurt."""
_LOOK_SECONDS = 0.2


class NoSuchPart(HotlineError):  # noqa: N818 - reads as what is missing
    """Nothing is called so; the message names what there is."""

    code = "no-such-part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What can break: a program, by the end of its command line, or a whole machine."""

    name: str
    machine: str
    ending: str | None = None
    """None: it is the whole machine."""
    holds_calls: bool = False
    """Calls end, or fall silent, with it."""


ASTERISK_A = Part(name="asterisk-a", machine="a", ending=ASTERISK, holds_calls=True)
ASTERISK_B = Part(name="asterisk-b", machine="b", ending=ASTERISK, holds_calls=True)
TELEPHONY_A = Part(name="telephony-a", machine="a", ending=TELEPHONY)
TELEPHONY_B = Part(name="telephony-b", machine="b", ending=TELEPHONY)
NODE_A = Part(name="node-a", machine="a", holds_calls=True)
NODE_B = Part(name="node-b", machine="b", holds_calls=True)
EDGE = Part(name="edge", machine="edge", ending=KAMAILIO)
DATABASE = Part(name="database", machine="database", ending=POSTGRES)
WEB_1 = Part(name="web-1", machine="web1", ending="web,scheduler,media")
WEB_2 = Part(name="web-2", machine="web2", ending=WEB)

KILLED, STOPPED, CUT_OFF, DELAYED, DISK_FULL, CLOCK_MOVED = WAYS = (
    *("killed", "stopped", "cut-off", "delayed", "disk-full", "clock-moved"),
)
HITS: Sequence[tuple[Part, str]] = (
    (ASTERISK_A, KILLED),
    (ASTERISK_B, STOPPED),
    (TELEPHONY_B, KILLED),
    (TELEPHONY_A, STOPPED),
    (NODE_A, KILLED),
    (NODE_B, CUT_OFF),
    (NODE_A, DELAYED),
    (NODE_B, DISK_FULL),
    (NODE_A, CLOCK_MOVED),
    (EDGE, KILLED),
    (EDGE, STOPPED),
    (EDGE, CUT_OFF),
    (EDGE, DELAYED),
    (EDGE, CLOCK_MOVED),
    (DATABASE, KILLED),
    (DATABASE, STOPPED),
    (DATABASE, CUT_OFF),
    (DATABASE, DELAYED),
    (DATABASE, DISK_FULL),
    (WEB_1, KILLED),
    (WEB_2, STOPPED),
    (WEB_2, CUT_OFF),
    (WEB_1, DELAYED),
    (WEB_1, CLOCK_MOVED),
)


def chosen(words: Collection[str]) -> Sequence[tuple[Part, str]]:
    """Give the hits of these words: a part (with its letter or without), a way, or `part:way`; none: all.

    Raises NoSuchPart.
    """
    known = {word for part, way in HITS for word in _words(part, way)}
    for word in words:
        if word not in known:
            raise NoSuchPart(f"There is no part {word!r}. There are: {', '.join(sorted(known))}.")
    return [(part, way) for part, way in HITS if not words or {*words} & _words(part, way)]


def _words(part: Part, way: str) -> set[str]:
    names = {part.name, part.name.rpartition("-")[0] or part.name}
    return {way, *names, *(f"{name}:{way}" for name in names)}


def natural_seconds(hits: Sequence[tuple[Part, str]]) -> int:
    """Give the time that these hits take, one after the other."""
    return round(FIRST_SECONDS + sum(_lasting(part, way) + RECOVERING_SECONDS for part, way in hits))


def _lasting(part: Part, way: str) -> float:
    """Give the seconds of a hit: a program is begun anew at once, a machine has no power for a while."""
    if way == KILLED and part.ending is not None:
        return 0.0
    return STOPPED_SECONDS if way == STOPPED else BAD_SECONDS


@dataclass(slots=True, kw_only=True)
class ScaledHits:
    """Hits one hotline of several machines, in the order of `hits`."""

    hotline: ScaledHotline
    hits: Sequence[tuple[Part, str]]
    asterisk_killed_at: float = float("-inf")
    cuts: list[Cut] = field(default_factory=list)
    done: list[str] = field(default_factory=list)

    async def all(self, seconds: float, _at_work: Shift) -> None:
        """Hit one after the other; in a shorter time each lasts shorter."""
        shorter = min(1.0, seconds / natural_seconds(self.hits))
        await asyncio.sleep(FIRST_SECONDS * shorter)
        for part, way in self.hits:
            lasting = _lasting(part, way) * shorter
            tell(f"{part.name} {way}" + (f" for {lasting:.0f} s" if lasting else ""))
            self.done.append(f"{part.name}:{way}")
            await self._hit(part, way, lasting)
            tell(f"{part.name} is left alone")
            await asyncio.sleep(RECOVERING_SECONDS * shorter)

    def killed(self, rung: Rung) -> bool:
        """Tell whether an Asterisk was taken away while the hotline was calling this person."""
        began, ended = rung.call.timeline.began.monotonic, rung.ended
        return any(began < cut.at < ended for cut in self.cuts)

    async def _hit(self, part: Part, way: str, lasting: float) -> None:
        acts: dict[str, Callable[[Part, float], Coroutine[Any, Any, None]]] = {
            KILLED: self._kill,
            STOPPED: self._stop,
            CUT_OFF: self._cut_off,
            DELAYED: self._delay,
            DISK_FULL: self._fill_disk,
            CLOCK_MOVED: self._move_clock,
        }
        await acts[way](part, lasting)

    def _calls_end(self, part: Part) -> None:
        """Note that calls end with this part now, or fall silent."""
        if part.holds_calls:
            self.asterisk_killed_at = time.monotonic()
            self.cuts.append(Cut(at=self.asterisk_killed_at, counted_from=self.asterisk_killed_at))

    async def _kill(self, part: Part, lasting: float) -> None:
        """Kill a program, which its supervisor begins anew; of a whole machine, take the power away."""
        self._calls_end(part)
        if part.ending is None:
            machine = self.hotline.machines[part.machine]
            await machine.power_off()
            await asyncio.sleep(lasting)
            await machine.power_on()
            return
        for pid in self._tree(part):
            _signal(pid, signal.SIGKILL)

    async def _stop(self, part: Part, lasting: float) -> None:
        pids = self._tree(part)
        self._calls_end(part)
        try:
            for pid in pids:
                _signal(pid, signal.SIGSTOP)
            await asyncio.sleep(lasting)
        finally:
            for pid in pids:
                _signal(pid, signal.SIGCONT)

    def _tree(self, part: Part) -> Sequence[int]:
        return process.tree(self.hotline.machines[part.machine].pid(part.ending or ""))

    async def _cut_off(self, part: Part, lasting: float) -> None:
        machine = self.hotline.machines[part.machine]
        await machine.cut_off()
        self._calls_end(part)
        await asyncio.sleep(lasting)
        await machine.well()

    async def _delay(self, part: Part, lasting: float) -> None:
        machine = self.hotline.machines[part.machine]
        await machine.delay(LATE_SECONDS)
        await asyncio.sleep(lasting)
        await machine.well()

    async def _fill_disk(self, part: Part, lasting: float) -> None:
        machine = self.hotline.machines[part.machine]
        until = time.monotonic() + lasting
        while time.monotonic() < until:
            await machine.fill_disk()  # and what has become free meanwhile
            await asyncio.sleep(_LOOK_SECONDS)
        await machine.empty_disk()

    async def _move_clock(self, part: Part, lasting: float) -> None:
        clock = self.hotline.machines[part.machine].clock
        clock.move(HOUR_SECONDS)
        await asyncio.sleep(lasting)
        clock.move(0)


def _signal(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(pid, what)
