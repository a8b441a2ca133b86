"""Where a number is at home."""

from datetime import timedelta

from hotline.city.addresses import Address, Street
from hotline.city.known_places import exact_ones
from storage.store import Storage
from tests.storage.conftest import NOON

NUMBER = "+380457900001"
ATOMNYKIV = "вулиця Атомників"


async def _streets(storage: Storage) -> None:
    await storage.streets.add(
        [Street(name=ATOMNYKIV, former=("вулиця Курчатова",)), Street(name="Київський квартал")]
    )


async def test_everybody_known_under_a_number_counts_in_any_spelling(storage: Storage) -> None:
    await _streets(storage)
    await storage.citizens.add("Олена Коваль", "Київський кв-л, буд. 7, кв. 3", [NUMBER])
    await storage.citizens.add("Петро Коваль", "м. Славутич, вул. Курчатова, 5", [NUMBER])
    await storage.citizens.add("Хтось Інший", "Київський квартал, 1", ["+380457900002"])
    assert await storage.known_places.addresses_of(NUMBER) == [
        Address(street="Київський квартал", house="7"),
        Address(street=ATOMNYKIV, house="5"),
    ]


async def test_what_the_register_does_not_know_is_left_out(storage: Storage) -> None:
    await _streets(storage)
    await storage.citizens.add("Олена Коваль", "десь у лісі", [NUMBER])
    assert await storage.known_places.addresses_of(NUMBER) == []


async def test_a_hidden_number_has_no_place(storage: Storage) -> None:
    assert await storage.known_places.addresses_of(None) == []


async def test_what_was_keyed_in_is_known_at_the_next_call_under_the_streets_present_name(
    storage: Storage,
) -> None:
    await _streets(storage)
    said = Address(street="вулиця Курчатова", house="12а")
    await storage.known_places.remember(NUMBER, said, call_id="call-1", at=NOON)
    await storage.known_places.remember(NUMBER, said, call_id="call-2", at=NOON + timedelta(days=1))
    assert await storage.known_places.addresses_of(NUMBER) == [Address(street=ATOMNYKIV, house="12а")]


async def test_a_house_says_more_than_its_street_alone(storage: Storage) -> None:
    await _streets(storage)
    await storage.known_places.remember(NUMBER, Address(street=ATOMNYKIV), call_id="call-1", at=NOON)
    await storage.known_places.remember(
        NUMBER, Address(street=ATOMNYKIV, house="9"), call_id="call-2", at=NOON
    )
    assert await storage.known_places.addresses_of(NUMBER) == [Address(street=ATOMNYKIV, house="9")]


def test_places_are_told_once_and_in_their_order() -> None:
    seven, five = Address(street="А", house="7"), Address(street="Б", house="5")
    street = Address(street="В")
    assert exact_ones([seven, Address(street="А"), five, seven, street]) == [seven, five, street]
