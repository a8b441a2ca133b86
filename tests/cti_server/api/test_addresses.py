"""Addresses by words and by coordinates, on a register and a map."""

import json

import pytest
from sqlalchemy import insert

from hotline.city.geojson import read_geojson
from storage.store import Storage
from storage.tables import houses
from tests.cti_server.api.conftest import Program, given_appeal
from tests.cti_server.conftest import MovedClock

QUARTER = "Київський квартал"
AT = {"7": (51.5225, 30.7180), "8": (51.5235, 30.7180), "9": (51.5225, 30.7280)}


@pytest.fixture
async def town(storage: Storage, clock: MovedClock, streets: None) -> None:
    """A quarter of three houses, on the register and on the map."""
    del streets
    async with storage.database.writing() as connection:
        rows = [{"street": QUARTER, "house": one, "quarter": QUARTER} for one in (*AT, "10")]
        await connection.execute(insert(houses), rows)
    half = 0.0001
    features = [
        {
            "type": "Feature",
            "properties": {"street": QUARTER, "house": house},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [east + one * half, north + other * half]
                        for one, other in ((-1, -1), (1, -1), (1, 1), (-1, 1))
                    ]
                ],
            },
        }
        for house, (north, east) in AT.items()
    ]
    drawn = read_geojson(json.dumps({"type": "FeatureCollection", "features": features}).encode())
    await storage.city_maps.put(drawn, source="map.geojson", at=clock.now())


@pytest.mark.usefixtures("town")
async def test_an_address_is_found_as_it_is_typed_and_where_it_is(head: Program) -> None:
    begun = await head.get("/addresses?q=київ")
    assert {
        "address": QUARTER,
        "street": QUARTER,
        "house": None,
        "lat": None,
        "long": None,
        "metres": None,
    } in (begun["items"])
    (seven,) = (await head.get("/addresses?q=київський кв. 7"))["items"]
    assert seven["address"] == f"{QUARTER}, 7"
    assert (seven["lat"], seven["long"]) == pytest.approx(AT["7"], abs=0.0001)
    (ten,) = (await head.get("/addresses?q=київський квартал 10"))["items"]
    assert (ten["house"], ten["lat"]) == ("10", None), "the map does not have it"
    assert (await head.get("/addresses?q=Незнана вулиця, 1"))["unknown"] == "street"


@pytest.mark.usefixtures("town")
async def test_the_nearest_house_is_the_place_of_an_appeal(head: Program, masked: Program) -> None:
    near = (await head.get("/addresses/nearest?lat=51.52252&long=30.71805&limit=2"))["items"]
    assert [one["house"] for one in near] == ["7", "8"]
    assert [round(one["metres"], -2) for one in near] == [0, 100]
    made = await head.ask(
        "POST",
        "/appeals",
        json=given_appeal(address=near[0]["address"]),
        headers={"Idempotency-Key": "by-coordinates"},
    )
    appeal = await made.json()
    assert (appeal["lat"], appeal["long"]) == (near[0]["lat"], near[0]["long"])
    hidden = await masked.get(f"/appeals/{appeal['number']}")
    assert (hidden["address"], hidden["lat"], hidden["long"]) == (None, None, None)


async def test_a_city_without_a_map_has_no_coordinates(head: Program) -> None:
    assert (await head.get("/addresses/nearest?lat=51.5&long=30.7"))["items"] == []
    for wrong in ("lat=91&long=0", "lat=nan&long=0", "lat=51.5"):
        assert (await head.ask("GET", f"/addresses/nearest?{wrong}")).status == 422
