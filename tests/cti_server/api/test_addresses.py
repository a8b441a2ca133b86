"""Addresses by words and by coordinates, on a register and a map."""

import json
from typing import Any

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
    status, said = await registered(head, "no-map-at-all", address=None, lat=51.5, long=30.7)
    assert (status, said["code"]) == (422, "no-house-near")
    for wrong in ("lat=91&long=0", "lat=nan&long=0", "lat=51.5"):
        assert (await head.ask("GET", f"/addresses/nearest?{wrong}")).status == 422


async def registered(program: Program, key: str, **given: object) -> tuple[int, dict[str, Any]]:
    made = await program.ask(
        "POST",
        "/appeals",
        json={name: one for name, one in given_appeal(**given).items() if one is not None},
        headers={"Idempotency-Key": key},
    )
    return made.status, await made.json()


@pytest.mark.usefixtures("town")
async def test_an_appeal_is_registered_by_coordinates_in_one_call(head: Program, masked: Program) -> None:
    where = {"address": None, "lat": 51.52252, "long": 30.71805, "external_id": "CASE-7"}
    status, appeal = await registered(head, "by-coordinates-1", **where)
    assert (status, appeal["address"]) == (201, f"{QUARTER}, 7")
    assert (appeal["lat"], appeal["long"]) == pytest.approx(AT["7"], abs=0.0001)
    elsewhere = {**where, "lat": 40.0}
    again = await registered(head, "by-coordinates-2", **elsewhere)
    assert (again[0], again[1]["number"]) == (201, appeal["number"]), "it is known by its own id"
    hidden = await registered(masked, "by-coordinates-3", **where)
    assert (hidden[0], hidden[1]["address"], hidden[1]["lat"]) == (201, None, None)


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize(
    ("where", "code", "place"),
    [
        ({"lat": 51.5265, "long": 30.7180}, "no-house-near", "body.lat"),
        ({"lat": 51.5225, "long": 30.7180, "address": f"{QUARTER}, 7"}, "invalid", "body.lat"),
        ({"lat": 51.5225}, "invalid", "body.long"),
        ({"long": 30.7180}, "invalid", "body.lat"),
        ({}, "invalid", "body.address"),
        ({"address": "  "}, "invalid", "body.address"),
        ({"lat": 151.5, "long": 30.7180}, "invalid", "body.lat"),
    ],
)
async def test_a_place_that_is_none_is_refused_with_what_to_do(
    head: Program, where: dict[str, object], code: str, place: str
) -> None:
    status, said = await registered(head, "refused-once", **{"address": None, **where})
    assert (status, said["code"], [one["where"] for one in said["errors"]]) == (422, code, [place])
    if code == "no-house-near":
        assert "8, за 334 м; беремо не далі ніж за 150 м" in said["errors"][0]["reason"]
        mended = await registered(head, "refused-once", address=f"{QUARTER}, 8")
        assert mended[0] == 201, "the key was given back"
