"""A pensioner's telephone opens the link: large buttons, both languages and themes, by keyboard alone."""

from pathlib import Path

import pytest
from aiohttp import web
from playwright.async_api import expect

from hotline.appeals.appeal import AppealState
from tests.cti_server.answers.test_page import done, state
from tests.cti_server.answers.test_photos import reported
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, window
from tests.storage.enterprise import City
from tests.storage.pictures import photo
from tests.system.browser import violations

__all__ = ["window"]
pytestmark = pytest.mark.system


async def test_the_page_on_every_screen(window: Window, city: City, clock: MovedClock) -> None:
    path, _ = await done(city, clock)
    await window.look(path, "answer")
    for button in await window.page.locator(".answer-form .btn").all():
        box = await button.bounding_box()
        assert box
        assert box["height"] >= 44  # as large as a thumb
    await window.page.click("button[name=language]")
    await expect(window.page.locator("#answer-question")).to_have_text("Is it really done?")
    clock.pass_(days=31)
    await window.page.goto(window.page.url)
    await window.keep("answer-expired.png")
    assert await violations(window.page) == []
    window.complaints = [line for line in window.complaints if "410" not in line]


async def test_the_applicant_says_by_keyboard_that_it_is_not_done(
    window: Window,
    city: City,
    clock: MovedClock,
) -> None:
    path, notice = await done(city, clock)
    await window.page.set_viewport_size({"width": 390, "height": 844})
    await window.open(path)
    await window.page.focus("#text")
    await window.page.keyboard.type("У кухні холодно")
    await window.page.keyboard.press("Tab")
    await expect(window.page.locator("#photos")).to_be_focused()
    await window.page.keyboard.press("Tab")
    await expect(window.page.locator("button[value=not-done]")).to_be_focused()
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator("[role=status]")).to_contain_text("Записано: не зроблено.")
    assert await state(city, notice) is AppealState.DISPUTED
    assert await violations(window.page) == []
    await window.keep("answer-disputed-390.png")


async def test_photos_go_with_a_no_and_a_slip_is_taken_back(
    window: Window, app: web.Application, city: City, clock: MovedClock, tmp_path: Path
) -> None:
    path, notice, _ = await reported(app, city, clock)
    page = window.page
    await window.look(path, "answer-photos")
    await page.set_viewport_size({"width": 390, "height": 844})
    assert await page.evaluate("document.querySelector('.answer-photos img').naturalWidth") > 0
    file = tmp_path / "кухня.jpg"
    file.write_bytes(photo())
    await page.set_input_files("#photos", file)
    await expect(page.locator(".file:has(#photos) .file-name")).to_have_text("кухня.jpg")
    await page.click("button[value=not-done]")
    await expect(page.locator(".alert[role=status]")).to_contain_text("Записано: не зроблено.")
    assert [one.name for one in await city.storage.files.of_appeal(notice.number)][-1] == "кухня.jpg"
    assert await violations(page) == []
    await window.keep("answer-no-back-390.png")
    await page.click("button[value=done-after-all]")
    await expect(page.locator(".alert[role=status]")).to_contain_text("Дякуємо!")
    assert await state(city, notice) is AppealState.CLOSED


@pytest.mark.nightly
async def test_one_touch_confirms(window: Window, city: City, clock: MovedClock) -> None:
    path, notice = await done(city, clock)
    await window.page.set_viewport_size({"width": 320, "height": 640})
    await window.open(path)
    await window.page.click("button[value=done]")
    await expect(window.page.locator("[role=status]")).to_contain_text("Дякуємо!")
    assert await state(city, notice) is AppealState.CLOSED
    await window.keep("answer-closed-320.png")
