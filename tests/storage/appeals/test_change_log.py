"""Whoever follows the changes of appeals place by place gets each of them, whatever is written meanwhile."""

from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta

import pytest

from hotline.appeals.acts.keeping import Note
from hotline.appeals.handling import first_entry
from storage.appeals.history_rows import add_entry
from storage.store import Storage
from tests.storage.appeals.test_handling import LATER, do
from tests.storage.enterprise import City, found


@pytest.fixture
async def city(storage: Storage) -> City:
    return await found(storage)


async def followed(storage: Storage, place: int = 0, limit: int = 100) -> tuple[list[str], int]:
    """Read until nothing more is there at once."""
    numbers: list[str] = []
    while True:
        changes = await storage.change_log.after(place, limit)
        numbers += changes.numbers
        place = changes.place
        if not changes.more:
            return numbers, place


async def test_each_change_is_given_once_in_its_order(city: City) -> None:
    storage = city.storage
    first, second = [await city.enter() for _ in range(2)]
    numbers, place = await followed(storage, limit=1)
    assert list(dict.fromkeys(numbers)) == [first.number, second.number]
    assert await followed(storage, place) == ([], place)
    await do(city, first, Note(by=city.dispatcher, at=LATER, text="Двері з двору"))
    assert (await followed(storage, place))[0] == [first.number]
    assert (await followed(storage))[0] == [second.number, first.number], "each where its last change is"


async def test_one_begins_at_a_moment(city: City) -> None:
    first, second = [await city.enter() for _ in range(2)]
    await do(city, first, Note(by=city.dispatcher, at=LATER, text="Двері з двору"))
    log = city.storage.change_log
    assert (await followed(city.storage, await log.place_of(LATER)))[0] == [first.number]
    _, last = await followed(city.storage)
    assert await log.place_of(LATER + timedelta(days=9)) == last
    assert second.number != first.number


async def test_a_change_that_is_written_more_slowly_than_a_later_one_is_not_missed(city: City) -> None:
    storage = city.storage
    if not storage.database.shared:
        return  # SQLite has one writer at a time
    slow, quick = [await city.enter() for _ in range(2)]
    _, place = await followed(storage)
    note = Note(by=city.dispatcher, at=LATER, text="Двері з двору")
    async with storage.database.writing() as connection:
        await add_entry(connection, replace(first_entry(slow), version=99))
        await do(city, quick, note)
        for _ in range(3):
            assert await followed(storage, place) == ([], place), "an earlier line may still appear"
    assert (await followed(storage, place))[0] == [slow.number, quick.number]


async def test_followers_go_on_while_somebody_is_always_writing(city: City) -> None:
    storage = city.storage
    if not storage.database.shared:
        return  # SQLite has one writer at a time
    one = await city.enter()
    async with AsyncExitStack() as writers:
        earlier = AsyncExitStack()
        connection = await earlier.enter_async_context(storage.database.writing())
        await add_entry(connection, replace(first_entry(one), version=98))
        assert await followed(storage) == ([], 0)
        later = await writers.enter_async_context(storage.database.writing())
        await add_entry(later, replace(first_entry(one), version=99))
        await earlier.aclose()
        assert (await followed(storage))[0] == [one.number], "what was there before the later one began"


async def test_moves_of_states_are_listed_without_what_is_internal(city: City) -> None:
    one = await city.enter()
    await do(city, one, Note(by=city.dispatcher, at=LATER, text="Лише для нас"))
    moved = await city.storage.change_log.moved(LATER - timedelta(days=1), LATER + timedelta(days=1), 10)
    assert all(line.before is not line.after and not line.hidden for line in moved)
