"""The form as a page of its own, and an appeal's page, in a real Chromium: axe, both themes, three sizes."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from hotline.access.permissions import Role
from tests.cti_server.appeals.conftest import CALL
from tests.cti_server.conftest import Person
from tests.cti_server.test_in_browser import Window, opened_window
from tests.system.browser import violations

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("422", "409")) as one:
        yield one


async def test_the_form_and_an_appeal_on_every_screen(
    window: Window, olena: Person, filled: dict[str, str]
) -> None:
    await olena.post("/desk/appeals", filled)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/appeals/2600001", "appeal")
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
