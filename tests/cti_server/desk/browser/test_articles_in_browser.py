"""Articles beside a talk, by a key each: opened, told, taken back; a question that none answers is noted."""

from datetime import timedelta

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from cti_server.desk.sources import Sources
from cti_server.directory.routes import add_directory
from cti_server.knowledge.routes import add_knowledge
from hotline.knowledge.articles import Article, Content, Wording
from hotline.line.line import Priority
from service.wiring.desks import directory_sources, knowledge_sources
from storage.store import Storage
from tests.cti_server.conftest import KYIV, MovedClock
from tests.cti_server.desk.browser.conftest import HANNA, Shift

pytestmark = pytest.mark.system

LIGHT = Wording(
    question="Що робити, коли немає світла?",
    answer="Спершу подивіться, чи є світло в сусідів.",
    steps=("Перевірити відключення за адресою.", "Назвати строк."),
)
METERS = Wording(question="Куди передати показники лічильників?", answer="До кінця місяця.")


@pytest.fixture
def app(app: web.Application, storage: Storage, clock: MovedClock, sources: Sources) -> web.Application:
    add_directory(app, directory_sources(storage, KYIV, clock))
    add_knowledge(app, knowledge_sources(storage, KYIV, clock, live=sources.live))
    return app


async def written(shift: Shift, said: Wording, *categories: str) -> Article:
    content = Content(
        uk=said,
        categories=categories,
        owner_id=shift.user_id,
        review_on=shift.now().date() + timedelta(days=30),
    )
    return await shift.storage.articles.add(content, shift.user_id, shift.now())


async def talks(shift: Shift) -> Page:
    await shift.waits("c1", HANNA, "0", Priority.ORDINARY)
    await shift.rings("c1", HANNA)
    await shift.answers("c1")
    return shift.page


async def test_an_article_is_opened_told_and_taken_back_by_a_key_each(shift: Shift) -> None:
    light = await written(shift, LIGHT, "power-none")
    meters = await written(shift, METERS, "power-none")
    page = await talks(shift)
    await expect(page.locator("#articles")).to_contain_text("Підхожих поки немає")
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type("що робити, немає світла третю годину")
    first = page.locator(f"#article-c1-{light.id}")
    await expect(first).to_be_visible()
    await page.keyboard.press("Alt+7")
    await expect(first.locator(".article-answer")).to_be_visible()
    await expect(page.locator("#appeal-text")).to_be_focused()  # one types on
    await shift.look("articles beside")
    await page.keyboard.press("Alt+8")
    await expect(first).to_contain_text("розповіли")
    assert [one.article.id for one in await shift.storage.article_uses.of_call("c1")] == [light.id]
    await page.keyboard.press("Alt+8")
    await expect(first.locator("[data-told=yes]")).to_be_visible()
    assert await shift.storage.article_uses.of_call("c1") == []
    await page.locator("#appeal-category").fill("Немає світла")
    await page.keyboard.press("Enter")
    await expect(page.locator(f"#article-c1-{meters.id}")).to_be_visible()
    await page.keyboard.press("Alt+7")
    await expect(page.locator(f"#article-c1-{meters.id} .article-answer")).to_be_visible()
    await expect(first.locator(".article-answer")).to_be_hidden()


async def test_what_is_missing_is_noted_in_the_words_of_the_form(shift: Shift) -> None:
    page = await talks(shift)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type("Де зарядити телефон?")
    await expect(page.locator("#articles")).to_be_visible()
    await page.keyboard.press("Alt+9")
    await expect(page.locator("#articles-question")).to_have_value("Де зарядити телефон?")
    await page.keyboard.press("Enter")
    await expect(page.locator("#articles")).to_contain_text("Записано, що бракує")
    await expect(page.locator("#appeal-text")).to_be_focused()
    one = await shift.storage.missing_answers.get(1)
    assert (one.call_id, one.question, one.user_id) == ("c1", "Де зарядити телефон?", shift.user_id)


async def test_nothing_is_shown_while_nobody_calls_and_each_call_has_its_own(shift: Shift) -> None:
    light = await written(shift, LIGHT, "power-none")
    await expect(shift.page.locator("#articles")).to_be_hidden()
    page = await talks(shift)
    await expect(page.locator("#articles")).to_have_attribute("data-of", "c1")
    await shift.storage.article_uses.note(light, "c1", shift.user_id, shift.now())
    await shift.ends("c1", rest=0)
    await shift.waits("c2", HANNA, "0", Priority.ORDINARY)
    await shift.rings("c2", HANNA)
    await shift.answers("c2")
    await expect(page.locator("#articles")).to_have_attribute("data-of", "c2")
    await expect(page.locator(f"#article-c2-{light.id}")).to_have_count(0)
