"""The road of a statement in a real Chromium: written, sent back, approved, corrected, read."""

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from cti_server.control.routes import add_control
from storage.store import Storage
from tests.cti_server.appeals.conftest import control_sources
from tests.cti_server.conftest import MovedClock
from tests.cti_server.quality.test_in_browser import wide, window
from tests.cti_server.statements.test_statements import taken_in_slavutych
from tests.cti_server.test_in_browser import Window, opened_window

pytestmark = pytest.mark.system

SHOWN = "Робітники закривають колодязь"


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock) -> web.Application:
    add_control(app, control_sources(storage, clock))
    return app


async def put_in_a_picture(olena: Window) -> None:
    page = olena.page
    await page.get_by_label("Що зображено, українською").fill(SHOWN)
    await page.get_by_label("Світлина").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": taken_in_slavutych()}
    )
    await page.get_by_role("button", name="Додати зображення").click()
    await expect(page.get_by_alt_text(SHOWN)).to_be_visible()
    await olena.look_here("/statements/1", "statement-picture", nightly=True)
    await wide(olena)


@pytest.mark.usefixtures("users")
async def test_the_road_of_a_statement(server: TestServer, clock: MovedClock) -> None:
    async with window(server, "dispatcher") as olena, window(server, "head") as head:
        page = olena.page
        await olena.open("/statements")
        await page.get_by_role("link", name="Написати заяву").click()
        await page.get_by_role("button", name="Зберегти").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        await olena.look_here("/statements/new", "statement-faults")
        olena.complaints.clear()  # the browser tells of the 422
        await page.get_by_label("Заголовок").first.fill("Гарячу воду повернуто в усі будинки")
        await page.get_by_label("Текст", exact=True).first.fill("Ремонт завершено.\n\nДякуємо.")
        await page.get_by_label("Хто доручив").fill("Міський голова")
        await page.get_by_label("Номер доручення").fill("12-р")
        await page.get_by_role("button", name="Зберегти").click()
        await put_in_a_picture(olena)
        await page.get_by_role("button", name="Подати на погодження").click()
        await head.look("/todo?wait=statements", "statement-todo", nightly=True)
        await wide(head)
        await head.page.locator("#todo-statement-1 a").click()
        await head.page.locator("summary", has_text="Повернути").click()
        await head.page.get_by_label("Чому (це прочитає автор)").fill("Додайте подяку")
        await head.look_here("/statements/1", "statement-refusing", nightly=True)
        await wide(head)
        await head.page.get_by_role("button", name="Повернути").click()
        await olena.open("/statements/1")
        await expect(page.get_by_text("Додайте подяку")).to_be_visible()
        await page.get_by_role("button", name="Подати на погодження").click()
        await head.open("/statements/1")
        await head.page.get_by_role("button", name="Погодити").click()
        await expect(head.page.get_by_text("Заяву погоджено")).to_be_visible()
        await page.goto(page.url)
        clock.pass_(minutes=5)
        await page.get_by_role("button", name="Написати виправлення").click()
        await page.get_by_label("Що виправлено").fill("Час відновлення")
        await olena.look_here("/statements/1/edit", "statement-correcting", nightly=True)
        await wide(olena)
        await page.get_by_role("button", name="Зберегти").click()
        await page.get_by_role("button", name="Подати на погодження").click()
        await head.open("/statements/1")
        await head.page.get_by_role("button", name="Погодити").click()
        await head.look_here("/statements/1", "statement")
        await head.look("/statements", "statements")
    async with opened_window(server) as reader:
        await reader.look("/news", "news")
        await reader.look("/news/1", "news-piece")
        shown = reader.page.get_by_alt_text(SHOWN)
        assert await shown.evaluate("(it) => it.complete && it.naturalWidth") == 960
    async with opened_window(server, java_script_enabled=False) as reader:
        await reader.open("/news")
        await reader.page.get_by_role("link", name="Гарячу воду повернуто").click()
        assert "Час відновлення" in await reader.page.content()
