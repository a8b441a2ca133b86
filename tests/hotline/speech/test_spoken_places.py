"""Addresses as people say them, in the streets of the demo and a few of another city."""

import pytest

from hotline.city.addresses import Gazetteer, demo_streets
from hotline.speech.spoken_places import addresses_in, houses_in
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from tests.fakes.said import said

WORDS = built_in()[Language.UKRAINIAN]
KYIVSKYI, DESNIANSKYI, POLISKYI = "Київський квартал", "Деснянський квартал", "Поліський квартал"
HOUSES = [
    *((street, str(house)) for street in (KYIVSKYI, DESNIANSKYI, POLISKYI) for house in range(1, 11)),
    *((KYIVSKYI, one) for one in ("7а", "12 1", "14к2")),
]
REGISTER = Gazetteer(
    [(name, one.name) for one in demo_streets() for name in (one.name, *one.former)],
    {(street, house): street for street, house in HOUSES},
)


def found(text: str) -> list[str]:
    return [one.text for one in addresses_in(said(text), REGISTER, WORDS)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Київський квартал, будинок п'ять", "Київський квартал, 5"),
        ("та в нас на київському, дом чотири", "Київський квартал, 4"),
        ("у четвертому будинку на Київському кварталі", "Київський квартал, 4"),
        ("кыевський квартал 4", "Київський квартал, 4"),
        ("київ ський квартал чотири", "Київський квартал, 4"),
        ("московський квартал, десять", "Поліський квартал, 10"),
        ("невський квартал, другий під'їзд, будинок один", "Деснянський квартал, 1"),
        ("поліський два, третій під'їзд", "Поліський квартал, 2"),
        ("поліський, один, квартира п'ять", "Поліський квартал, 1"),
        ("київський сім а", "Київський квартал, 7а"),
        ("київський дванадцять дріб один", "Київський квартал, 12/1"),
        ("київський чотирнадцять корпус два", "Київський квартал, 14к2"),
        ("курчатова шість", "вулиця Атомників, 6"),
        ("дружба народів п'ять", "проспект Незалежності, 5"),
    ],
)
def test_an_address_is_found(text: str, address: str) -> None:
    assert found(text)[0] == address


def test_the_kind_of_street_and_its_gender_tell_two_apart() -> None:
    assert found("деснянська вулиця один")[0] == "вулиця Деснянська, 1"
    assert found("на деснянській один")[0] == "вулиця Деснянська, 1"
    assert found("на деснянському один")[0] == "Деснянський квартал, 1"
    assert "вулиця Деснянська, 1" in found("деснянський один")  # asked as well: an ending is soon misheard


def test_a_number_that_sounds_like_another_is_a_guess_as_well() -> None:
    assert found("київський сім") == ["Київський квартал, 7", "Київський квартал, 8"]
    assert found("деснянський квартал сімнадцять") == ["Деснянський квартал, 7"]


def test_a_house_that_the_register_does_not_have_is_never_made_up() -> None:
    assert found("київський квартал двадцять два") == ["Київський квартал"]
    assert houses_in(said("двадцять два"), KYIVSKYI, REGISTER, WORDS) == []


def test_a_house_alone_is_looked_for_on_the_street_that_is_known() -> None:
    there = houses_in(said("ну, сім а"), KYIVSKYI, REGISTER, WORDS)
    assert [one.house for one in there] == ["7а", "7", "8"]
    assert there[0].quarter == KYIVSKYI


@pytest.mark.parametrize("text", ["", "немає води", "з'єднайте з диспетчером", "сім", "добрий день"])
def test_words_that_name_no_street_are_no_address(text: str) -> None:
    assert found(text) == []
