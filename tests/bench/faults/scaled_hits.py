"""Hits of `hotline bench faults --scaled`: each part of each machine is killed, stopped, cut off in turn."""

import asyncio
import contextlib
import os
import signal
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline.errors import HotlineError
from tests.bench import process
from tests.bench.callees import Rung
from tests.bench.faults.cuts import Cut
from tests.bench.faults.shift import Shift
from tests.bench.progress import tell
from tests.bench.scaled.hotline import (
    ASTERISK,
    DATABASE,
    EDGE,
    KAMAILIO,
    STANDBY,
    TELEPHONY,
    WEB,
    WEB_AND_MORE,
    ScaledHotline,
)
from tests.bench.scaled.machine import Machine

BAD_SECONDS = 12.0
"""The time for which a machine is off or cut off, or its cable, disk or clock is bad, or a program stands
still: twice as long as a supervisor bears it."""
REPLACED_SECONDS = 28.0
"""The time for which a database is away: its standby takes over after some twenty."""
RECOVERING_SECONDS = 12.0
"""From the end of one hit to the next, which finds everything in order again."""
LATE_SECONDS = 0.3
HOUR_SECONDS = 3600
FIRST_SECONDS = 8.0
"""Before the first hit, so that there is somebody whom it can hurt."""
_LOOK_SECONDS = 0.2
_NOTICED_SECONDS = 2.0
"""By then it is seen of a program that it is dead: who looked at once found all whole."""


class NoSuchPart(HotlineError):  # noqa: N818 - reads as what is missing
    """Nothing is called so; the message names what there is."""

    code = "no-such-part"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What can break: a program, by a word of its command line, or a whole machine."""

    name: str
    machine: str
    """Of a pair: the one that leads at that time, or its standby."""
    word: str | None = None
    """None: it is the whole machine."""
    holds_calls: bool = False
    """Calls end, or fall silent, with it."""


ASTERISK_A = Part(name="asterisk-a", machine="a", word=ASTERISK, holds_calls=True)
ASTERISK_B = Part(name="asterisk-b", machine="b", word=ASTERISK, holds_calls=True)
TELEPHONY_A = Part(name="telephony-a", machine="a", word=TELEPHONY)
TELEPHONY_B = Part(name="telephony-b", machine="b", word=TELEPHONY)
NODE_A = Part(name="node-a", machine="a", holds_calls=True)
NODE_B = Part(name="node-b", machine="b", holds_calls=True)
KAMAILIO_LEADING = Part(name="kamailio", machine=EDGE, word=KAMAILIO)
EDGE_LEADING = Part(name="edge", machine=EDGE)
PRIMARY = Part(name="database", machine=DATABASE)
FOLLOWER = Part(name="standby", machine=STANDBY)
WEB_1 = Part(name="web-1", machine="web1", word=WEB_AND_MORE)
WEB_2 = Part(name="web-2", machine="web2", word=WEB)

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
    (KAMAILIO_LEADING, KILLED),
    (KAMAILIO_LEADING, STOPPED),
    (EDGE_LEADING, KILLED),
    (EDGE_LEADING, CUT_OFF),
    (EDGE_LEADING, DELAYED),
    (EDGE_LEADING, DISK_FULL),
    (EDGE_LEADING, CLOCK_MOVED),
    (PRIMARY, KILLED),
    (PRIMARY, STOPPED),
    (PRIMARY, CUT_OFF),
    (PRIMARY, DELAYED),
    (PRIMARY, DISK_FULL),
    (PRIMARY, CLOCK_MOVED),
    (FOLLOWER, CUT_OFF),
    (WEB_1, KILLED),
    (WEB_2, STOPPED),
    (WEB_2, CUT_OFF),
    (WEB_1, DELAYED),
    (WEB_2, DISK_FULL),
    (WEB_1, CLOCK_MOVED),
)
_LASTING: Mapping[tuple[Part, str], float] = {
    **dict.fromkeys(((PRIMARY, way) for way in (KILLED, STOPPED, CUT_OFF)), REPLACED_SECONDS),
    (FOLLOWER, CUT_OFF): REPLACED_SECONDS,
}
"""Of hits that last longer than others."""


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
    if way == KILLED and part.word is not None:
        return 0.0
    return _LASTING.get((part, way), BAD_SECONDS)


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
            self.done.append(f"{part.name}:{way}")
            await self._hit(part, way, lasting)
            tell(f"{part.name} is left alone")
            await self.hotline.whole_again()
            await asyncio.sleep(RECOVERING_SECONDS * shorter)

    def killed(self, rung: Rung) -> bool:
        """Tell whether an Asterisk was taken away while the hotline was calling this person."""
        began, ended = rung.call.timeline.began.monotonic, rung.ended
        return any(began < cut.at < ended for cut in self.cuts)

    async def _hit(self, part: Part, way: str, lasting: float) -> None:
        acts: dict[str, Callable[[Part, Machine, float], Coroutine[Any, Any, None]]] = {
            KILLED: self._kill,
            STOPPED: self._stop,
            CUT_OFF: self._cut_off,
            DELAYED: self._delay,
            DISK_FULL: self._fill_disk,
            CLOCK_MOVED: self._move_clock,
        }
        machine = await self.hotline.machine(part.machine)
        at = time.strftime("%H:%M:%S")
        tell(f"{at} {part.name} {way}: {machine.name}" + (f", for {lasting:.0f} s" if lasting else ""))
        await acts[way](part, machine, lasting)

    def _calls_end(self, part: Part) -> None:
        """Note that calls end with this part now, or fall silent."""
        if part.holds_calls:
            self.asterisk_killed_at = time.monotonic()
            self.cuts.append(Cut(at=self.asterisk_killed_at, counted_from=self.asterisk_killed_at))

    async def _kill(self, part: Part, machine: Machine, lasting: float) -> None:
        """Kill a program, which its supervisor begins anew; of a whole machine, take the power away."""
        self._calls_end(part)
        if part.word is None:
            await machine.power_off()
            await asyncio.sleep(lasting)
            await machine.power_on()
            return
        for pid in process.tree(machine.pid(part.word)):
            _signal(pid, signal.SIGKILL)
        await asyncio.sleep(_NOTICED_SECONDS)

    async def _stop(self, part: Part, machine: Machine, lasting: float) -> None:
        """Have it stand still; a supervisor may have ended it before it goes on."""
        pids = process.tree(machine.pid(part.word)) if part.word else machine.all_pids()
        self._calls_end(part)
        try:
            for pid in pids:
                _signal(pid, signal.SIGSTOP)
            await asyncio.sleep(lasting)
        finally:
            for pid in pids:
                _signal(pid, signal.SIGCONT)

    async def _cut_off(self, part: Part, machine: Machine, lasting: float) -> None:
        await machine.cut_off()
        self._calls_end(part)
        await asyncio.sleep(lasting)
        await machine.well()

    async def _delay(self, _part: Part, machine: Machine, lasting: float) -> None:
        await machine.delay(LATE_SECONDS)
        await asyncio.sleep(lasting)
        await machine.well()

    async def _fill_disk(self, _part: Part, machine: Machine, lasting: float) -> None:
        until = time.monotonic() + lasting
        while time.monotonic() < until:
            await machine.fill_disk()  # and what has become free meanwhile
            await asyncio.sleep(_LOOK_SECONDS)
        await machine.empty_disk()

    async def _move_clock(self, _part: Part, machine: Machine, lasting: float) -> None:
        machine.clock.move(HOUR_SECONDS)
        await asyncio.sleep(lasting)
        machine.clock.move(0)


def _signal(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has ended meanwhile
        os.kill(pid, what)
