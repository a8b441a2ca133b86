import asyncio
from dataclasses import replace

import pytest

from hotline.errors import NotFound, Outdated
from hotline.people.citizens import CitizenCard
from storage.store import Storage
from tests.storage.conftest import NOON

HOME = "Київський квартал, 7, кв. 12"
NUMBERS = ("+380457900012", "+380671234567")


async def maria(storage: Storage, key: str = "k1") -> CitizenCard:
    return await storage.citizen_cards.enter(key, name="Марія Демченко", address=HOME, numbers=NUMBERS)


async def test_a_person_is_entered_with_all_numbers_and_found_by_each_and_by_name(storage: Storage) -> None:
    card = await maria(storage)
    assert card.numbers == NUMBERS
    assert await storage.citizen_cards.get(card.id) == card
    for number in NUMBERS:
        assert [one.id for one in await storage.citizens.calling_from(number)] == [card.id]
    assert [one.id for one in await storage.citizens.find("демч")] == [card.id]


async def test_the_same_request_again_enters_nobody_twice(storage: Storage) -> None:
    both = await asyncio.gather(maria(storage), maria(storage))
    assert both[0] == both[1] == await maria(storage)
    assert (await maria(storage, "k2")).id != both[0].id


async def test_a_change_replaces_name_address_numbers_and_the_words_searched(storage: Storage) -> None:
    was = await maria(storage)
    now = replace(was, name="Марія Коваль", address="Талліннський квартал, 1", numbers=("+380501112233",))
    await storage.citizen_cards.change(was, now, by=None, at=NOON)
    assert await storage.citizen_cards.get(was.id) == now
    assert not await storage.citizens.find("демченко")
    assert [one.id for one in await storage.citizens.find("коваль")] == [was.id]
    assert not await storage.citizens.calling_from(NUMBERS[0])
    (before,) = await storage.citizen_cards.history(was.id)
    assert (before.at, before.name, before.address) == (NOON, was.name, was.address)
    assert tuple(before.numbers) == was.numbers


async def test_of_two_who_change_the_same_person_the_second_is_told(storage: Storage) -> None:
    was = await maria(storage)
    changes = [replace(was, name=name) for name in ("Марія Коваль", "Марія Бондар")]
    done = await asyncio.gather(
        *(storage.citizen_cards.change(was, now, by=None, at=NOON) for now in changes), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done) == ["NoneType", "Outdated"]
    with pytest.raises(Outdated):
        await storage.citizen_cards.change(was, was, by=None, at=NOON)


async def test_cards_come_in_the_order_asked_without_the_unknown(storage: Storage) -> None:
    first, second = await maria(storage, "k1"), await maria(storage, "k2")
    assert await storage.citizen_cards.of([second.id, 999, first.id]) == [second, first]
    assert await storage.citizen_cards.of([]) == []


async def test_nobody_unknown_is_read_or_changed(storage: Storage) -> None:
    nobody = CitizenCard(id=999, name="Ніхто", address="")
    with pytest.raises(NotFound):
        await storage.citizen_cards.get(999)
    with pytest.raises(NotFound):
        await storage.citizen_cards.change(nobody, nobody, by=None, at=NOON)
