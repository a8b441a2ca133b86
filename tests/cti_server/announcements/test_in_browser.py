"""Announcements in a real Chromium: accessible in every size, and a voice recorded by a real recorder."""

import re
from collections.abc import Mapping

import numpy as np
import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.informing.city_messages import MessageBy, NewMessage
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import NewRecording, Origin
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window, window
from tests.system.browser import HEARD

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("users")]
__all__ = ["window"]

CHLORINE = (
    "Увага! На вулиці Військових Будівельників стався витік хлору. Зачиніть вікна й двері, вимкніть "
    "вентиляцію, зволожте тканину й дихайте крізь неї. Не виходьте надвір до наступного повідомлення."
)


@pytest.fixture
async def by(users: Mapping[Role, User]) -> MessageBy:
    return MessageBy(user_id=users[Role.HEAD].id)


@pytest.fixture
async def prepared(storage: Storage, by: MessageBy) -> int:
    """Three messages: one in both languages, one without words, one that is too long."""
    english = "Attention! Chlorine has leaked. Close windows and doors."
    made = await storage.city_messages.enter(NewMessage(title="Хлор", uk=CHLORINE, en=english), by)
    await storage.city_messages.enter(NewMessage(title="Тривога", uk="Повітряна тривога. В укриття!"), by)
    await storage.city_messages.enter(NewMessage(title="Задовге", uk="Дуже довго. " * 40), by)
    return made.id


async def test_the_pages_on_every_screen(
    window: Window, storage: Storage, prepared: int, by: MessageBy
) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.look("/announcements", "announcements-off", nightly=True)
    await storage.city_messages.switch_on(prepared, by)
    for name, path in (
        ("announcements-on", "/announcements"),
        ("announcements-form", f"/announcements/{prepared}"),
        ("announcements-phrases", "/announcements/phrases"),
        ("announcements-phrase", f"/announcements/phrases/city-message-{prepared}"),
    ):
        await window.look(path, name, nightly=name == "announcements-phrases")  # the phrase has all it has
    await window.look("/account", "announcements-account", nightly=True)


@pytest.mark.nightly
async def test_recordings_that_are_stale_on_every_screen(
    window: Window, storage: Storage, prepared: int, by: MessageBy
) -> None:
    for language, basis in ((Language.UKRAINIAN, "Увага! Витік хлору."), (Language.ENGLISH, "Attention!")):
        await storage.voice_recordings.keep(
            NewRecording(
                phrase=f"city-message-{prepared}",
                language=language,
                basis=basis,
                stem="gone",
                seconds=4.0,
                origin=Origin.MICROPHONE,
                user_id=by.user_id,
            )
        )
    await window.sign_in(Role.HEAD.value)
    await window.look("/announcements/phrases", "announcements-stale-list")
    await window.look(f"/announcements/phrases/city-message-{prepared}", "announcements-stale")


async def test_a_message_is_prepared_and_switched_on_by_keyboard_alone(
    window: Window, storage: Storage, clock: MovedClock
) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.open("/announcements/new")
    keys = window.page.keyboard
    await window.page.focus("#title")
    await keys.type("Хлор")
    await keys.press("Tab")
    await keys.type("Зачиніть вікна до 18:00.")
    await keys.press("Tab")
    await keys.press("Enter")  # it is heard before it is kept
    said = window.page.locator(".listen-said").first
    await expect(said).to_have_text("Зачиніть вікна до вісімнадцятої години.")
    await window.keep("announcements-listened.png")
    for _ in range(3):  # English, which nobody listens to, and the button
        await keys.press("Tab")
    await keys.press("Enter")
    await window.page.wait_for_selector("text=Збережено й озвучено")
    await window.page.focus("text='Увімкнути для всіх'")
    await keys.press("Enter")
    await window.page.wait_for_selector("text=УВІМКНЕНО: це чує кожен, хто телефонує")
    on = await storage.city_messages.on(clock.now())
    assert on is not None
    assert on.title == "Хлор"


async def test_a_voice_is_recorded_heard_taken_again_and_kept(window: Window, storage: Storage) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/announcements/phrases/welcome")
    form = page.locator("#uk form[data-recorder]")
    two_seconds_or_more = re.compile(r"^([2-9]|[1-9]\d+) / 180$")
    meter, stop = form.locator("[data-part=meter]"), form.locator("[data-part=stop]")
    for _take in range(2):
        await form.locator("[data-part=record]").click()
        await expect(stop).to_be_focused()
        await page.wait_for_function("one => Number(one.value) > 0.1", arg=await meter.element_handle())
        await expect(form.locator("[data-part=clock]")).to_have_text(two_seconds_or_more)
        await stop.click()
        await expect(form.locator("[data-part=preview]")).to_be_visible()
    await window.keep("announcements-recorded.png")
    await form.locator("text='Нехай звучить цей голос'").click()
    await page.wait_for_selector("text=Наступний заявник почує цей голос.")
    recording = (await storage.voice_recordings.in_use())[("welcome", Language.UKRAINIAN)]
    assert recording.origin is Origin.MICROPHONE
    assert recording.seconds > 1.5
    answer = await page.request.get(page.url.split("?")[0].split("#")[0] + "/uk.wav")
    samples = np.frombuffer((await answer.body())[44:], "<i2")[4000:12000]
    assert np.argmax(np.abs(np.fft.rfft(samples, 8000))) == pytest.approx(HEARD, abs=3)


@pytest.mark.nightly
async def test_without_a_microphone_the_page_says_what_to_do(server: TestServer) -> None:
    async with opened_window(server, hears=None) as window:
        await window.sign_in(Role.HEAD.value)
        await window.open("/announcements/phrases/welcome")
        await window.page.locator("#uk [data-part=record]").click()
        note = window.page.locator("#uk [data-part=note]")
        await expect(note).to_contain_text("Браузер не дає доступу до мікрофона")


@pytest.mark.nightly
async def test_listening_plays_one_phrase_at_a_time(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.open("/announcements/phrases")
    welcome = window.page.locator("[data-play='/announcements/phrases/welcome/uk.wav']")
    menu = window.page.locator("[data-play='/announcements/phrases/menu/uk.wav']")
    await welcome.click()
    await expect(welcome).to_have_attribute("aria-pressed", "true")
    await menu.click()
    await expect(welcome).to_have_attribute("aria-pressed", "false")
    await expect(menu).to_have_attribute("aria-pressed", "true")
    await menu.click()
    await expect(menu).to_have_attribute("aria-pressed", "false")
