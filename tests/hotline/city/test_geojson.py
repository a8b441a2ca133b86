"""A city's map is read from GeoJSON: shapes with names, on a plane of whole numbers."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from hotline.city import geojson
from hotline.city.addresses import demo_streets
from hotline.city.city_map import WIDTH
from hotline.city.geojson import (
    NO_DEGREES,
    NO_GEOJSON,
    NO_NAMES,
    TOO_DETAILED,
    UnreadableMap,
    demo_map,
    read_geojson,
)

SQUARE = [[30.0, 51.0], [30.1, 51.0], [30.1, 51.1], [30.0, 51.1], [30.0, 51.0]]


def feature(kind: str, coordinates: Any, **properties: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": properties,
        "geometry": {"type": kind, "coordinates": coordinates},
    }


def collection(*features: Any) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_areas_lines_and_houses_are_read_by_either_kind_of_names() -> None:
    read = read_geojson(
        collection(
            feature("Polygon", [SQUARE], **{"addr:street": "вулиця  Миру", "addr:housenumber": "7а"}),
            feature("LineString", SQUARE[:2], name="вулиця Миру"),
            feature("MultiPolygon", [[SQUARE], [SQUARE]], street="Київський квартал"),
            feature(
                "MultiLineString", [SQUARE[:2], SQUARE[1:3]], name="Street", **{"name:uk": "вулиця Тиха"}
            ),
            feature("Point", SQUARE[0], name="a stop"),
            feature("Polygon", [SQUARE], natural="wood"),
            {"type": "Feature", "properties": None, "geometry": None},
        )
    )
    assert [(one.street, one.house, one.closed, len(one.rings)) for one in read.shapes] == [
        ("Київський квартал", "", True, 2),
        ("вулиця Миру", "", False, 1),
        ("вулиця Тиха", "", False, 2),
        ("вулиця Миру", "7а", True, 1),
    ]


def test_a_degree_of_longitude_is_shorter_by_the_latitude_and_north_is_up() -> None:
    read = read_geojson(collection(feature("Polygon", [SQUARE], name="x")))
    (ring,) = read.shapes[0].rings
    assert ring == ((0, read.height), (WIDTH, read.height), (WIDTH, 0), (0, 0))
    assert 1.5 < read.height / WIDTH < 1.7
    assert read.shapes[0].path == f"M0 {read.height}L{WIDTH} {read.height}L{WIDTH} 0L0 0Z"


def test_one_street_from_south_to_north_is_a_map_that_a_page_can_show() -> None:
    read = read_geojson(collection(feature("LineString", [[30.0, 51.0], [30.0, 51.1]], name="x")))
    assert read.height == 3 * WIDTH
    assert read.shapes[0].rings == (((0, read.height), (0, 0)),)


def test_what_falls_together_is_left_out() -> None:
    tiny = [[30.05, 51.05], [30.05001, 51.05], [30.05001, 51.05001], [30.05, 51.05]]
    read = read_geojson(
        collection(feature("Polygon", [SQUARE], name="x"), feature("Polygon", [tiny], name="y"))
    )
    assert [one.street for one in read.shapes] == ["x"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", NO_GEOJSON),
        (b"\xff\xfe", NO_GEOJSON),
        (b"[]", NO_GEOJSON),
        (b'{"type": "Topology"}', NO_GEOJSON),
        (b"[" * 100_000, NO_GEOJSON),
        (collection(feature("Polygon", [[["a", "b"]]], name="x")), NO_GEOJSON),
        (collection(feature("Polygon", 7, name="x")), NO_GEOJSON),
        (collection(feature("Polygon", [[[1e9, 5.0e6]]], name="x")), NO_DEGREES),
        (collection(feature("Polygon", [[[float("nan"), 5.0]]], name="x")), NO_DEGREES),
        (collection(7), NO_GEOJSON),
        (collection({"type": "Feature", "properties": ["x"], "geometry": None}), NO_GEOJSON),
        (collection(feature("LineString", [[10**400, 1], [2, 2]], name="x")), NO_GEOJSON),
        (collection(), NO_NAMES),
        (collection(feature("Polygon", [[]], name="x")), NO_NAMES),
        (collection(feature("Polygon", [SQUARE])), NO_NAMES),
    ],
)
def test_what_is_no_map_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(UnreadableMap) as refused:
        read_geojson(content)
    assert str(refused.value) == why


@pytest.mark.parametrize("bound", ["MOST_SHAPES", "MOST_POINTS"])
def test_a_map_that_no_page_could_draw_is_refused(bound: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, bound, 1)
    with pytest.raises(UnreadableMap, match=TOO_DETAILED):
        read_geojson(collection(*(feature("Polygon", [SQUARE], name=name) for name in "xy")))


def test_the_demo_city_has_all_its_quarters_on_the_map() -> None:
    shapes = demo_map().shapes
    drawn: Sequence[str] = [one.street for one in shapes if not one.house]
    assert sorted(drawn) == sorted(one.name for one in demo_streets())
