"""Shapes of a map beside the register: what is known, by old names too, and what is missing."""

from hotline.city.addresses import Gazetteer
from hotline.city.city_map import CityMap, Shape
from hotline.city.map_match import match

SQUARE = (((0, 0), (9, 0), (9, 9)),)


def shape(street: str, house: str = "", *, closed: bool = True) -> Shape:
    return Shape(street=street, house=house, rings=SQUARE, closed=closed)


NAMES = [("вулиця Атомників", "вулиця Атомників"), ("вулиця Курчатова", "вулиця Атомників")]
REGISTER = Gazetteer(
    [*NAMES, ("Ризький квартал", "Ризький квартал"), ("вулиця Лісна", "вулиця Лісна")],
    {("вулиця Атомників", "7"): "", ("вулиця Атомників", "9а"): ""},
)


def test_what_the_register_knows_is_counted_by_kind_and_the_rest_named_once() -> None:
    city = CityMap(
        height=9,
        shapes=(
            shape("Ризький квартал"),
            shape("Промзона"),
            shape("Промзона"),
            shape("вул. Курчатова", closed=False),
            shape("Курчатова", "7"),
            shape("вулиця Атомників", "11"),
            shape("Ризький квартал", "1"),
        ),
    )
    found = match(city, REGISTER)
    assert (found.areas.known, found.areas.unknown) == (1, ["Промзона"])
    assert (found.lines.known, found.lines.unknown) == (1, [])
    assert found.houses.known == 2, "a quarter whose houses the register does not have counts as known"
    assert found.houses.unknown == ["вулиця Атомників, 11"]
    assert len(found.strangers) == 3
    assert found.streets_missing == ["вулиця Лісна"]
    assert found.houses_missing == 1, "9а is not drawn"
    assert not found.nothing_known


def test_a_map_of_another_city_is_known_in_nothing() -> None:
    assert match(CityMap(height=9, shapes=(shape("Хрещатик"),)), REGISTER).nothing_known
