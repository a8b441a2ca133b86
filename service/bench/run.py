"""Runs one benchmark on a hotline of its own and prints what it found."""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Iterator

from service.bench.blackout import bench_blackout
from service.bench.hotline import bench_hotline
from service.bench.ivr import bench_ivr
from service.bench.screen_pop import bench_screen_pop
from service.settings import Settings

BENCHMARKS = {"ivr": bench_ivr, "blackout": bench_blackout, "screen-pop": bench_screen_pop}


async def run_bench(
    settings: Settings, name: str, *, as_json: bool, seconds: int | None, calls: int | None
) -> int:
    """Measure; 0 when every limit holds. Of `settings` only the prompts and the private root are used."""
    with _ended_in_order():
        async with bench_hotline(settings.folders) as hotline:
            measured = await BENCHMARKS[name](hotline, seconds=seconds, calls=calls)
    sys.stdout.write((measured.as_json() if as_json else measured.as_table()) + "\n")
    return 0 if measured.holds else 1


@contextlib.contextmanager
def _ended_in_order() -> Iterator[None]:
    """SIGTERM ends a run as Ctrl-C does: what was started is ended first."""
    task = asyncio.current_task()
    assert task  # noqa: S101 - we run in one
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        yield
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        loop.remove_signal_handler(signal.SIGTERM)
