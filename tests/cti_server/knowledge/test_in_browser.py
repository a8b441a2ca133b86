"""The road of an answer in a real Chromium: found to be missing, written, reviewed, changed."""

from datetime import timedelta

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.knowledge.articles import Wording
from storage.store import Storage
from tests.cti_server.knowledge.conftest import Library
from tests.cti_server.quality.test_in_browser import wide, window
from tests.system.browser import violations

pytestmark = pytest.mark.system

WATER = Wording(
    question="Де взяти воду, коли її відключили?",
    answer="Якщо води немає довше ніж шість годин, питну воду підвозять до будинків.",
    steps=("Перевірити відключення за адресою.", "Назвати місце і години підвезення."),
)


async def test_the_road_of_an_answer(server: TestServer, library: Library, storage: Storage) -> None:
    today = library.clock.now().date()
    await library.article(uk=WATER, owner=Role.HEAD, categories=("water-none",), public=True, spoken=True)
    await library.article(review_on=today - timedelta(days=1))
    await library.article(
        uk=Wording(question="Який розклад автобусів улітку?", answer="З шостої."),
        valid_until=today - timedelta(days=1),
        categories=("transport",),
    )
    async with window(server, "head") as head, window(server, "dispatcher") as olena:
        page = olena.page
        await olena.open("/knowledge")
        await page.get_by_role("searchbox").fill("зарядити телефон")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("Нічого не знайдено")).to_be_visible()
        await page.get_by_role("button", name="Записати").click()
        await expect(page.get_by_text("Запитання записано")).to_be_visible()
        await olena.look("/knowledge", "knowledge-list")
        await olena.look("/todo", "knowledge-todo", nightly=True)
        await head.look("/knowledge?part=missing", "knowledge-missing-list", nightly=True)
        await wide(head)
        page = head.page
        await page.get_by_role("link", name="зарядити телефон").click()
        await head.look_here("/knowledge/missing/1", "knowledge-missing")
        await wide(head)
        await page.get_by_role("link", name="Написати статтю").click()
        await page.get_by_label("Відповідь, яку читають уголос").first.fill("У пункті незламності.")
        await page.get_by_label("Запитання, як його ставлять люди").first.fill("")
        await page.get_by_role("button", name="Зберегти").click()
        await expect(page.get_by_role("alert")).to_be_visible()
        assert await violations(page) == []
        head.complaints.clear()  # the browser tells of the 422
        await page.get_by_label("Запитання, як його ставлять люди").first.fill("Де зарядити телефон?")
        await page.get_by_role("button", name="Зберегти").click()
        await expect(page.get_by_text("Статтю збережено")).to_be_visible()
        assert (await storage.missing_answers.get(1)).article_id == 4
        await olena.open("/todo")
        await olena.page.locator("#todo-answer-1 a").click()
        await olena.page.get_by_role("button", name="Ознайомлено").click()
        await expect(olena.page.get_by_role("heading", name="Де зарядити телефон?")).to_be_visible()
        await head.look("/knowledge/1/edit", "knowledge-edit")
        await wide(head)
        await page.get_by_label("Відповідь, яку читають уголос").first.fill(
            "Питну воду підвозять до будинків."
        )
        await page.get_by_label("Що нового, кількома словами").fill("Без строку")
        await page.get_by_role("button", name="Зберегти").click()
        await head.look_here("/knowledge/1", "knowledge-article")
        await wide(head)
        await page.get_by_role("checkbox", name="Перевірити відключення").check()
        await page.get_by_role("link", name="Версія 1", exact=True).click()
        await expect(page.get_by_text("Це версія 1")).to_be_visible()
