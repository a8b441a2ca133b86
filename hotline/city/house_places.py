"""Houses by their places on the Earth: where an address is, and which house is nearest."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from attrs import define, field

from hotline.city.addresses import Address, Gazetteer, Streets
from hotline.city.city_map import CityMaps, KeptMap, Plane, Shape

METRES_OF_DEGREE = 111_195.0
"""Of latitude."""
FARTHEST_METRES = 150.0
"""A place that is farther from every house of the map is at none of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A house and the middle of its outline, in degrees of WGS 84."""

    address: Address
    latitude: float
    longitude: float

    def metres_to(self, latitude: float, longitude: float) -> float:
        """Tell how far another place is; within a city the Earth is flat."""
        north = (latitude - self.latitude) * METRES_OF_DEGREE
        east = (longitude - self.longitude) * METRES_OF_DEGREE * math.cos(math.radians(self.latitude))
        return math.hypot(north, east)


class PlacedHouses:
    """All houses of one map that the register knows the streets of. Made once for a map; immutable."""

    def __init__(self, gazetteer: Gazetteer, kept: KeptMap | None) -> None:
        self._gazetteer = gazetteer
        plane = kept.map.plane if kept else None
        self._houses: Mapping[tuple[str, str], Place] = (
            dict(_placed(gazetteer, kept, plane)) if kept and plane else {}
        )

    def of(self, address: str) -> Place | None:
        """Give the place of the house that an address names; None where the map does not have it."""
        located = self._gazetteer.locate(address) if self._houses and address else None
        if located is None or not located.house:
            return None
        return self._houses.get(self._gazetteer.key(located.street, located.house))

    def nearest(self, latitude: float, longitude: float, limit: int) -> Sequence[Place]:
        """List the nearest houses, the nearest first."""
        return sorted(self._houses.values(), key=lambda one: one.metres_to(latitude, longitude))[:limit]


def _placed(gazetteer: Gazetteer, kept: KeptMap, plane: Plane) -> Sequence[tuple[tuple[str, str], Place]]:
    names = {one.street: gazetteer.street(one.street) for one in kept.map.shapes if one.house}
    return [
        (gazetteer.key(street, one.house), _place(gazetteer.at(street, one.house), plane, one))
        for one in kept.map.shapes
        if one.house and (street := names[one.street])
    ]


def _place(address: Address, plane: Plane, shape: Shape) -> Place:
    latitude, longitude = plane.degrees(shape.middle)
    return Place(address=address, latitude=latitude, longitude=longitude)


@define(eq=False, repr=False)
class HousePlaces:
    """The placed houses of the map and the register of this moment, made anew when either is another."""

    _maps: CityMaps
    _streets: Streets
    _made_of: tuple[int, Gazetteer] | None = field(default=None, init=False)
    _present: PlacedHouses | None = field(default=None, init=False)

    async def now(self) -> PlacedHouses:
        """Give them; of a large city they take a second of the processor once, beside the event loop."""
        kept, gazetteer = await self._maps.newest(), await self._streets.gazetteer()
        made_of = (kept.id if kept else 0, gazetteer)
        if self._present is None or self._made_of != made_of:
            self._present = await asyncio.to_thread(PlacedHouses, gazetteer, kept)
            self._made_of = made_of
        return self._present
