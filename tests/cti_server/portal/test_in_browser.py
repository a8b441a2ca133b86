"""A resident with a small telephone: with scripts and without, offline and back, twice, by Back."""

from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Route, expect

from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.portal.test_reporting import appeals
from tests.cti_server.test_in_browser import Window, opened_window, window
from tests.storage.pictures import photo
from tests.system.browser import violations

__all__ = ["window"]
pytestmark = pytest.mark.system
LOST = 2
"""So many tries fail: the first, and the one behind it."""
SMALL = {"width": 320, "height": 640}
WHERE = "/report?category=power-none&address=Київський+квартал,+7"


async def test_the_pages_on_every_screen(window: Window, clock: MovedClock) -> None:
    for name, path in (
        ("report", "/report"),
        ("report-details", WHERE),
        ("report-map", "/report/map?street=Київський квартал"),
        ("report-offline", "/report/offline"),
        ("my", "/my"),
    ):
        await window.look(path, name)
    await window.open(WHERE)
    clock.pass_(seconds=20)
    await window.page.click("form#report button")
    await expect(window.page.locator(".alert-success")).to_contain_text("Зареєстровано.")
    await window.look_here(window.page.url, "my-appeal")


async def test_three_steps_with_a_photo_twice_pressed_and_back(
    window: Window, clock: MovedClock, storage: Storage, tmp_path: Path
) -> None:
    page = window.page
    await page.set_viewport_size(SMALL)
    await window.open("/report")
    await page.fill("#what", "немає світла у квартирі")
    await page.fill("#address", "Київський квартал, 7")
    await page.click("form.panel button")
    if await page.locator("input[type=radio][name=category]").count():
        await page.check("input[name=category][value=power-none]")
        await page.click("form.panel button")
    await expect(page.locator("#report")).to_be_visible()
    file = tmp_path / "щиток.jpg"
    file.write_bytes(photo())
    await page.set_input_files("#photos", file)
    clock.pass_(seconds=20)
    await page.dblclick("form#report button")
    await expect(page.locator(".alert-success")).to_contain_text("Зареєстровано.")
    assert await appeals(storage) == 1
    assert await violations(page) == []
    await page.go_back()
    # the page by Back is a new form, which shows what was reported a moment ago
    await expect(page.locator("form#report fieldset")).to_contain_text("За цією адресою вже повідомляли")
    assert await appeals(storage) == 1


async def test_offline_it_is_kept_and_sent_once_there_is_a_network(
    window: Window, clock: MovedClock, storage: Storage
) -> None:
    page = window.page
    await page.set_viewport_size(SMALL)
    await window.open(WHERE)
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)")
    clock.pass_(seconds=20)
    await page.context.set_offline(offline=True)
    await page.fill("#text", "Темно")
    await page.click("form#report button")
    await expect(page.locator("#report-said")).to_contain_text("збережено в цьому браузері")
    await page.goto(page.url)  # the worker gives the page that it keeps
    await expect(page.locator("h1")).to_have_text("Повідомити про проблему")
    await expect(page.locator("#report-kept li")).to_have_count(1)
    await window.keep("report-kept-320")
    await page.select_option("#category", "power-none")
    await page.fill("#address", "Київський квартал, 9")
    await page.click("form#report button")
    await expect(page.locator("#report-kept li")).to_have_count(2)
    assert await appeals(storage) == 0
    await page.context.set_offline(offline=False)
    await expect(page.locator("#report-kept li a")).to_have_count(2)
    assert await appeals(storage) == 2
    caches = await page.evaluate(
        "caches.open('offline-3').then((one) => one.keys())"
        ".then((all) => all.map((one) => one.url.replace(location.origin, '')))"
    )
    assert sorted(caches) == ["/report/offline", "/static/public.css", "/static/report.js"]
    await page.context.set_offline(offline=True)
    await page.goto(page.url)
    await page.select_option("#category", "power-none")
    await page.fill("#address", "Київський квартал, 11")
    await page.click("form#report button")
    await expect(page.locator("#report-kept li")).to_have_count(1)
    clock.pass_(seconds=15 * 86_400)  # the form is taken for two weeks
    await page.context.set_offline(offline=False)
    await expect(page.locator("#report-kept li")).to_contain_text("Не надіслано")
    expected = ("ERR_INTERNET_DISCONNECTED", "422")
    window.complaints = [one for one in window.complaints if not any(word in one for word in expected)]


async def test_what_is_kept_is_sent_though_the_first_try_with_a_network_fails(
    window: Window, clock: MovedClock, storage: Storage
) -> None:
    page, tries = window.page, 0

    async def lose(route: Route) -> None:
        nonlocal tries
        tries += 1
        await (route.abort() if tries <= LOST else route.continue_())

    await page.route(lambda address: address.endswith("/report"), lose)
    await window.open(WHERE)
    clock.pass_(seconds=20)
    await page.click("form#report button")  # the browser has a network; the hotline is not reached
    await expect(page.locator("#report-kept li a")).to_have_count(1)
    assert tries == LOST + 1
    assert await appeals(storage) == 1
    window.complaints = [one for one in window.complaints if "ERR_FAILED" not in one]


async def test_one_over_which_the_hotline_fails_holds_up_no_other_and_is_sent_once_it_does_not(
    window: Window, clock: MovedClock, storage: Storage
) -> None:
    page, lost, fails = window.page, set[bool](), True

    async def fail(route: Route) -> None:
        over_it = "Іскрить" in (route.request.post_data or "")
        if over_it not in lost:
            lost.add(over_it)
            await route.abort()
        elif over_it and fails:
            await route.fulfill(status=500, body="{}")
        else:
            await route.continue_()

    await page.route(lambda address: address.endswith("/report"), fail)
    kept = page.locator("#report-kept li")
    for at, said in enumerate(("Іскрить", "Темно")):
        await window.open(f"{WHERE}{at}")
        clock.pass_(seconds=20)
        await page.fill("#text", said)
        await page.click("form#report button")
        await expect(kept).to_have_count(at + 1)
    await page.evaluate("for (const _ of [1, 2]) window.dispatchEvent(new Event('online'))")
    await expect(kept.locator("a")).to_have_count(1)
    await expect(kept.filter(has_text="на гарячій лінії збій")).to_have_count(1)
    assert await appeals(storage) == 1
    fails = False
    await page.evaluate("window.dispatchEvent(new Event('online'))")
    await expect(kept.locator("a")).to_have_count(2)
    assert await appeals(storage) == 2
    expected = ("ERR_FAILED", "500")
    window.complaints = [one for one in window.complaints if not any(word in one for word in expected)]


async def test_without_scripts(server: TestServer, clock: MovedClock, storage: Storage) -> None:
    async with opened_window(server, java_script_enabled=False, viewport=SMALL) as one:
        await one.open("/report")
        await one.page.select_option("#category", "power-none")
        await one.page.fill("#address", "Київський квартал, 7")
        await one.page.click("form.panel button")
        clock.pass_(seconds=20)
        await one.page.click("form#report button")
        await expect(one.page.locator(".alert-success")).to_contain_text("Зареєстровано.")
        await one.page.click("summary >> nth=0")
        await one.page.fill("#added", "Код домофона 12")
        await one.page.click("#added ~ button")
        await expect(one.page.locator("ol")).to_contain_text("Ви додали")
    assert await appeals(storage) == 1
