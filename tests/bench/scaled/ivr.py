"""`hotline bench ivr --scaled`: the callers of `bench ivr` through an edge to two nodes, beside one machine.

What a call costs is the processor's time of all programs that have a part in it, told by part: Asterisk, the
service (of telephony, where there are several), pages and rounds, PostgreSQL, Kamailio. The machine of the
single form has the same kind of network, cable and disk as each of several, and the same database. What all
of them use while nobody calls is taken off, and told apart: it is there whether people call or not.

Each form answers some calls before it is measured, as what is first done is dearer. Then the forms take
turns, so that what else goes on meanwhile meets all of them.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from hotline.calls.call import Step
from hotline.clock import SystemClock
from hotline.dialling.nodes import node_of
from hotline.voice.speech import Language
from service.settings.settings import Settings
from tests.bench import account, process
from tests.bench.ivr import CALLS_A_SECOND, KEYS, SCENARIO
from tests.bench.judged import Called
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured
from tests.bench.process import Used
from tests.bench.progress import tell
from tests.bench.scaled.apart import apart_from_the_machine
from tests.bench.scaled.hotline import (
    ASTERISK,
    DATABASE,
    EDGE,
    NODES,
    TELEPHONY,
    WEBS,
    ScaledHotline,
    scaled_hotline,
)
from tests.bench.scaled.single import SingleHotline, on_postgresql, on_sqlite, single_hotline

SECONDS = 10
"""Of new calls, each time that it is a form's turn."""
TURNS = 3
WARM_SECONDS = 5
SETTLED_SECONDS = 75.0
"""Since all is ready: in a new database the papers of the day before are made in the second minute."""
IDLE_SECONDS = 10.0
SINGLE, SQLITE, ONE_NODE, BOTH = "single", "sqlite", "one_node", "both_nodes"
"""The forms: one machine, on PostgreSQL and on SQLite; one node of two, and both, behind the edge."""
ADDRESSES = {SINGLE: "10.77.0.51", SQLITE: "10.77.0.52"}
_OF_NODES = ("asterisk", "service")
"""The parts whose number can grow."""
LIMITS = {"failed": Limit(most=0), "scaled_overhead": Limit(most=0.15)}

Result = TypeVar("Result")
Programs = Mapping[str, Sequence[int]]
"""Numbers of the programs of each part."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What each part `used` in `seconds` of calls, rest and all, and in `idle_seconds` of rest alone."""

    calls: int
    failed: int
    seconds: float
    used: Mapping[str, Used]
    idle_seconds: float
    idle: Mapping[str, Used]
    first_prompt_ms: Sequence[float | None]
    by_node: Mapping[str, int]

    def of(self, *parts: str) -> Used:
        """Give what a call costs above the rest, of these parts, or of all."""
        return sum(
            (
                (self.used[part] - self.idle[part] * (self.seconds / self.idle_seconds)) * (1 / self.calls)
                for part in parts or self.used
            ),
            Used(),
        )

    def idle_ms_a_second(self, *parts: str) -> float:
        return sum(self.idle[part].ms for part in parts or self.idle) / self.idle_seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form of the hotline, and what its calls have cost each time. `drained` nodes get none of them."""

    name: str
    hotline: Called
    programs: Programs
    drained: Sequence[str] = ()
    costs: list[Cost] = field(default_factory=list)

    @property
    def cost(self) -> Cost:
        """Give all its turns as one."""
        return Cost(
            calls=sum(one.calls for one in self.costs),
            failed=sum(one.failed for one in self.costs),
            seconds=sum(one.seconds for one in self.costs),
            used={part: sum((one.used[part] for one in self.costs), Used()) for part in self.programs},
            idle_seconds=sum(one.idle_seconds for one in self.costs),
            idle={part: sum((one.idle[part] for one in self.costs), Used()) for part in self.programs},
            first_prompt_ms=[ms for one in self.costs for ms in one.first_prompt_ms],
            by_node=sum((Counter(one.by_node) for one in self.costs), Counter()),
        )


async def bench_scaled_ivr(
    theirs: Settings, *, seconds: int | None, calls: int | None, a_second: float | None
) -> Measured:
    """Run the same load against each form; of `theirs` only the folders are used."""
    rate = round(a_second or CALLS_A_SECOND)
    calls = calls or rate * (seconds or SECONDS)
    languages = (Language.UKRAINIAN,)
    apart_from_the_machine()
    async with AsyncExitStack() as stack:
        scaled = await stack.enter_async_context(
            scaled_hotline(theirs.folders, languages, {}, moved_clocks=False)
        )
        single, sqlite = [
            await stack.enter_async_context(
                single_hotline(theirs.folders, languages, name, ADDRESSES[name], database)
            )
            for name, database in ((SINGLE, on_postgresql), (SQLITE, on_sqlite))
        ]
        forms = [
            Form(name=SINGLE, hotline=single, programs=_of_one(single)),
            Form(name=SQLITE, hotline=sqlite, programs=_of_one(sqlite)),
            Form(name=ONE_NODE, hotline=scaled, programs=_of_all(scaled), drained=[*NODES][1:]),
            Form(name=BOTH, hotline=scaled, programs=_of_all(scaled)),
        ]
        settled = time.monotonic() + SETTLED_SECONDS
        for form in (forms[0], forms[1], forms[3]):
            tell(f"{form.name}: the first calls, not measured")
            await _call(form.hotline, WARM_SECONDS * rate, rate)
        await asyncio.sleep(settled - time.monotonic())
        for turn in range(TURNS):
            for form in forms:
                tell(f"{form.name}: {calls} calls, turn {turn + 1} of {TURNS}")
                for node in form.drained:
                    await scaled.edge.drain(node)
                form.costs.append(await _measure(form, calls, rate))
                for node in form.drained:
                    await scaled.edge.take_back(node)
    return Measured(name="ivr", figures=figures({form.name: form.cost for form in forms}), limits=LIMITS)


def figures(costs: Mapping[str, Cost]) -> Mapping[str, float]:
    """Give what the bench tells of each form, and of several machines beside one."""
    single, one, both = costs[SINGLE], costs[ONE_NODE], costs[BOTH]
    return {
        "calls": single.calls,
        "failed": sum(each.failed for each in costs.values()),
        **{
            name: round(value, 2) for form, cost in costs.items() for name, value in _told(form, cost).items()
        },
        "scaled_overhead": round(both.of().ms / single.of().ms - 1, 3),
        "one_node_overhead": round(one.of().ms / single.of().ms - 1, 3),
        "overhead_over_sqlite": round(both.of().ms / costs[SQLITE].of().ms - 1, 3),
        "slope_per_node": round(len(NODES) * one.of(*_OF_NODES).ms / both.of(*_OF_NODES).ms, 2),
        **{f"calls_on_{node}": both.by_node[node] for node in NODES},
    }


def _told(form: str, cost: Cost) -> Mapping[str, float]:
    return {
        f"{form}_cpu_ms_per_call": cost.of().ms,
        **{f"{form}_{part}_ms_per_call": cost.of(part).ms for part in cost.used},
        f"{form}_system_ms_per_call": cost.of().system_ms,
        f"{form}_idle_ms_a_second": cost.idle_ms_a_second(),
        **{f"{form}_{part}_idle_ms_a_second": cost.idle_ms_a_second(part) for part in cost.idle},
        f"{form}_first_prompt_p99_ms": account.p99(cost.first_prompt_ms),
    }


async def _call(hotline: Called, calls: int, rate: int) -> int:
    """Have `calls` people call; count those whose call failed at their own side."""
    load = Load(scenario=SCENARIO, number=hotline.settings.number, calls=calls, a_second=rate)
    host, port = hotline.registrar
    return await place(load, port, hotline.settings.folders.var, to=host, own=hotline.citizens_from)


async def _measure(form: Form, calls: int, rate: int) -> Cost:
    hotline, programs = form.hotline, form.programs
    resting = await _spent(programs, asyncio.sleep(IDLE_SECONDS))
    began = SystemClock().now()
    calling = await _spent(programs, _call(hotline, calls, rate))
    served = [one for one in await account.served_calls(hotline) if one.record.arrived_at >= began]
    wrong = [one for one in served if not (one.whole and one.count(Step.PRESSED) == KEYS)]
    for one in wrong[:3]:
        tell(f"not as it should be: {one.record} {[str(step.step) for step in one.steps]}")
    cost = Cost(
        calls=calls,
        failed=max(calling.result, calls - len(served) + len(wrong)),
        seconds=calling.seconds,
        used=calling.used,
        idle_seconds=resting.seconds,
        idle=resting.used,
        first_prompt_ms=[one.first_prompt_ms for one in served],
        by_node=Counter(node_of(one.record.id) for one in served),
    )
    told = (f"{part} {cost.of(part).ms:.1f} ({cost.idle_ms_a_second(part):.0f})" for part in programs)
    tell(f"  ms a call above rest, and a second of rest: {', '.join(told)}")
    return cost


@dataclass(frozen=True, slots=True)
class _Spent(Generic[Result]):
    """What each part has used while something was done, and what came of it."""

    used: Mapping[str, Used]
    seconds: float
    result: Result


async def _spent(programs: Programs, doing: Awaitable[Result]) -> _Spent[Result]:
    before, since = _used(programs), time.monotonic()
    result = await doing
    after, lasted = _used(programs), time.monotonic() - since
    return _Spent({part: after[part] - before[part] for part in programs}, lasted, result)


def _used(programs: Programs) -> dict[str, Used]:
    return {part: sum(map(process.tree_used, pids), Used()) for part, pids in programs.items()}


def _of_one(hotline: SingleHotline) -> Programs:
    """Give the programs of one machine; what is neither Asterisk nor the service is its database."""
    machine = hotline.machine
    asterisk, service = machine.pid(ASTERISK), machine.pid("serve")
    others = [pid for pid in machine.pids() if pid not in (asterisk, service)]
    return {"asterisk": [asterisk], "service": [service], **({"database": others} if others else {})}


def _of_all(hotline: ScaledHotline) -> Programs:
    """Give the programs of several machines; those of one kind are one part."""
    machines = hotline.machines

    def of(names: Mapping[str, str]) -> Sequence[int]:
        return [pid for name in names for pid in machines[name].pids()]

    return {
        "asterisk": [machines[node].pid(ASTERISK) for node in NODES],
        "service": [machines[node].pid(TELEPHONY) for node in NODES],
        "pages": of(WEBS),
        "database": machines[DATABASE].pids(),
        "edge": machines[EDGE].pids(),
    }
