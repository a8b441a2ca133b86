"""The map is shaded by the rule by which callers are told."""

from collections.abc import Mapping, Sequence

from hotline.city.addresses import Address, Area, Side
from hotline.city.city_map import Shape
from hotline.outages.on_map import Shade, ShadedMap

RING = (((0, 0), (1, 0), (1, 1)),)
NAMES = (
    ("Київський квартал", ""),
    ("Ризький квартал", ""),
    ("Київський квартал", "1"),
    ("Київський квартал", "2"),
    ("вулиця Миру", "3"),
)
QUARTERS = {("вулиця Миру", "3"): "Ризький квартал"}
WHOLE, PART = Shade.WHOLE, Shade.PART


def shaded(*areas: Area, names: Sequence[tuple[str, str]] = NAMES) -> Mapping[int, Shade]:
    def locate(street: str, house: str) -> Address:
        return Address(street=street, house=house, quarter=QUARTERS.get((street, house), ""))

    shapes = [Shape(street=street, house=house, rings=RING) for street, house in names]
    return ShadedMap(shapes, locate).shaded(areas)


def test_a_whole_quarter_is_shaded_with_the_houses_in_it() -> None:
    assert shaded(Area(street="київський квартал")) == {0: WHOLE, 2: WHOLE, 3: WHOLE}
    assert shaded(Area(street="Ризький квартал")) == {1: WHOLE, 4: WHOLE}


def test_of_some_houses_those_are_shaded_that_the_map_has() -> None:
    assert shaded(Area(street="Київський квартал", first=1, last=9, side=Side.EVEN)) == {3: WHOLE}
    assert shaded(Area(street="вулиця Миру", first=5)) == {}


def test_an_area_without_houses_on_the_map_is_shaded_in_part() -> None:
    some = Area(street="Ризький квартал", first=1, last=9)
    assert shaded(some) == {1: PART}
    assert shaded(some, Area(street="Ризький квартал")) == {1: WHOLE, 4: WHOLE}
    assert shaded(Area(street="Ризький квартал"), some) == {1: WHOLE, 4: WHOLE}


def test_the_whole_city_is_everything_and_an_unknown_street_is_nothing() -> None:
    assert shaded() == dict.fromkeys(range(len(NAMES)), WHOLE)
    assert shaded(Area(street="Невідома вулиця")) == {}
