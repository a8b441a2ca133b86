"""People call, five a second, and are called, while a hotline is hit: what all of them saw of it."""

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, NoReturn, Protocol

from sqlalchemy.exc import SQLAlchemyError

from hotline.errors import ForbiddenTransition
from tests.bench.callees import answering
from tests.bench.faults.judge import Hits, Seen, put_right
from tests.bench.faults.people import Citizens
from tests.bench.faults.shift import DESKS, Shift, shift
from tests.bench.judged import Judged
from tests.bench.progress import tell
from tests.bench.surveys import Owing, script

CALLS_A_SECOND = 5
OWN_EVERY = 10
"""Of this number of calls one is placed by the hotline itself."""
MORE_AT_MOST = 1.5
"""Times the calls of the time that hits take by themselves: what they broke may take longer to come back."""
STALL_SECONDS = 0.1


class Hitting(Hits, Protocol):
    """Hits a hotline, part by part."""

    async def all(self, seconds: float, at_work: Shift) -> None:
        """Hit each part in its turn, spread over these seconds."""
        ...


async def lived_through(hotline: Judged, hits: Hitting, *, seconds: int, a_second: float) -> Seen:
    """Have people call while everything is hit, and wait until all is put right."""
    longest_stall = [0.0]
    watching = asyncio.create_task(_notice_stalls(longest_stall))
    # Each of our telephones keeps every packet that it heard. To look through millions of them for garbage
    # takes seconds, in which all telephones are silent at once, and count as dead.
    gc.disable()
    async with shift(hotline, lambda: hits.asterisk_killed_at) as at_work:
        citizens = Citizens(hotline, DESKS, lambda: hits.asterisk_killed_at)
        trunk = hotline.settings.trunk
        async with answering(script, host=trunk.host, port=trunk.port, others=citizens.called) as callees:
            await _traffic(hotline, citizens, hits.all(seconds, at_work), round(seconds * a_second), a_second)
            stranded = await put_right(hotline, callees, hits)
    gc.enable()
    watching.cancel()
    tell(f"the benchmark itself stood still for {longest_stall[0]:.1f} s at most")
    return Seen(
        visits=citizens.visits,
        called_back=citizens.called_back,
        desks=at_work.desks,
        callees=callees,
        stranded=stranded,
    )


async def _notice_stalls(longest: list[float]) -> NoReturn:
    """Note how late we wake: our telephones heard nothing meanwhile, which is no silence of the hotline's."""
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + STALL_SECONDS
        await asyncio.sleep(STALL_SECONDS)
        longest[0] = max(longest[0], loop.time() - due)


async def _traffic(
    hotline: Judged, citizens: Citizens, hitting: Coroutine[Any, Any, None], calls: int, a_second: float
) -> None:
    owing = Owing(hotline)
    most = round(calls * MORE_AT_MOST)
    await owing.register([f"+38067{at:07}" for at in range(-(-most // OWN_EVERY))])
    tell(f"{calls} calls in {calls / a_second:.0f} s, and as many more a second as long as parts are hit")
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as tasks:
        hit = tasks.create_task(hitting)
        began = loop.time()
        for index in range(most):
            if index >= calls and hit.done():
                break
            await asyncio.sleep(max(0, began + index / a_second - loop.time()))
            if index % OWN_EVERY:
                tasks.create_task(citizens.call(f"+38050{index:07}"))
            else:
                tasks.create_task(report(owing))
        await hit


async def report(owing: Owing) -> None:
    """Report an appeal done though the database is locked or away: the enterprise presses again."""
    work = owing.next()
    while True:
        try:
            return await owing.report(work)
        except (SQLAlchemyError, OSError):
            await asyncio.sleep(1)
        except ForbiddenTransition:  # it was written though we were told that it failed
            return None
