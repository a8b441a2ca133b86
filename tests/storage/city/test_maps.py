"""Versions of the city's map, on both databases; a file is read by a program of its own."""

import json

import pytest

from hotline.city.city_map import CityMap, Shape
from hotline.city.geojson import NO_GEOJSON, TOO_DETAILED, demo_map
from hotline.errors import Outdated
from hotline.intake.lines import Unreadable
from storage.intake import map_file
from storage.intake.map_file import read_map_file
from storage.store import Storage
from tests.storage.conftest import NOON

LITTLE = CityMap(
    height=5, shapes=(Shape(street="Площа", house="1", rings=(((0, 0), (9, 5)),), closed=False),)
)


async def test_the_newest_map_is_shown(storage: Storage) -> None:
    maps = storage.city_maps
    assert await maps.newest() is None
    first = await maps.put(demo_map(), source="demo-map.geojson", at=NOON)
    assert await maps.newest() == first
    assert first.map == demo_map()
    second = await maps.put(LITTLE, source="own.geojson", at=NOON)
    assert second.id > first.id
    assert await maps.newest() == second
    assert second.map == LITTLE


async def test_a_file_is_read_apart_from_the_service(monkeypatch: pytest.MonkeyPatch) -> None:
    line = {"type": "LineString", "coordinates": [[30, 51], [30.1, 51.1]]}
    content = json.dumps({"type": "Feature", "properties": {"name": "Площа"}, "geometry": line})
    read = await read_map_file(content.encode())
    assert [(one.street, one.closed) for one in read.shapes] == [("Площа", False)]
    with pytest.raises(Unreadable, match=NO_GEOJSON):
        await read_map_file(b"<kml/>")
    monkeypatch.setattr(map_file, "MOST_BYTES", 3)
    with pytest.raises(Unreadable, match=TOO_DETAILED):
        await read_map_file(b"1234")


async def test_a_draft_is_shown_only_once_it_is_put(storage: Storage) -> None:
    maps = storage.city_maps
    shown = await maps.put(LITTLE, source="own.geojson", at=NOON)
    assert await maps.draft() is None
    earlier = await maps.bring(LITTLE, source="half.geojson", at=NOON)
    draft = await maps.bring(demo_map(), source="whole.geojson", at=NOON)
    assert await maps.draft() == draft
    assert await maps.newest() == shown
    for overtaken in (maps.put_draft(earlier.id, NOON), maps.drop_draft(earlier.id)):
        with pytest.raises(Outdated):
            await overtaken
    put = await maps.put_draft(draft.id, NOON)
    assert (put.source, put.map) == ("whole.geojson", demo_map())
    assert await maps.newest() == put
    assert await maps.draft() is None


async def test_a_draft_is_dropped(storage: Storage) -> None:
    draft = await storage.city_maps.bring(LITTLE, source="own.geojson", at=NOON)
    await storage.city_maps.drop_draft(draft.id)
    assert await storage.city_maps.draft() is None
    assert await storage.city_maps.newest() is None
