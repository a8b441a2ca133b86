"""A call of ours in whose middle the database goes away: dialled by the dialler, spoken by its own source."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from hotline.dialling.dialler import Lines
from hotline.dialling.jobs import Attempt
from telephony import owed as owed_module
from telephony.dialling.dialler import Dialler
from telephony.owed import OwedWrites
from tests.fakes.call import FakeCall
from tests.fakes.jobs import Worker
from tests.storage.line.test_outage import away


@pytest.fixture(autouse=True)
def goes_on_at_once() -> Iterator[None]:
    """Have no call wait for its write, and nothing tried again by itself."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(owed_module, "HURRY_SECONDS", 0.01)
        patched.setattr(owed_module, "FIRST_PAUSE_SECONDS", 3600)
        patched.setattr(owed_module, "AWAITED_PAUSE_SECONDS", 0.01)
        yield


class Telephone(FakeCall):
    """The one that is called, with what the dialler knows of its channel."""

    channel = SimpleNamespace(greeting=SimpleNamespace(lasted=lambda _now: None), left_at=None)
    journey = SimpleNamespace(has=lambda _step: False)


@dataclass(frozen=True)
class Called:
    """A call that is over, though nothing of it is written."""

    attempt: Attempt[Any]
    call: FakeCall
    owed: OwedWrites
    back: Callable[[], None]
    """Has the database be there again."""

    async def written(self) -> None:
        self.back()
        await self.owed.settled(self.attempt.call_id)


@asynccontextmanager
async def called_while_away(worker: Worker, keys: str) -> AsyncIterator[Called]:
    """Have the dialler place the one call that is due, which is answered as the database goes away."""
    (attempt,) = await worker.take()
    call: Any = Telephone(keys, outgoing=True, call_id=attempt.call_id, number=attempt.brief.number)
    with ExitStack() as gone:

        async def ring(_call: object) -> None:
            gone.enter_context(away(worker.storage))

        async def carry_on(_call: object, speak: Callable[[], Awaitable[None]]) -> None:
            await speak()

        async def as_asked(*_: object, **__: object) -> Any:
            return call

        other: Any = SimpleNamespace(
            prepare=as_asked,
            on_record=as_asked,
            ring=ring,
            carry_on=carry_on,
            finish=as_asked,
            hang_up=as_asked,
            detect_talking=as_asked,
        )
        async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
            owed = OwedWrites(tasks)
            dialler = Dialler(
                ari=other,
                outgoing=other,
                calls=other,
                placed=other,
                clock=worker.clock,
                claims=worker.claims,
                lines=Lines(whole=9, most=9),
                tasks=tasks,
                owed=owed,
            )
            await dialler.place(attempt)
            yield Called(attempt, call, owed, gone.close)
            gone.close()
            await owed.settled(attempt.call_id)
