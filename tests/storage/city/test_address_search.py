import time

import pytest
from sqlalchemy import insert

from hotline.city.address_search import Unknown, offered_addresses
from hotline.city.addresses import demo_streets
from storage.store import Storage
from storage.tables import houses

KYIV = "Київський квартал"
HOUSES = ("1", "2", "7а", "8-б", "10", "12/1")


@pytest.fixture
async def town(storage: Storage) -> Storage:
    await storage.streets.add(demo_streets())
    rows = [{"street": KYIV, "house": one, "quarter": ""} for one in reversed(HOUSES)]
    async with storage.database.writing() as connection:
        await connection.execute(insert(houses), rows)
    return storage


async def test_streets_are_offered_then_the_houses_of_the_one_that_is_meant(town: Storage) -> None:
    async def offered(typed: str) -> list[str]:
        found = await offered_addresses(town.streets, typed)
        assert found.unknown is None
        return [one.name for one in found.streets] or [one.text for one in found.houses]

    assert await offered("") == []
    assert await offered("моск") == ["Поліський квартал"]
    assert await offered("деснян") == ["Деснянський квартал", "вулиця Деснянська"]
    assert await offered("київ") == [KYIV]
    assert await offered(f"{KYIV}, ") == [
        f"{KYIV}, {house}" for house in ("1", "2", "7а", "8-б", "10", "12/1")
    ]
    assert await offered("київський 1") == [f"{KYIV}, {house}" for house in ("1", "10", "12/1")]
    assert await offered("київський 7 а") == [f"{KYIV}, 7а"]
    assert await offered("київський 8б") == await offered("київський, буд. 8-б") == [f"{KYIV}, 8-б"]
    for flat in ("12/1, кв. 5", "1, кв. 1", "7а, кв.21", "1, кв. 21"):
        assert await offered(f"{KYIV}, {flat}") == [], "nothing takes the flat away"
    assert await offered("Поліський квартал, 5") == []  # no house of it is known: none is doubted


@pytest.mark.parametrize(
    ("typed", "behind"),
    [("київс 7 кв 12", "7 кв 12"), ("моск, 7а", "7а"), ("моск", ""), ("7", "")],
)
async def test_a_house_behind_a_street_that_is_only_begun_is_not_taken_away(
    town: Storage, typed: str, behind: str
) -> None:
    assert (await offered_addresses(town.streets, typed)).behind == behind


@pytest.mark.parametrize(
    ("typed", "unknown"),
    [
        ("Вигадана, 5", Unknown.STREET),
        ("київський 99", Unknown.HOUSE),
        ("київський 99, кв. 1", Unknown.HOUSE),
        ("в", None),
        ("7", None),
    ],
)
async def test_what_the_register_does_not_have_is_said(
    town: Storage, typed: str, unknown: Unknown | None
) -> None:
    assert (await offered_addresses(town.streets, typed)).unknown is unknown


async def test_thousands_of_letters_in_one_word_hold_up_nobody(town: Storage) -> None:
    began = time.process_time()
    await offered_addresses(town.streets, f"{KYIV}, 7 {'а' * 7000}! кв")
    assert time.process_time() - began < 0.4
