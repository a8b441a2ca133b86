"""Reads a city's map from GeoJSON (RFC 7946): what has a name that the register may know, and nothing else.

Names stand in a feature's properties as `street` and `house`, or as OpenStreetMap has them: `addr:street`,
`addr:housenumber`, `name`.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from importlib.resources import files
from typing import Any

from hotline.city.city_map import WIDTH, CityMap, Plane, Point, Shape, drawn_in_order
from hotline.foreign_text import storable

MOST_SHAPES = 20_000
MOST_POINTS = 150_000
"""Once projected: all of them are drawn on each page."""
LONGEST_NAME = 120
_STREET = ("street", "addr:street", "name:uk", "name")
_HOUSE = ("house", "addr:housenumber")
_LEAST = {True: 3, False: 2}
_FARTHEST_NORTH = 85.0
_TALLEST = 3
"""How many times as high as wide a map is at most; one street from south to north has no width at all."""
_OTHERWISE_MADE = (ValueError, TypeError, LookupError, AttributeError, OverflowError, RecursionError)
"""Errors with a file whose JSON has another shape than GeoJSON."""
Position = tuple[float, float]
Outline = tuple[Sequence[Sequence[Position]], bool]


class UnreadableMap(ValueError):  # noqa: N818 - reads as what is the matter
    """It is no GeoJSON, or cannot be drawn; the message says why, in a sentence of the catalogue."""


NO_GEOJSON = "This is no GeoJSON file."
NO_DEGREES = (
    "The coordinates are no degrees of longitude and latitude (WGS 84): export the file in EPSG:4326."
)
NO_NAMES = "No shape has the name of a street or quarter: see docs/operations.md for the names of properties."
TOO_DETAILED = "The map has more than 20,000 shapes or 150,000 points: simplify it, or leave houses out."


def read_geojson(content: bytes) -> CityMap:
    """Read the shapes and project them; raises UnreadableMap."""
    try:
        read = json.loads(content)
        named = [one for feature in _features(read) if (one := _named(feature))]
    except UnreadableMap:
        raise
    except _OTHERWISE_MADE as error:
        raise UnreadableMap(NO_GEOJSON) from error
    if not named:
        raise UnreadableMap(NO_NAMES)
    if len(named) > MOST_SHAPES:
        raise UnreadableMap(TOO_DETAILED)
    return _projected(named)


def demo_map() -> CityMap:
    """Read the schematic map of Slavutych's quarters."""
    return read_geojson(files("hotline").joinpath("data/demo-map.geojson").read_bytes())


def _features(read: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if read["type"] == "Feature":
        yield read
    elif read["type"] == "FeatureCollection":
        yield from read["features"]
    else:
        raise UnreadableMap(NO_GEOJSON)


def _named(feature: Mapping[str, Any]) -> tuple[str, str, Outline] | None:
    properties, geometry = feature.get("properties") or {}, feature.get("geometry")
    street, house = _first(properties, _STREET), _first(properties, _HOUSE)
    outline = _outline(geometry) if street and geometry else None
    return (street, house, outline) if outline and any(outline[0]) else None


def _first(properties: Mapping[str, Any], names: Sequence[str]) -> str:
    found = (properties.get(name) for name in names)
    return next((storable(" ".join(str(one).split()))[:LONGEST_NAME] for one in found if one), "")


def _outline(geometry: Mapping[str, Any]) -> Outline | None:
    """Give the rings or lines of a shape; points say nothing that could be shaded."""
    there: Any = geometry.get("coordinates")
    match geometry["type"]:
        case "Polygon":
            return [_positions(ring) for ring in there], True
        case "MultiPolygon":
            return [_positions(ring) for polygon in there for ring in polygon], True
        case "LineString":
            return [_positions(there)], False
        case "MultiLineString":
            return [_positions(line) for line in there], False
        case _:
            return None


def _positions(found: Sequence[Sequence[Any]]) -> Sequence[Position]:
    positions = [(float(one[0]), float(one[1])) for one in found]
    if not all(abs(east) <= 180 and abs(north) <= _FARTHEST_NORTH for east, north in positions):  # noqa: PLR2004
        raise UnreadableMap(NO_DEGREES)
    return positions


def _projected(named: Sequence[tuple[str, str, Outline]]) -> CityMap:
    """Lay the city flat: within a city the Earth is, and a degree of longitude is shorter by the latitude."""
    all_positions = [one for _, _, (rings, _) in named for ring in rings for one in ring]
    easts, norths = [one[0] for one in all_positions], [one[1] for one in all_positions]
    narrower = math.cos(math.radians((min(norths) + max(norths)) / 2))
    tall = max(norths) - min(norths)
    span = max((max(easts) - min(easts)) * narrower, tall / _TALLEST, 1e-9)
    scale, west, north = WIDTH / span, min(easts), max(norths)

    def projected(position: Position) -> Point:
        return round((position[0] - west) * narrower * scale), round((north - position[1]) * scale)

    shapes, points = [], 0
    for street, house, (rings, closed) in named:
        flat = tuple(filter(None, (_simplified([*map(projected, ring)], closed=closed) for ring in rings)))
        if flat:
            points += sum(map(len, flat))
            shapes.append(Shape(street=street, house=house, rings=flat, closed=closed))
    if points > MOST_POINTS:
        raise UnreadableMap(TOO_DETAILED)
    if not shapes:
        raise UnreadableMap(NO_NAMES)
    plane = Plane(west=west, north=north, scale=scale, narrower=narrower)
    return CityMap(height=max(1, round(tall * scale)), shapes=drawn_in_order(shapes), plane=plane)


def _simplified(points: Sequence[Point], *, closed: bool) -> tuple[Point, ...]:
    """Leave out points that fall together, and the last of a ring, which is its first; empty: too small."""
    kept = [point for number, point in enumerate(points) if number == 0 or point != points[number - 1]]
    if closed and len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return tuple(kept) if len(kept) >= _LEAST[closed] else ()
