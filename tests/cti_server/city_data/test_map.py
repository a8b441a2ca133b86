"""The city's map on its page: brought as a file, looked at beside the register, put into force or dropped."""

import json
import re

import aiohttp

from hotline.access.users import AuditFilter
from hotline.city.addresses import demo_streets
from hotline.city.geojson import demo_map
from storage.store import Storage
from tests.cti_server.conftest import Person
from tests.storage.conftest import NOON

PATH = "/city-data/map"
SQUARE = [[[30.70, 51.50], [30.71, 51.50], [30.71, 51.51], [30.70, 51.51], [30.70, 51.50]]]
MIXED = (("Ризький квартал", ""), ("Промзона", ""), ("Курчатова", "7"))


def geojson(*named: tuple[str, str]) -> bytes:
    """Make a file of a square for each (street, house)."""
    features = [
        {
            "type": "Feature",
            "properties": {"street": street, "house": house},
            "geometry": {"type": "Polygon", "coordinates": SQUARE},
        }
        for street, house in named
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


async def brought(person: Person, content: bytes, name: str = "own.geojson") -> aiohttp.ClientResponse:
    form = aiohttp.FormData({"csrf": person.csrf})
    form.add_field("file", content, filename=name)
    return await person.client.post(f"{PATH}/file", data=form, headers=person.origin, allow_redirects=False)


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="(\d+)"', page)
    return found[1] if found else ""


async def test_a_map_is_looked_at_and_put_into_force(administrator: Person, storage: Storage) -> None:
    await storage.streets.add(demo_streets())
    await storage.city_maps.put(demo_map(), source="demo-map.geojson", at=NOON)
    answer = await brought(administrator, geojson(*MIXED))
    assert (answer.status, answer.headers["Location"]) == (303, PATH)
    page = await administrator.text(PATH)
    assert "Чернетка: own.geojson" in page
    assert "Чинна: demo-map.geojson" in page
    assert "Промзона" in page
    assert 'class="map-unknown" d="M' in page
    assert (await storage.city_maps.newest()).source == "demo-map.geojson"  # type: ignore[union-attr]
    assert "own.geojson" in await administrator.text("/city-data")
    put = await administrator.post(f"{PATH}/put", {"seen": seen(page)})
    assert put.headers["Location"] == f"{PATH}?noted=map-put"
    assert (await storage.city_maps.newest()).source == "own.geojson"  # type: ignore[union-attr]
    assert "Відтепер показуємо цю карту." in await administrator.text(f"{PATH}?noted=map-put")
    changes = await storage.audit.find(AuditFilter(action="change", subject="city-data:map"), limit=9)
    assert [one.detail.split(" from ")[1] for one in changes] == ["own.geojson", "own.geojson"]


async def test_a_file_that_cannot_be_shown_comes_back_with_the_reason(
    administrator: Person, storage: Storage
) -> None:
    await storage.streets.add(demo_streets())
    for content, name, reason in (
        (b"<kml/>", "city.kml", "city.kml: Це не файл GeoJSON."),
        (geojson(("Хрещатик", "1")), "kyiv.geojson", "kyiv.geojson: Реєстр адрес не знає жодної вулиці"),
        (geojson(), "empty.geojson", "empty.geojson: "),
    ):
        answer = await brought(administrator, content, name)
        assert answer.status == 422
        assert reason in await answer.text()
    assert await storage.city_maps.draft() is None


async def test_a_draft_that_another_replaced_is_not_put_unseen(
    administrator: Person, storage: Storage
) -> None:
    await brought(administrator, geojson(("Ризький квартал", "")))
    first = seen(await administrator.text(PATH))
    await brought(administrator, geojson(("Промзона", "")), "other.geojson")
    for act in ("put", "drop"):
        answer = await administrator.post(f"{PATH}/{act}", {"seen": first})
        assert answer.status == 409
        assert "Чернетка: other.geojson" in await answer.text()
    assert await storage.city_maps.newest() is None
    dropped = await administrator.post(f"{PATH}/drop", {"seen": seen(await administrator.text(PATH))})
    assert dropped.headers["Location"] == f"{PATH}?noted=map-dropped"
    assert await storage.city_maps.draft() is None


async def test_whoever_changes_nothing_sees_the_map_in_force_alone(
    administrator: Person, observer: Person
) -> None:
    await brought(administrator, geojson(("Ризький квартал", "")))
    page = await observer.text(PATH)
    assert "Чинної карти ще немає" in page
    assert "own.geojson" not in page
    assert 'type="file"' not in page
    assert (await brought(observer, geojson(("Ризький квартал", "")))).status == 403
