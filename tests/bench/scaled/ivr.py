"""`hotline bench ivr --scaled`: the callers of `bench ivr` through an edge to two nodes, beside one machine.

What a call costs is the processor's time of all programs that have a part in it: Asterisk, the service,
Kamailio and PostgreSQL, pages included, beyond what they use while nobody calls. One machine, one node of
two, and both are measured in turn.
"""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hotline.calls.call import Step
from hotline.clock import SystemClock
from hotline.dialling.nodes import node_of
from hotline.voice.speech import Language
from service.settings.settings import Settings
from tests.bench import account, process
from tests.bench.city import EMPTY
from tests.bench.hotline import BenchHotline, bench_hotline
from tests.bench.ivr import CALLS_A_SECOND, KEYS, SCENARIO
from tests.bench.judged import Judged
from tests.bench.kept_city import POSTGRESQL, database
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured
from tests.bench.progress import tell
from tests.bench.scaled.apart import apart_from_the_machine
from tests.bench.scaled.hotline import NODES, WEBS, ScaledHotline, scaled_hotline
from tests.bench.scaled.machine import by_loopback

SECONDS = 30
IDLE_SECONDS = 10.0
LIMITS = {"failed": Limit(most=0), "scaled_overhead": Limit(most=0.15)}


async def bench_scaled_ivr(
    theirs: Settings, *, seconds: int | None, calls: int | None, a_second: float | None
) -> Measured:
    """Run the same load against each form; of `theirs` only the folders are used."""
    rate = round(a_second or CALLS_A_SECOND)
    calls = calls or rate * (seconds or SECONDS)
    apart_from_the_machine()
    await by_loopback()
    tell(f"one machine: {calls} calls, {rate} new ones a second")
    async with (
        database(POSTGRESQL, theirs.folders.var / "bench", EMPTY) as url,
        bench_hotline(theirs.folders, url, EMPTY) as hotline,
    ):
        single = await _measure(hotline, _of_one(hotline), calls, rate)
    async with scaled_hotline(theirs.folders, (Language.UKRAINIAN,), {}, moved_clocks=False) as scaled:
        tell(f"one node of two: {calls} calls")
        for name in [*NODES][1:]:
            await scaled.edge.drain(name)
        one = await _measure(scaled, _of_all(scaled), calls, rate)
        for name in [*NODES][1:]:
            await scaled.edge.take_back(name)
        tell(f"both nodes: {calls} calls")
        both = await _measure(scaled, _of_all(scaled), calls, rate)
    figures = {
        "calls": calls,
        "failed": single.failed + one.failed + both.failed,
        "single_cpu_ms_per_call": round(single.ms, 2),
        "one_node_cpu_ms_per_call": round(one.ms, 2),
        "both_nodes_cpu_ms_per_call": round(both.ms, 2),
        "scaled_overhead": round(both.ms / single.ms - 1, 3),
        "edge_cpu_ms_per_call": round(both.parts["edge"], 2),
        "database_cpu_ms_per_call": round(both.parts["database"], 2),
        "pages_cpu_ms_per_call": round(both.parts["pages"], 2),
        "single_node_cpu_ms_per_call": round(single.parts["node"], 2),
        "nodes_cpu_ms_per_call": round(_of_nodes(both), 2),
        "single_database_cpu_ms_per_call": round(single.parts["database"], 2),
        "single_idle_ms_a_second": round(single.idle_ms_a_second, 1),
        "scaled_idle_ms_a_second": round(both.idle_ms_a_second, 1),
        "slope_per_node": round(len(NODES) * _of_nodes(one) / _of_nodes(both), 2),
        "first_prompt_p99_ms": both.first_prompt_p99_ms,
        "single_first_prompt_p99_ms": single.first_prompt_p99_ms,
        **{f"calls_on_{name}": both.by_node[name] for name in NODES},
    }
    return Measured(name="ivr", figures=figures, limits=LIMITS)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Load:
    """What one load cost. `parts`: milliseconds of the processor a call, by part and above its rest."""

    failed: int
    parts: Mapping[str, float]
    idle_ms_a_second: float
    first_prompt_p99_ms: float
    by_node: Mapping[str, int]

    @property
    def ms(self) -> float:
        return sum(self.parts.values())


def _of_nodes(load: _Load) -> float:
    """Give what a call costs on the nodes themselves, whose number can grow."""
    return sum(ms for part, ms in load.parts.items() if part in NODES)


async def _measure(hotline: Judged, parts: Mapping[str, Sequence[int]], calls: int, rate: int) -> _Load:
    resting = await _idle(parts)
    began, before, since = SystemClock().now(), _used(parts), time.monotonic()
    load = Load(scenario=SCENARIO, number=hotline.settings.number, calls=calls, a_second=rate)
    host, port = hotline.registrar
    folder = hotline.settings.folders.var
    failed = await place(load, port, folder, to=host, own=hotline.citizens_from)
    after, lasted = _used(parts), time.monotonic() - since
    served = [one for one in await account.served_calls(hotline) if one.record.arrived_at >= began]
    wrong = [one for one in served if not (one.whole and one.count(Step.PRESSED) == KEYS)]
    for one in wrong[:3]:
        tell(f"not as it should be: {one.record} {[str(step.step) for step in one.steps]}")
    return _Load(
        failed=max(failed, calls - len(served) + len(wrong)),
        parts={name: (after[name] - before[name] - resting[name] * lasted) / calls for name in parts},
        idle_ms_a_second=sum(resting.values()),
        first_prompt_p99_ms=account.p99([one.first_prompt_ms for one in served]),
        by_node=Counter(node_of(one.record.id) for one in served),
    )


async def _idle(parts: Mapping[str, Sequence[int]]) -> Mapping[str, float]:
    """Give what each part uses in a second in which nobody calls."""
    before, since = _used(parts), time.monotonic()
    await asyncio.sleep(IDLE_SECONDS)
    after, lasted = _used(parts), time.monotonic() - since
    return {name: (after[name] - before[name]) / lasted for name in parts}


def _used(parts: Mapping[str, Sequence[int]]) -> dict[str, float]:
    return {name: sum(map(process.tree_cpu_ms, pids)) for name, pids in parts.items()}


def _of_one(hotline: BenchHotline) -> Mapping[str, Sequence[int]]:
    """Give the programs of one machine; PostgreSQL is told by its command line."""
    server = process.child(os.getpid(), "listen_addresses=")
    return {"node": [hotline.asterisk.pid, hotline.service.pid], "database": [server]}


def _of_all(hotline: ScaledHotline) -> Mapping[str, Sequence[int]]:
    """Give the programs of each machine; those of pages are one part."""
    found: dict[str, list[int]] = {}
    for name, machine in hotline.machines.items():
        found.setdefault("pages" if name in WEBS else name, []).extend(machine.pids())
    return found
