"""Places in Ukrainian words: cases, prepositions, houses."""

import pytest

from hotline.city.addresses import Area, Side, demo_streets
from ivr_flows import ukrainian_places


@pytest.mark.parametrize(
    ("street", "there"),
    [
        ("Вільнюський квартал", "у В+ільнюському кварт+алі"),
        ("вулиця Атомників", "на в+улиці +Атомників"),
        ("Центральна площа", "на Центр+альній пл+ощі"),
        ("Одеський квартал", "в Одеському кварталі"),
        ("вул. Нова", "на вулиці Новій"),
        ("вулиця Київська", "на вулиці Київській"),
        ("вулиця Шевченка", "на вулиці Шевченка"),
        ("вулиця Богдана Хмельницького", "на вулиці Богдана Хмельницького"),
        ("просп. Миру", "на проспекті Миру"),
        ("Нижній провулок", "у Нижньому провулку"),
        ("1-й провулок", "у першому провулку"),
        ("вулиця 8 Березня", "на вулиці восьмого Березня"),
        ("вулиця 77-ї Гвардійської дивізії", "на вулиці сімдесят сьомої Гвардійської дивізії"),
        ("Хутір", "за адресою Хутір"),
    ],
)
def test_somebody_is_there_in_the_right_case(street: str, there: str) -> None:
    assert ukrainian_places.at(street) == there


def test_every_street_of_the_city_is_known_with_its_stress() -> None:
    for street in demo_streets():
        for said in (ukrainian_places.name(street.name), ukrainian_places.at(street.name)):
            assert "+" in said, street.name
        assert ukrainian_places.name(street.name).replace("+", "") == street.name


@pytest.mark.parametrize(
    ("area", "houses"),
    [
        (Area(street="x"), ""),
        (Area(street="x", first=1, last=15), "будинки з першого по п'ятнадцятий"),
        (Area(street="x", first=1, last=15, side=Side.ODD), "непарні будинки з першого по п'ятнадцятий"),
        (Area(street="x", first=3, last=103), "будинки з третього по сто третій"),
        (Area(street="x", first=20), "будинки з двадцятого"),
        (Area(street="x", last=40), "будинки по сороковий"),
        (Area(street="x", side=Side.EVEN), "парні будинки"),
        (Area(street="x", first=7, last=7), "будинок сім"),
        (Area(street="x", first=7, last=7, letter="А"), "будинок сім, літера а"),
        (Area(street="x", first=7, last=7, letter="Б"), "будинок сім, літера бе"),
    ],
)
def test_houses_are_counted_as_people_do(area: Area, houses: str) -> None:
    assert ukrainian_places.houses(area) == houses
