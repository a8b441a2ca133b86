"""The road of a chat in a real Chromium: by forms alone and with scripts, taken over by a dispatcher."""

import re
from collections.abc import AsyncIterator
from typing import cast

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, expect

from cti_server.chats.sources import CHATS
from hotline.chats.messengers import SentPhoto
from service.chats.conversations import Conversations
from tests.cti_server.quality.test_in_browser import wide, window
from tests.cti_server.test_in_browser import Window, opened_window
from tests.storage.pictures import photo

pytestmark = pytest.mark.system


async def sent_photo(server: TestServer, chat_id: int) -> None:
    """Have the resident of this chat send a photo by a messenger."""

    async def bring() -> AsyncIterator[bytes]:
        yield photo(size=(320, 240))

    conversations = cast("Conversations", server.app[CHATS].conversations)
    await conversations.add_photo(chat_id, SentPhoto(fetch=bring))


async def opens_by_code(resident: Page, olena: Window) -> None:
    """They call and say the code of their chat; at first it is heard wrong."""
    await resident.get_by_label("Ваше повідомлення").fill("продовжити")
    await resident.keyboard.press("Enter")
    told = await resident.get_by_text(re.compile("продовжити [0-9]{6}")).inner_text()
    for code in ("000000", re.findall("[0-9]{6}", told)[-1]):
        await olena.page.get_by_label("Код, який їм дали").fill(code)
        await olena.page.get_by_role("button", name="Відкрити чат").click()
        if code == "000000":
            await expect(olena.page.get_by_role("alert")).to_contain_text("немає")
            olena.complaints.clear()  # the browser tells of the 422
    await expect(olena.page.get_by_text("зламаний ліфт")).to_be_visible()


async def brings_others_in(olena: Window, resident: Page) -> None:
    """An interpreter is invited by one press; of two numbers the whole one is told, and can be pressed."""
    dispatcher = olena.page
    await dispatcher.get_by_role("button", name="Запросити перекладача").click()
    await expect(resident.get_by_text("https://signs.example/city")).to_be_visible()
    call = dispatcher.get_by_label("Подзвонити за мешканця")
    for number in ("067", "067 123 45 67"):
        await call.fill(number)
        await dispatcher.get_by_role("button", name="Повідомити й подзвонити").click()
        if number == "067":
            await expect(dispatcher.get_by_role("alert")).to_contain_text("повний номер")
            olena.complaints.clear()  # the browser tells of the 422
    await expect(dispatcher.locator("[data-call='+380671234567']")).to_be_visible()
    await expect(resident.get_by_text("Телефоную за вас на номер")).to_be_visible()


async def adds_photo(page: Page) -> None:
    """Send a photo by the form of the page; it comes back with what becomes of it."""
    field = page.get_by_label("Фото того, про що пишете")
    await field.set_input_files({"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo()})
    await page.get_by_role("button", name="Додати фото").click()
    await expect(page.get_by_text("Фото отримано")).to_be_visible()
    assert await field.input_value() == ""


async def asks_while_a_photo_is_chosen(olena: Window, resident: Page) -> None:
    """The answer comes while the window for choosing is open: what is chosen then is in the form."""
    choosing = await resident.query_selector("#photo")
    assert choosing
    await olena.page.get_by_label("Ваше повідомлення").fill("У якому будинку?")
    await olena.page.get_by_role("button", name="Надіслати").click()
    await expect(resident.get_by_text("У якому будинку?")).to_be_visible()
    assert await choosing.evaluate("field => field.isConnected")


@pytest.mark.usefixtures("users")
async def test_a_resident_writes_and_a_dispatcher_answers(server: TestServer) -> None:
    async with opened_window(server, java_script_enabled=False) as plain:
        await plain.open("/chat")
        await plain.page.get_by_role("button", name="Почати").click()
        await plain.page.get_by_role("button", name="Стан звернення").click()
        await plain.page.get_by_label("Ваше повідомлення").fill("2699999")
        await plain.page.get_by_role("button", name="Надіслати").click()
        await expect(plain.page.get_by_text("не знайдено")).to_be_visible()
        await adds_photo(plain.page)
    async with (
        opened_window(server) as resident,
        window(server, "dispatcher") as olena,
    ):
        page = resident.page
        await page.set_viewport_size({"width": 320, "height": 640})
        await resident.look("/hearing", "hearing")
        await expect(page.get_by_role("link", name="Відкрити відеозв’язок")).to_be_visible()
        await resident.look("/chat/go/abcdefghjk", "chat-link")
        await resident.look("/chat", "chat-begin")
        await page.get_by_role("button", name="Почати").click()
        await expect(page.get_by_text("Чим допомогти?")).to_be_visible()
        await adds_photo(page)
        await resident.look_here("/chat", "chat")
        await page.get_by_role("button", name="Диспетчер").click()
        await expect(page.get_by_text("Зараз на зміні немає диспетчера")).to_be_visible()
        await page.get_by_label("Ваше повідомлення").fill("Не чую, тому пишу: зламаний ліфт")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text("зламаний ліфт")).to_be_visible()
        await olena.look("/chats", "chats")
        await opens_by_code(page, olena)
        await olena.open("/chats")
        await olena.page.get_by_role("link", name="№ 2").click()
        await olena.page.get_by_role("button", name="Узяти чат").click()
        await expect(page.get_by_text("приєднався диспетчер")).to_be_visible()
        await asks_while_a_photo_is_chosen(olena, page)
        await brings_others_in(olena, page)
        await sent_photo(server, 2)
        shown = olena.page.get_by_role("img", name="Фото від мешканця")
        await expect(shown).to_be_visible()
        assert await shown.evaluate("image => image.decode().then(() => image.naturalWidth)")
        await olena.page.reload()
        await olena.look_here("/chats/2", "chat-taken")
        await wide(olena)
        await page.reload()
        await expect(page.get_by_text("У якому будинку?")).to_be_visible()
        await resident.look_here("/chat", "chat-with-dispatcher", nightly=True)
        await olena.page.get_by_role("button", name="Завершити чат").click()
        await expect(page.get_by_text("Чат завершено")).to_be_visible()
        await resident.look_here("/chat", "chat-over", nightly=True)
        await page.get_by_role("button", name="Прибрати з цього браузера").click()
        await expect(page.get_by_role("button", name="Почати", exact=True)).to_be_visible()
