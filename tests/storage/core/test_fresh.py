"""One read a second, whoever asks; and what was read last while the database is away."""

import asyncio

import pytest

from storage.core import fresh as fresh_module
from storage.core.fresh import FRESH_SECONDS, Fresh


class Source:
    """A database that counts its readers, and may be away, or stand still."""

    def __init__(self) -> None:
        self.reads = 0
        self.away = False
        self.now = 100.0
        self.stands = asyncio.Event()
        self.stands.set()

    async def read(self) -> int:
        self.reads += 1
        await asyncio.sleep(0)
        await self.stands.wait()
        if self.away:
            raise ConnectionRefusedError
        return self.reads

    def seconds(self) -> float:
        return self.now


async def test_many_who_ask_at_once_are_one_read() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert set(await asyncio.gather(*(fresh.get() for _ in range(100)))) == {1}
    source.now += FRESH_SECONDS
    assert await fresh.get() == 2


async def test_a_change_of_our_own_is_seen_at_once() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    async with fresh.changing():
        pass
    assert await fresh.get() == 2


async def test_nobody_waits_for_a_change_that_takes_long() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    async with fresh.changing():
        source.now += FRESH_SECONDS
        assert await asyncio.wait_for(fresh.get(), timeout=60) == 2
    assert await fresh.get() == 3


async def test_what_was_read_while_it_changed_is_read_again() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    reading = asyncio.create_task(fresh.get())
    await asyncio.sleep(0)
    assert source.reads == 1
    async with fresh.changing():
        pass
    later = asyncio.create_task(fresh.get())
    assert await reading == 1
    assert await later == 2


async def test_several_who_wait_for_one_reading_go_on_though_the_first_of_them_begins_another() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    source.now += FRESH_SECONDS
    source.stands.clear()
    asking = [asyncio.create_task(fresh.get()) for _ in range(3)]
    while source.reads < 2:
        await asyncio.sleep(0)
    async with fresh.changing():
        source.stands.set()
    assert await asyncio.gather(*asking) == [3, 3, 3]


async def test_nobody_waits_while_it_is_read_beside_the_road() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    renewing = asyncio.create_task(fresh.renew())
    await asyncio.sleep(0)
    assert source.reads == 2
    assert await fresh.get() == 1
    await renewing
    assert await fresh.get() == 2


async def test_while_the_database_is_away_what_was_read_last_stands() -> None:
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    source.away = True
    source.now += FRESH_SECONDS
    assert await fresh.get() == 1
    source.away = False
    source.now += FRESH_SECONDS
    assert await fresh.get() == 3


async def test_while_the_database_stands_still_what_was_read_last_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fresh_module, "PATIENCE_SECONDS", 0.01)
    source = Source()
    fresh = Fresh(source.read, source.seconds)
    assert await fresh.get() == 1
    source.stands.clear()
    source.now += FRESH_SECONDS
    assert await asyncio.wait_for(fresh.get(), timeout=60) == 1
    assert await asyncio.wait_for(fresh.get(), timeout=60) == 1
    assert source.reads == 2
    source.stands.set()
    async with asyncio.timeout(60):
        while await fresh.get() == 1:
            await asyncio.sleep(0)
    source.now += FRESH_SECONDS
    assert await fresh.get() == 3


async def test_nothing_is_made_up_before_the_first_read() -> None:
    source = Source()
    source.away = True
    with pytest.raises(ConnectionRefusedError):
        await Fresh(source.read, source.seconds).get()
