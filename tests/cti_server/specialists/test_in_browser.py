"""A specialist drawn into an appeal in a real Chromium: asked for from the card, agreed to, concluded."""

from collections.abc import Mapping

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import Appeal
from tests.cti_server.quality.test_in_browser import wide, window

pytestmark = pytest.mark.system


async def test_the_road_of_a_specialist(
    server: TestServer, appeal: Appeal, users: Mapping[Role, User], accounts_of: Mapping[str, User]
) -> None:
    assert users
    assert accounts_of
    async with window(server, "dispatcher") as olena, window(server, "olha") as olha:
        page = olena.page
        await olena.open(f"/appeals/{appeal.number}")
        await page.get_by_role("link", name="Залучити спеціаліста").click()
        await page.get_by_role("button", name="Запитати керівника").click()
        await expect(page.get_by_role("alert").first).to_be_visible()
        await olena.look_here("/specialists/new", "specialist-faults")
        olena.complaints.clear()  # the browser tells of the 422
        await page.get_by_label("Спеціаліст", exact=True).select_option(label="Петро Слюсар")
        await page.get_by_label("Чому потрібен спеціаліст").fill("Виконавець і мешканець кажуть різне")
        await page.get_by_label("Що потрібно зробити").fill("Оглянути стояк і назвати причину")
        await page.get_by_role("button", name="Запитати керівника").click()
        await expect(page.get_by_text("Керівника запитано")).to_be_visible()
        await olha.look("/enterprise", "specialist-enterprise", nightly=True)
        await olha.page.get_by_role("link", name="Залучені спеціалісти").click()
        await olha.look_here("/enterprise/specialists", "specialists-own")
        await olha.page.get_by_role("link", name="Петро Слюсар").click()
        await olha.look_here("/enterprise/specialists/1", "specialist-question")
        await olha.page.get_by_role("button", name="Погоджую").click()
        await expect(olha.page.get_by_text("бере участь").first).to_be_visible()
        async with window(server, "petro") as petro:
            await petro.open("/enterprise/specialists/1")
            await petro.page.get_by_role("link", name="Відкрити справу").click()
            await petro.look_here("/enterprise/specialists/1/matter", "specialist-matter")
            await petro.page.get_by_label("Що ви встановили").fill("Засмічений стояк, потрібна промивка")
            await petro.page.get_by_role("button", name="Надіслати висновок").click()
            await expect(petro.page.get_by_text("Засмічений стояк")).to_be_visible()
        await olena.look("/todo?wait=specialists", "specialist-todo", nightly=True)
        await page.locator("#todo-specialist-1 a").click()
        await olena.look_here("/specialists/1", "specialist")
        await wide(olena)
        await page.get_by_role("button", name="Прочитано").click()
        await expect(page.get_by_text("Участь спеціаліста завершено").first).to_be_visible()
        await olena.open(f"/appeals/{appeal.number}")
        await expect(page.get_by_text("Засмічений стояк, потрібна промивка").first).to_be_visible()
