"""Two real processes escalate at once and are killed at any moment: each step is taken once, none is lost."""

import asyncio
from datetime import datetime, timedelta
from multiprocessing.context import ForkServerProcess

from hotline.appeals.escalation_loop import Escalations
from hotline.appeals.escalation_steps import due_now
from hotline.city.classifier import Urgency
from hotline.clock import Clock
from hotline.contact.channel import Channel
from storage.store import SLAVUTYCH, Storage, open_storage
from tests.effort import effort
from tests.fakes.forking import FORKING
from tests.storage.conftest import NOON
from tests.storage.enterprise import found

APPEALS = effort(day=15, night=40)
KILLS = effort(day=5, night=12)
THEN = NOON + timedelta(hours=1)


class StillClock(Clock):
    def now(self) -> datetime:
        return THEN


def work(url: str) -> None:
    """What a worker does until it is killed."""
    asyncio.run(_work(url))


async def _work(url: str) -> None:
    async with open_storage(url) as storage:
        while True:
            await Escalations(storage.watch, storage.handling, StillClock(), SLAVUTYCH).emergencies()


async def test_kill_9_between_any_two_steps_neither_doubles_nor_loses_one(url: str, storage: Storage) -> None:
    city = await found(storage)
    numbers = [(await city.enter(urgency=Urgency.EMERGENCY)).number for _ in range(APPEALS)]
    owed = {
        (one.appeal.number, step.key)
        for one in await storage.watch.read(numbers)
        for step in due_now(one.appeal, one.executor, one.done, now=THEN, city=SLAVUTYCH)
    }
    assert len(owed) == 3 * APPEALS
    workers = [begin(url) for _ in range(2)]
    for at in range(KILLS):
        before = await taken(storage, numbers)
        async with asyncio.timeout(60):
            while before == await taken(storage, numbers) and len(before) < len(owed):
                await asyncio.sleep((at * 7 % 5) / 150)
        await end(workers[at % 2])
        workers[at % 2] = begin(url)
    async with asyncio.timeout(120):
        while len(await taken(storage, numbers)) < len(owed):
            await asyncio.sleep(0.05)
    for one in workers:
        await end(one)

    steps = await taken(storage, numbers)
    assert len(steps) == len(set(steps))
    assert set(steps) == owed
    for number in numbers:
        told = await storage.outbox.of_appeal(number)
        assert len({(one.entry_id, one.to, one.channel) for one in told}) == len(told)
        calls = [one.to for one in told if one.channel is Channel.CALL and one.about == "unacknowledged"]
        assert sorted(calls) == sorted(f"contact:{one.id}" for one in city.heat.contacts[:2])
        history = await storage.handling.history(number, hidden=True)
        assert [one.version for one in history] == list(range(1, len(history) + 1))


async def taken(storage: Storage, numbers: list[str]) -> list[tuple[str, str]]:
    found = []
    for number in numbers:
        history = await storage.handling.history(number, hidden=True)
        found += [(number, one.step) for one in history if one.step is not None]
    return found


def begin(url: str) -> ForkServerProcess:
    process = FORKING.Process(target=work, args=(url,))
    process.start()
    return process


async def end(process: ForkServerProcess) -> None:
    process.kill()
    await asyncio.to_thread(process.join)
