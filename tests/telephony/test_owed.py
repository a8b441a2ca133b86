import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hotline.errors import ForbiddenTransition
from telephony import owed as module
from telephony.owed import OwedWrites


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 0.01)


class Write:
    """A write that fails so many times before it comes about."""

    def __init__(self, failures: int, error: Exception) -> None:
        self.failures = failures
        self.error = error
        self.tries = 0
        self.done = asyncio.Event()

    async def __call__(self) -> None:
        self.tries += 1
        if self.tries <= self.failures:
            raise self.error
        self.done.set()


async def test_a_write_that_fails_is_done_again_until_it_comes_about() -> None:
    write = Write(3, OSError("the database is away"))
    async with asyncio.TaskGroup() as tasks:
        await OwedWrites(tasks).write(write, "not written")
        await write.done.wait()
    assert write.tries == 4


async def test_a_call_goes_on_while_the_database_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HURRY_SECONDS", 0.01)
    locked = asyncio.Event()

    async def write() -> None:
        await locked.wait()

    async with asyncio.TaskGroup() as tasks:
        await OwedWrites(tasks).write(write, "not written")
        assert not locked.is_set()
        locked.set()


async def test_what_the_rules_refuse_is_refused_for_good_and_costs_nobody_else_anything() -> None:
    write = Write(1, ForbiddenTransition("They are away."))
    async with asyncio.TaskGroup() as tasks:
        await OwedWrites(tasks).write(write, "not written")
    assert write.tries == 1


async def test_what_is_owed_of_one_call_is_written_in_its_order_and_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HURRY_SECONDS", 0.01)
    locked, written = asyncio.Event(), list[str]()

    def of(name: str, until: asyncio.Event | None = None) -> Callable[[], Awaitable[None]]:
        async def write() -> None:
            if until is not None:
                await until.wait()
            written.append(name)

        return write

    async with asyncio.TaskGroup() as tasks:
        owed = OwedWrites(tasks)
        await owed.write(of("answered", locked), "not written", of="one")
        await owed.write(of("ended"), "not written", of="one")
        await owed.write(of("another"), "not written", of="two")
        locked.set()
    assert written == ["another", "answered", "ended"]


async def test_whoever_waits_until_all_of_a_call_is_written_has_it_tried_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "HURRY_SECONDS", 0.01)
    monkeypatch.setattr(module, "FIRST_PAUSE_SECONDS", 3600)
    answered, ended = Write(1, OSError("the database is away")), Write(0, OSError())
    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        owed = OwedWrites(tasks)
        await owed.write(answered, "not written", of="one")
        await owed.write(ended, "not written", of="one")
        assert (answered.tries, ended.tries) == (1, 0)
        await owed.settled("another")
        await owed.settled("one")
        assert (answered.tries, ended.tries) == (2, 1)


async def test_what_cannot_be_written_is_not_waited_for_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "HURRY_SECONDS", 0.01)
    monkeypatch.setattr(module, "SETTLED_SECONDS", 0.05)
    locked = asyncio.Event()

    async def write() -> None:
        await locked.wait()

    async with asyncio.timeout(60), asyncio.TaskGroup() as tasks:
        owed = OwedWrites(tasks)
        await owed.write(write, "not written", of="one")
        await owed.settled("one")
        assert not locked.is_set()
        locked.set()
        await owed.settled("one")


async def test_what_follows_a_write_that_was_refused_for_good_is_written() -> None:
    refused, write = Write(1, ForbiddenTransition("They are away.")), Write(0, OSError())
    async with asyncio.TaskGroup() as tasks:
        owed = OwedWrites(tasks)
        await owed.write(refused, "not written", of="one")
        await owed.write(write, "not written", of="one")
    assert write.done.is_set()
