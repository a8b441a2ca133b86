"""The road of a request in a real Chromium: asked, answered with a paper on a telephone, returned."""

from collections.abc import Mapping

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.quality.test_in_browser import wide, window
from tests.storage.enterprise import City
from tests.storage.pictures import pdf

pytestmark = pytest.mark.system


async def test_the_road_of_a_request(
    server: TestServer, city: City, users: Mapping[Role, User], accounts_of: Mapping[str, User]
) -> None:
    assert users
    assert accounts_of
    async with window(server, "dispatcher") as olena, window(server, "petro") as petro:
        page = olena.page
        await olena.open("/inquiries")
        await page.get_by_role("link", name="Запитати підприємство").click()
        await page.get_by_role("button", name="Надіслати запит").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await olena.look_here("/inquiries/new", "inquiry-faults")
        olena.complaints.clear()  # the browser tells of the 422
        await page.get_by_label("Підприємство").select_option(str(city.heat.id))
        await page.get_by_label("Що запитуємо").fill("Коли буде опалення в 7-му будинку? Додайте акт.")
        await page.get_by_role("button", name="Надіслати запит").click()
        await expect(page.get_by_text("Запит надіслано")).to_be_visible()
        await petro.look("/enterprise", "inquiry-enterprise", nightly=True)
        await petro.page.get_by_role("link", name="Запити на інформацію").click()
        await petro.look_here("/enterprise/inquiries", "inquiries-own")
        await petro.page.get_by_role("link", name="Коли буде опалення").click()
        paper = {"name": "Акт.pdf", "mimeType": "application/pdf", "buffer": pdf()}
        await petro.page.get_by_label("Фото й документи").set_input_files([paper])  # type: ignore[list-item]
        await petro.page.get_by_role("button", name="Надіслати відповідь").click()
        await expect(petro.page.get_by_role("alert")).to_be_visible()
        await petro.look_here("/enterprise/inquiries/1", "inquiry-own")
        petro.complaints.clear()  # the browser tells of the 422
        await petro.page.get_by_label("Відповідь", exact=True).fill("З 3 березня.")
        await petro.page.get_by_role("button", name="Надіслати відповідь").click()
        await expect(petro.page.get_by_text("є відповідь")).to_be_visible()
        await olena.look("/todo?wait=inquiries", "inquiry-todo", nightly=True)
        await page.locator("#todo-inquiry-1 a").click()
        await page.locator("summary", has_text="Повернути").click()
        await olena.look_here("/inquiries/1", "inquiry")
        await wide(olena)
        await page.get_by_label("Чого бракує").fill("Який саме будинок?")
        await page.get_by_role("button", name="Повернути відповідь").click()
        await expect(page.get_by_text("чекаємо на нову").first).to_be_visible()
        await olena.look("/inquiries", "inquiries")
