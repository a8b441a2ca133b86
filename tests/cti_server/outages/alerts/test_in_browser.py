"""Alerts in a real Chromium: axe, both themes, every size; decided by keyboard alone."""

from datetime import timedelta

import pytest
from playwright.async_api import expect

from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.alerts import Alert
from hotline.outages.outage import By, NewOutage, OutageKind
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window

from .conftest import QUARTER

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_an_alert_on_every_screen_and_decided_by_keyboard_alone(
    window: Window, oksana: Person, alert: Alert, storage: Storage, clock: MovedClock
) -> None:
    new = NewOutage(
        utility=Utility.WATER,
        kind=OutageKind.REPAIR,
        starts_at=clock.now() - timedelta(hours=1),
        areas=(Area(street="Ризький квартал"),),
    )
    await storage.outages.enter(new, By())
    page = window.page
    await window.sign_in("oksana")
    await window.look("/outage-register/alerts", "alerts")
    await window.look(f"/outage-register/alerts/{alert.id}", "alert")
    await page.wait_for_selector("#outage-heard:has-text('води')")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("#areas")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("вулиця Невідома")
    await page.focus("button:has-text('Створити відключення')")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#areas-fault")
    await expect(page.locator("#areas")).to_be_focused()
    await window.look_here("alert", "alert-faults", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.fill("#areas", f"{QUARTER}, 1-9")
    await page.focus("button:has-text('Створити відключення')")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/outage-register/2?done=entered")
    await window.look(f"/outage-register/alerts/{alert.id}", "alert-decided", nightly=True)


@pytest.mark.nightly
async def test_an_outage_with_its_reports_on_every_screen(
    window: Window, oksana: Person, alert: Alert
) -> None:
    form = {"kind": "unplanned", "starts": "02.03.2026 13:50", "unknown": "yes", "areas": QUARTER}
    await oksana.post(f"/outage-register/alerts/{alert.id}/accept", form)
    await window.sign_in("oksana")
    await window.look("/outage-register/1", "outage-with-reports")
