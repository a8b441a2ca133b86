"""The form as a page of its own, and an appeal's page, in a real Chromium: axe, both themes, three sizes."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from urllib.parse import unquote_plus

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect
from sqlalchemy import insert

from hotline.access.permissions import Role
from storage.store import Storage
from storage.tables import houses
from tests.cti_server.appeals.conftest import CALL
from tests.cti_server.conftest import Person
from tests.cti_server.test_in_browser import Window, opened_window
from tests.system.browser import violations

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("422", "409")) as one:
        yield one


def kept(page: Page, field: str) -> AbstractAsyncContextManager[object]:
    """Wait in the block until the hotline keeps the form with this field, and not what was typed before."""
    return page.expect_response(
        lambda answer: (
            answer.url.endswith("/desk/appeals/draft")
            and field in unquote_plus(answer.request.post_data or "").split("&")
        )
    )


async def test_the_form_and_an_appeal_on_every_screen(
    window: Window, olena: Person, filled: dict[str, str]
) -> None:
    await olena.post("/desk/appeals", filled)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/appeals/2600001", "appeal", nightly=True)
    await window.look(f"/desk/appeals/new?call={CALL}", "appeal-new")
    page = window.page
    await page.fill("#appeal-category", "люди ліфт")
    await page.wait_for_selector("#appeal-category[aria-activedescendant=category-lift-stuck]")
    assert await violations(page) == []
    await page.fill("#appeal-address", "моск")
    await page.get_by_role("option", name="Поліський квартал").wait_for()
    assert await page.input_value("[name=category]") == "lift-stuck"
    assert await violations(page) == []
    await page.fill("#appeal-name", "ів дем")
    await page.wait_for_selector("#appeal-people [name=applicant]")
    await page.click("#appeal-register")
    await page.wait_for_selector("#appeal [role=alert]")
    assert await page.input_value("#appeal-address") == "моск"
    assert await violations(page) == []
    await page.fill("#appeal-category", "нема гар вод")
    await page.wait_for_selector("#appeal-category[aria-activedescendant=category-hot-water-none]")
    await page.fill("#appeal-address", filled["address"])
    await page.check(f"[name=applicant][value='{filled['applicant']}']")
    await page.wait_for_selector("[name=earlier]")
    assert await violations(page) == []
    await page.check("[name=earlier][value='2600001']")
    await page.check("[name=consent]")
    await page.fill("#appeal-text", "Немає гарячої води і сьогодні")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.click("#appeal-register")
    await page.wait_for_selector(".appeal-holder")
    assert await violations(page) == []


async def test_a_category_is_proposed_or_found_and_chosen_by_keys_that_never_send_the_form(
    window: Window, olena: Person
) -> None:
    del olena
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/desk/appeals/new?call={CALL}")
    page, keys = window.page, window.page.keyboard
    field, choice = page.locator("#appeal-category"), page.locator("[name=category]")
    options, note = page.locator("[role=option]:visible"), page.locator(".combo-note:visible")

    await page.focus("#appeal-text")
    await keys.type("Пахне газом у під'їзді")
    await expect(page.locator("#appeal-proposed [data-take]").first).to_contain_text("Запах газу")
    await expect(choice).to_have_value("")
    await keys.press("Tab")
    await expect(field).to_be_focused()
    await keys.press("Enter")
    await expect(field).to_have_value("Запах газу")
    await expect(choice).to_have_value("gas-smell")
    await expect(page.locator("#appeal-proposed [data-take]")).to_have_count(0)

    await field.fill("холодно")
    await expect(choice).to_have_value("")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await keys.press("ArrowDown")
    await expect(field).to_have_attribute("aria-activedescendant", "category-heat-weak")
    await keys.press("Escape")
    await expect(options).to_have_count(0)
    await expect(field).to_have_value("холодно")
    await expect(choice).to_have_value("")
    await keys.press("ArrowDown")
    await expect(options.first).to_be_visible()
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(choice).to_have_value("heat-weak")

    async with kept(page, "category_search=ррр"):
        await field.fill("ррр")
    await expect(note).to_contain_text("Нічого не знайдено")
    await expect(options.first).to_have_text("Інше питання")
    await page.reload()
    await field.focus()
    await expect(note).to_be_visible()
    await options.first.click()
    await expect(choice).to_have_value("other")
    await field.fill("")
    await keys.press("Alt+1")
    await expect(choice).to_have_value("gas-smell")
    async with kept(page, "category_search=Запах"):
        await field.fill("Запах")
    await expect(page.locator("#appeal-faults")).to_have_count(0)


async def test_a_form_is_kept_on_though_one_answer_breaks_off(window: Window, olena: Person) -> None:
    del olena
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/desk/appeals/new?call={CALL}")
    page = window.page
    await page.route("**/desk/appeals/draft", lambda route: route.fulfill(body='{"faults": ['), times=1)
    async with kept(page, "text=Немає"):
        await page.fill("#appeal-text", "Немає")
    async with kept(page, "text=Немає води"):
        await page.fill("#appeal-text", "Немає води")


async def test_an_address_goes_from_streets_to_houses_and_what_the_register_lacks_is_said(
    window: Window, olena: Person, storage: Storage
) -> None:
    del olena
    rows = [{"street": "Поліський квартал", "house": one, "quarter": ""} for one in ("1", "7а", "12")]
    async with storage.database.writing() as connection:
        await connection.execute(insert(houses), rows)
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/desk/appeals/new?call={CALL}")
    page, keys = window.page, window.page.keyboard
    address, options = page.locator("#appeal-address"), page.locator("[role=option]:visible")

    await address.fill("моск")
    await keys.press("ArrowDown")
    await expect(options.first).to_contain_text("Поліський квартал")
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(address).to_have_value("Поліський квартал, ")
    await expect(options).to_have_text(
        ["Поліський квартал, 1", "Поліський квартал, 7а", "Поліський квартал, 12"]
    )
    await keys.press("ArrowUp")
    await keys.press("Enter")
    await expect(address).to_have_value("Поліський квартал, 12")
    await address.fill("полісь 12")
    await keys.press("Enter")
    await expect(options.first).to_have_attribute("aria-selected", "true")
    await keys.press("Enter")
    await expect(address).to_have_value("Поліський квартал, 12")
    await expect(options).to_have_text(["Поліський квартал, 12"])
    await expect(page.locator("#appeal-faults")).to_have_count(0)
    await address.fill("Поліський квартал, 99")
    await expect(page.locator(".combo-note:visible")).to_have_text(
        "Такого будинку немає в реєстрі: записати можна й так."
    )
    async with kept(page, "address=Поліський квартал, 7а"):
        await address.fill("Поліський квартал, 7а")
    await expect(page.locator("#appeal-faults")).to_have_count(0)
