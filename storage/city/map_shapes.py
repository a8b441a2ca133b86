"""A map as JSON has it: light, for the program that reads files of maps imports it too."""

from collections.abc import Mapping
from typing import Any

from hotline.city.city_map import CityMap, Plane, Shape


def map_of(read: Mapping[str, Any]) -> CityMap:
    """Make the map of what stands in the database, or comes from the program that has read a file."""
    shapes = (
        Shape(**one | {"rings": tuple(tuple((x, y) for x, y in ring) for ring in one["rings"])})
        for one in read["shapes"]
    )
    plane = read.get("plane")
    return CityMap(height=read["height"], shapes=tuple(shapes), plane=Plane(**plane) if plane else None)
