"""The map's page in a real Chromium: three sizes, both themes, axe, a file brought in by keyboard."""

from collections.abc import Mapping
from importlib.resources import files

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.addresses import demo_streets
from storage.store import Storage
from tests.cti_server.test_in_browser import Window, window

from .test_map import MIXED, geojson

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_map_is_brought_looked_at_and_put_into_force(
    window: Window, users: Mapping[Role, User], storage: Storage
) -> None:
    page = window.page
    await storage.streets.add(demo_streets())
    await window.sign_in(Role.ADMINISTRATOR.value)
    await window.look("/city-data/map", "map-none", nightly=True)
    demo = files("hotline").joinpath("data/demo-map.geojson").read_bytes()
    given = {"name": "slavutych.geojson", "mimeType": "application/geo+json", "buffer": demo}
    await page.set_input_files("#file", given)  # type: ignore[arg-type]
    await page.focus("form[enctype] .btn-primary")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".map-preview")
    await window.look("/city-data/map", "map-draft")
    await page.focus("text=Ввести в дію")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".alert-success[role=status]")
    kept = await storage.city_maps.newest()
    assert kept is not None
    assert kept.source == "slavutych.geojson"
    await storage.city_maps.bring(kept.map, source="again.geojson", at=kept.made_at)
    await window.look("/city-data", "city-data", nightly=True)
    strange = {
        "name": "other.geojson",
        "mimeType": "application/geo+json",
        "buffer": geojson(*MIXED),
    }
    await window.open("/city-data/map")
    await page.set_input_files("#file", strange)  # type: ignore[arg-type]
    await page.click("form[enctype] .btn-primary")
    await page.wait_for_selector("h2:has-text('other.geojson')")
    await window.look("/city-data/map", "map-strange", nightly=True)
