"""Orders in a real Chromium: axe, both themes, every size; prepared and submitted by keyboard alone."""

import re
from collections.abc import Mapping

import pytest
from playwright.async_api import expect

from hotline.access.users import User
from hotline.informing.order_states import OrderState
from hotline.voice.speech import Language
from hotline.voice.voice_recordings import Origin
from service.informing.informing import Informing
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window, violations
from tests.storage.conftest import NOON

from .conftest import FORM

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.mark.nightly  # by day `announcements/test_in_browser.py`
async def test_a_voice_is_recorded_on_the_orders_page_and_stands_with_it_on_every_screen(
    window: Window, oksana: Person, storage: Storage
) -> None:
    page = window.page
    await oksana.post("/informing/new", FORM)
    await window.sign_in("oksana")
    await window.open("/informing/1")
    form = page.locator("form[data-recorder]")
    meter = await form.locator("[data-part=meter]").element_handle()
    await form.locator("[data-part=record]").click()
    await page.wait_for_function("one => Number(one.value) > 0.1", arg=meter)
    await expect(form.locator("[data-part=clock]")).to_have_text(re.compile(r"^([2-9]|\d\d+) / 180$"))
    await form.locator("[data-part=stop]").click()
    await expect(form.locator("[data-part=preview]")).to_be_visible()
    await form.locator("text='Нехай звучить цей голос'").click()
    await page.wait_for_selector("text='голос людини'")
    order = await storage.informing.get(1)
    recording = (await storage.voice_recordings.in_use())[order.phrase.name, Language.UKRAINIAN]
    assert recording.origin is Origin.MICROPHONE
    await page.fill("#number", "0900 123456")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#number[aria-invalid=true]")
    await window.look_here("/informing/1", "informing-voice")
    window.complaints = [line for line in window.complaints if "422" not in line]


async def test_a_short_message_that_is_too_long_is_counted_and_nothing_of_it_is_cut_off(
    window: Window, oksana: Person
) -> None:
    page = window.page
    await window.sign_in("oksana")
    await window.open("/informing/new")
    await page.focus("#short")
    await page.keyboard.insert_text("а" * 140)
    await expect(page.locator("#short")).to_have_value("а" * 140)
    await expect(page.locator("#short-left.too-long")).to_have_text("140 із 134 знаків")
    await page.keyboard.press("Backspace")
    await expect(page.locator("#short-left")).to_have_text("139 із 134 знаків")


async def test_a_question_that_was_put_off_says_nothing_after_a_reload(
    window: Window, oksana: Person
) -> None:
    page = window.page
    await oksana.post("/informing/new", FORM)
    await oksana.post("/informing/1/move", {"act": "submit", "version": "1"})
    await window.sign_in("oksana")
    await window.open("/informing/1")
    await page.click("button:has-text('Зупинити назавжди')")
    await page.fill("#stop-reason", "Аварію усунено")
    await page.click("dialog[open] button[formmethod=dialog]")
    await page.reload()
    await page.wait_for_load_state("networkidle")
    await expect(page.locator("main [role=status]:has-text('Набране')")).to_have_count(0)


async def test_an_order_on_every_screen(
    window: Window, people: Mapping[str, User], storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    page = window.page
    await window.sign_in("oksana")
    await window.look("/informing", "informing-none", nightly=True)
    await window.look("/informing/new", "informing-new", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("button:has-text('Зберегти чернетку')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#number-fault")
    await window.look_here("/informing/new", "informing-faults")
    await page.set_viewport_size({"width": 1366, "height": 768})
    for name in ("number", "issued_by", "subject", "text", "short"):
        await page.fill(f"#{name}", str(FORM[name]))
    for way in ("ivr", "page"):
        await page.check(f"[name=ways][value={way}]")
    for way in ("call", "sms"):
        await page.check(f"[name=ways][value={way}]")
    await page.check("[name=residents][value=everybody]")
    await page.fill("#until", "05.03.2026 18:00")
    await expect(page.locator("#short-left")).to_have_text(f"{len(str(FORM['short']))} із 134 знаків")
    await page.focus("button:has-text('Зберегти чернетку')")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/informing/1")
    await window.look("/informing/1", "informing-draft")
    await page.focus("button:has-text('Подати на погодження')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("button:has-text('Забрати назад')")
    assert (await storage.informing.get(1)).state is OrderState.SUBMITTED
    await window.sign_in("head")
    await window.open("/informing/1")
    await page.wait_for_selector("text=кожне з 1 частини")
    await page.focus("button:has-text('Погодити')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("dialog[open]")
    await page.keyboard.press("Escape")
    await expect(page.locator("button:has-text('Погодити')").first).to_be_focused()
    await page.keyboard.press("Enter")
    await page.wait_for_selector("dialog[open]")
    assert await violations(page) == []
    await window.keep("informing-asked.png")
    await page.focus("dialog[open] .btn-primary")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=погоджено, почнеться в призначений час")
    approved = await storage.informing.get(1)
    assert (approved.state, approved.approver_id) == (OrderState.APPROVED, people["head"].id)
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    await window.look("/informing/1", "informing-running")
    await window.look("/informing", "informing-list")
