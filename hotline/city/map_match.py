"""A map beside the register of addresses: which of its shapes the register knows, and what the map lacks."""

from collections.abc import Sequence
from dataclasses import dataclass

from hotline.city.addresses import Gazetteer
from hotline.city.city_map import CityMap, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class KindMatch:
    """Shapes of one kind: how many there are and the register knows, and the others' names, each once."""

    all: int
    known: int
    unknown: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapMatch:
    """`strangers` are the shapes that the register does not know by their names.

    Of the register: `streets_missing` have neither a shape nor a house on the map, `houses_missing` are
    counted. Of a street whose houses the register does not have, every house on the map counts as known.
    """

    areas: KindMatch
    lines: KindMatch
    houses: KindMatch
    strangers: Sequence[Shape]
    streets_missing: Sequence[str]
    houses_missing: int

    @property
    def nothing_known(self) -> bool:
        return not (self.areas.known or self.lines.known or self.houses.known)


def match(city: CityMap, gazetteer: Gazetteer) -> MapMatch:
    """Look every shape up. It takes the processor for half a second of a city with all its houses."""
    present = {name: gazetteer.street(name) for name in {one.street for one in city.shapes}}
    register = gazetteer.houses()
    of_houses = {street for street, _ in register}
    drawn: set[tuple[str, str]] = set()
    strangers: list[Shape] = []
    for one in city.shapes:
        street = present[one.street]
        if street is None or (one.house and street in of_houses and not gazetteer.has(street, one.house)):
            strangers.append(one)
        elif one.house:
            drawn.add(gazetteer.key(street, one.house))
    missing = gazetteer.streets() - {one for one in present.values() if one}
    return MapMatch(
        areas=_kind([one for one in city.shapes if not one.house and one.closed], strangers),
        lines=_kind([one for one in city.shapes if not one.house and not one.closed], strangers),
        houses=_kind([one for one in city.shapes if one.house], strangers),
        strangers=strangers,
        streets_missing=sorted(missing),
        houses_missing=len(register - drawn),
    )


def _kind(shapes: Sequence[Shape], strangers: Sequence[Shape]) -> KindMatch:
    apart = {id(one) for one in strangers}
    others = [one for one in shapes if id(one) in apart]
    unknown = {f"{one.street}, {one.house}" if one.house else one.street for one in others}
    return KindMatch(all=len(shapes), known=len(shapes) - len(others), unknown=sorted(unknown))
