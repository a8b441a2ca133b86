"""Citizens who call in while something else is measured, and how soon each of them hears the first prompt."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from hotline.clock import SystemClock
from tests.bench import account
from tests.bench.hotline import BenchHotline
from tests.bench.load import Load, place

STAY_MS = 3000


@dataclass(frozen=True, slots=True)
class Inbound:
    """Citizens who called in: ms from their coming to the first prompt, and for how many it went wrong."""

    ms: Sequence[float]
    failed: int


async def call_in(
    hotline: BenchHotline,
    calls: int,
    *,
    until: asyncio.Task[Any] | None = None,
    ended: Callable[[], datetime] | None = None,
) -> Inbound:
    """Have citizens call in, again and again `until` this is over.

    The first prompts are those of who came before it was `ended`.
    """
    began = SystemClock().now()
    placed = failed_at_callers = 0
    while True:
        load = Load(
            scenario="listening",
            number=hotline.settings.number,
            calls=calls,
            a_second=1,
            stay_ms=STAY_MS,
        )
        failed_at_callers += await place(load, hotline.settings.sip_port, hotline.settings.folders.var)
        placed += calls
        if until is None or until.done():
            break
    over = ended() if ended else SystemClock().now()
    served = [one for one in await account.served_calls(hotline) if one.record.arrived_at >= began]
    heard = [one for one in served if one.whole]
    return Inbound(
        [ms for one in heard if one.record.arrived_at <= over and (ms := one.waited_ms) is not None],
        max(failed_at_callers, placed - len(heard)),
    )
