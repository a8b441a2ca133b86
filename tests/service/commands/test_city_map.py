"""`hotline map` on a real database."""

import asyncio
import json
from pathlib import Path

import pytest

from hotline.city.addresses import demo_streets
from service.command_line import main
from storage.store import open_storage


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def test_a_map_is_put_and_its_unknown_names_are_told(
    url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def street(name: str) -> object:
        line = {"type": "LineString", "coordinates": [[30, 51], [30.1, 51.1]]}
        return {"type": "Feature", "properties": {"name": name}, "geometry": line}

    async def known() -> None:
        async with open_storage(url) as storage:
            await storage.streets.add(demo_streets())

    async def shown() -> int:
        async with open_storage(url) as storage:
            kept = await storage.city_maps.newest()
            return len(kept.map.shapes) if kept else 0

    asyncio.run(known())
    file = tmp_path / "city.geojson"
    features = [street("вулиця Атомників"), street("вулиця Нова")]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    assert main(["map", "put", str(file)]) == 0
    said = capsys.readouterr().out
    assert "shapes: 2." in said
    assert "does not know: вулиця Нова." in said
    assert asyncio.run(shown()) == 2
    file.write_text("no map")
    assert main(["map", "put", str(file)]) == 1
    assert "no GeoJSON" in capsys.readouterr().err
    assert main(["map", "put", str(tmp_path / "none")]) == 1
    assert asyncio.run(shown()) == 2
