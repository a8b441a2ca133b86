"""The set-up of a new city in a real Chromium: axe, both themes, narrow and wide."""

import pytest

from cti_server.new_city.sources import Tried
from hotline.access.tokens import hash_of
from hotline.new_city.setup import SetupStep, plain_code
from storage.store import Storage
from tests.cti_server.new_city.conftest import CODE, NewCityAtHand
from tests.cti_server.new_city.test_setup import CITY
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]

BY_DAY = frozenset({SetupStep.NUMBER, SetupStep.PEOPLE})
"""Pages of the same parts as the others have."""


async def test_each_page_can_be_used_on_every_screen(
    window: Window, storage: Storage, at_hand: NewCityAtHand
) -> None:
    page = window.page
    await storage.city_setup.offer(hash_of(plain_code(CODE)))
    await window.open("/sign-in")
    await window.look_here("/setup", "new-city-code", nightly=True)
    await page.fill("#code", "9999 9999 9999 9999")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".invalid-feedback")
    await page.fill("#code", CODE)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#step-city")
    await page.click("#step-city a")
    for name, typed in CITY.items():
        await page.fill(f"#{name}", typed)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#step-city:has-text('зроблено')")
    await window.look_here("/setup", "new-city-steps")
    for step in SetupStep:
        await window.look(f"/setup/{step}", f"new-city-{step}", nightly=step not in BY_DAY)
    await window.open("/setup/people")
    for name, typed in {"login": "olha", "name": "Ольга Начальниця"}.items():
        await page.fill(f"#{name}", typed)
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#password-text")
    await window.look_here("/setup/people", "new-city-password", nightly=True)
    await window.open("/setup/streets")
    await page.fill("#typed", "Садова; 1, 2\n; 7")
    await page.click("main form button")
    await page.wait_for_selector("text=Що зрозуміли")
    await window.look_here("/setup/streets/1", "new-city-looked-through", nightly=True)
    at_hand.speaking.begin()
    await window.look("/setup/voice", "new-city-spoken", nightly=True)
    at_hand.trial.now = Tried(failed=True, lines=("Гаряча лінія не відповідає.",))
    await window.look("/setup/trial", "new-city-not-answered", nightly=True)
