"""`hotline bench ivr`: thirty new calls a second, and the cost of each beside Asterisk's dialplan alone."""

import asyncio
from pathlib import Path

from hotline.calls.call import Step
from tests.bench import account, probe, process, twin
from tests.bench.account import SETTLE_SECONDS
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place
from tests.bench.measured import Limit, Measured, percentile
from tests.bench.progress import tell

SCENARIO = "outages"
SECONDS = 60
CALLS_A_SECOND = 30
KEYS = 2
"""The keys that a citizen of the scenario presses."""
PROBES = 6

LIMITS = {
    "failed": Limit(most=0),
    "first_prompt_p99_ms": Limit(most=150),
    "service_cpu_ms_per_call": Limit(most=5.5),
    "service_share_of_dialplan": Limit(most=0.36),
    "cost_ratio_to_dialplan": Limit(most=2.5),
    "service_idle_mb": Limit(most=150),
}


async def bench_ivr(hotline: BenchHotline, *, seconds: int | None, calls: int | None) -> Measured:
    """Run both loads one after the other: the service's callers first, then those of the dialplan."""
    calls = calls or CALLS_A_SECOND * (seconds or SECONDS)
    folder = hotline.settings.folders.var
    idle_mb = process.resident_mb(hotline.service.pid)
    tell(f"{calls} calls to the service, {CALLS_A_SECOND} new ones a second")
    before = _cpu(hotline)
    async with asyncio.TaskGroup() as beside:
        probing = beside.create_task(
            probe.ms_to_voice(hotline, calls=PROBES, every_seconds=calls / CALLS_A_SECOND / (PROBES + 1))
        )
        failed_at_callers = await place(
            _load(hotline.settings.number, calls), hotline.settings.sip_port, folder
        )
    service_ms, asterisk_ms = _since(before, _cpu(hotline), calls)
    tell(f"{calls} calls to the dialplan alone")
    twin_ms, twin_failed = await _twin(hotline, calls, folder)
    served = await account.served_calls(hotline, but={probe.NUMBER})
    wrong = [call for call in served if not (call.whole and call.count(Step.PRESSED) == KEYS)]
    for call in wrong[:3]:
        tell(f"not as it should be: {call.record} {[str(step.step) for step in call.steps]}")
    return Measured(
        name="ivr",
        figures={
            "calls": calls,
            "failed": max(failed_at_callers, calls - len(served) + len(wrong))
            + PROBES
            - len(probing.result()),
            "first_prompt_p99_ms": account.p99([call.first_prompt_ms for call in served]),
            "voice_heard_median_ms": round(percentile(probing.result(), 0.5), 1),
            "service_cpu_ms_per_call": round(service_ms, 2),
            "asterisk_cpu_ms_per_call": round(asterisk_ms, 2),
            "dialplan_cpu_ms_per_call": round(twin_ms, 2),
            "dialplan_failed": twin_failed,
            "service_share_of_dialplan": round(service_ms / twin_ms, 3),
            "cost_ratio_to_dialplan": round((service_ms + asterisk_ms) / twin_ms, 2),
            "most_calls_at_once": account.most_at_once(served),
            "service_idle_mb": round(idle_mb, 1),
            "service_peak_mb": round(process.peak_resident_mb(hotline.service.pid), 1),
        },
        limits=LIMITS,
    )


def _load(number: str, calls: int) -> Load:
    return Load(scenario=SCENARIO, number=number, calls=calls, a_second=CALLS_A_SECOND)


async def _twin(hotline: BenchHotline, calls: int, folder: Path) -> tuple[float, int]:
    """Give the CPU of Asterisk for a call of the dialplan, in ms, and the number of failed calls."""
    before = _cpu(hotline)
    failed_at_callers = await place(_load(twin.NUMBER, calls), hotline.settings.sip_port, folder)
    _, asterisk_ms = _since(before, _cpu(hotline), calls)
    return asterisk_ms, max(failed_at_callers, calls - await _heard_all(hotline, calls))


async def _heard_all(hotline: BenchHotline, calls: int) -> int:
    """Count the calls of which all was heard; Asterisk writes of their ends a moment after the callers'."""
    loop = asyncio.get_running_loop()
    until = loop.time() + SETTLE_SECONDS
    while True:
        ends = [row for row in hotline.cel_rows() if row["eventtype"] == "CHAN_END"]
        heard = sum(row["context"] == twin.HEARD for row in ends)
        if heard >= calls or loop.time() > until:
            return heard
        await asyncio.sleep(0.1)


def _cpu(hotline: BenchHotline) -> tuple[float, float]:
    return process.cpu_ms(hotline.service.pid), process.cpu_ms(hotline.asterisk.pid)


def _since(before: tuple[float, float], after: tuple[float, float], calls: int) -> tuple[float, float]:
    """CPU of the service and of Asterisk for one call, in ms."""
    return (after[0] - before[0]) / calls, (after[1] - before[1]) / calls
