"""Orders in a real Chromium: axe, both themes, every size; prepared and submitted by keyboard alone."""

import pytest

from hotline.informing import OrderState
from service.informing import Informing
from storage.store import Storage
from tests.cti_server.appeals.test_in_browser import window
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window
from tests.storage.conftest import NOON

from .conftest import FORM

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_an_order_on_every_screen(
    window: Window, head: Person, storage: Storage, clock: MovedClock, informing: Informing
) -> None:
    page = window.page
    await window.sign_in("oksana")
    await window.look("/informing", "informing-none")
    await window.look("/informing/new", "informing-new")
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
    await page.fill("#until", "2026-03-05T18:00")
    await page.focus("button:has-text('Зберегти чернетку')")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/informing/1")
    await window.look("/informing/1", "informing-draft")
    await page.focus("button:has-text('Подати на погодження')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("button:has-text('Забрати назад')")
    assert (await storage.informing.get(1)).state is OrderState.SUBMITTED
    await head.post("/informing/1/move", {"to": "approved", "version": "2"})
    clock.moment = NOON.replace(hour=12)
    await informing.once()
    await window.look("/informing/1", "informing-running")
    await window.look("/informing", "informing-list")
