"""Cameras in a real Chromium: pictures move, two keys hand an incident over, all is calm in all sizes."""

from collections.abc import Mapping

import pytest
from playwright.async_api import Page, expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.city_map import CityMap, Shape
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.cameras.conftest import Watched
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window

pytestmark = pytest.mark.system
__all__ = ["window"]

_LIT = """camera => {
  const canvas = document.querySelector(`[data-camera="${camera}"] canvas`);
  const beside = new OffscreenCanvas(canvas.width, canvas.height);
  const copy = beside.getContext("2d", { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const dots = copy.getImageData(0, 0, canvas.width, canvas.height).data;
  return dots.some((dot) => dot > 0);
}"""
"""Tells whether anything is drawn on a camera's canvas."""


async def drawn(page: Page, camera_id: int) -> None:
    await page.wait_for_function(_LIT, arg=camera_id)


async def test_a_wall_shows_a_dead_one_is_told_and_two_keys_hand_an_incident_over(
    cameras: Watched, window: Window, storage: Storage, clock: MovedClock, users: Mapping[Role, User]
) -> None:
    await storage.cameras.set_out(cameras.yard.id, "ремонт мережі", by=users[Role.HEAD].id, at=clock.now())
    quarter = Shape(street="Київський квартал", rings=(((0, 0), (900, 0), (900, 600), (0, 600)),))
    await storage.city_maps.put(CityMap(height=600, shapes=(quarter,)), source="map", at=clock.now())
    await window.sign_in(users[Role.HEAD].login)
    page, square = window.page, cameras.square.id
    await window.look("/cameras", "cameras", nightly=True)
    await drawn(page, square)
    await window.look_here("/cameras", "cameras-shown")
    await page.set_viewport_size({"width": 1366, "height": 768})

    await page.keyboard.press("1")
    await page.wait_for_url(f"**/cameras/{square}")
    await drawn(page, square)
    await page.keyboard.press("Enter")
    await page.keyboard.press("1")  # faster than the answer comes
    await page.keyboard.press("1")
    title = page.locator("#incident-title")
    await expect(title).to_have_text("Зареєстровано, але виконавця ще немає")  # no rule for burst mains
    assert await storage.registry.find("2600002") is None
    await page.click("#take-still")
    await expect(page.locator("[data-kind-key='1']")).to_be_focused()
    await expect(page.locator(".camera-still")).to_be_visible()
    await window.look_here(f"/cameras/{square}", "camera-kinds")
    gas = page.locator("[data-kind-key]", has_text="Запах газу")
    await page.keyboard.press(await gas.get_attribute("data-kind-key") or "")
    await expect(title).to_have_text("Передано")
    await expect(page.locator("#incident")).to_contain_text("Служба газу 104")

    cameras.fake.switch_off()
    await expect(page.locator(".camera-state")).to_contain_text("з 14:00:00")
    assert await page.evaluate(_LIT, square) is False  # no old picture that looks alive
    cameras.fake.off = False
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.look(f"/cameras/{square}", "camera", nightly=True)
    for path, name in (
        ("/cameras/register", "camera-register"),
        (f"/cameras/register/{square}", "camera-form"),
        ("/cameras/log", "camera-log"),
        ("/cameras/map", "camera-map"),
    ):
        await window.look(path, name)
