"""An appeal registered by keys alone while the citizen talks, and found again by telephone."""

import pytest
from playwright.async_api import Page

from hotline.appeals.appeal import Appeal
from hotline.calls.call import Step
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from tests.system.browser import open_browser, picture, violations
from tests.system.desk_browser import open_desk
from tests.system.hotline import Hotline
from tests.system.looks import ALL_LOOKS

pytestmark = pytest.mark.system

CITIZEN = "+380457900001"
HOME = "Київський квартал, 7"


async def look(page: Page, name: str) -> None:
    """The page is accessible in both themes; a picture is kept where HOTLINE_SCREENSHOTS says.

    By day the tests without a telephone look at these pages (`tests/cti_server`).
    """
    if not ALL_LOOKS:
        return
    await page.emulate_media(reduced_motion="reduce")  # colours are what they are, not on their way
    for theme in ("light", "dark"):
        await page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
        assert await violations(page) == [], (name, theme)
        await picture(page, f"{name}-{theme}")


async def registered(hotline: Hotline, page: Page) -> Appeal:
    await page.wait_for_selector(".appeal-number")
    number = (await page.inner_text(".appeal-number")).replace(" ", "")
    appeal = await hotline.storage.appeals.find(number)
    assert appeal is not None
    return appeal


async def tab_to(page: Page, field: str) -> None:
    """Go on to this field by Tab alone; what the category asks lies on the way."""
    for _ in range(20):
        if await page.locator(f"{field}:focus").count():
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{field} is not reached by Tab")


async def fill_in(page: Page) -> None:
    """Fill the form in and send it, with a fault first."""
    keys = page.keyboard
    await keys.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await keys.type("Немає гарячої води з ранку")
    await keys.press("Control+Enter")
    await page.wait_for_selector("#appeal [role=alert]")
    assert await page.input_value("#appeal-text") == "Немає гарячої води з ранку"
    await look(page, "appeal-faults")
    await page.wait_for_selector("#appeal-category:focus")
    await keys.type("нема гар вод")
    await page.wait_for_selector("#appeal-category[aria-activedescendant=category-hot-water-none]")
    await keys.press("Tab")
    assert await page.input_value("#appeal-address:focus") == HOME
    await page.wait_for_selector(".asked")
    assert await page.locator("[name=applicant]:checked").count() == 1
    await tab_to(page, "[name=consent]")
    await keys.press("Space")
    await look(page, "appeal-form")
    await keys.press("Enter")


async def test_an_appeal_is_registered_by_keys_alone_and_told_by_the_menu(hotline: Hotline) -> None:
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [CITIZEN])
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call = await hotline.citizen(CITIZEN)
        await call.answered()
        await call.press("0")
        ringing = await phone.next_call()
        await ringing.answer()
        await page.wait_for_selector("article.desk-card")
        await fill_in(page)
        appeal = await registered(hotline, page)
        await look(page, "appeal-registered")
        assert (appeal.category, appeal.address) == ("hot-water-none", HOME)
        assert appeal.call_id == (await hotline.only_call()).id
        await page.keyboard.press("Shift+F6")
        await page.wait_for_selector("#appeal-register:focus")
        await look(page, "emergency-form")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f".appeal-number:not(:text-is('{appeal.number}'))")
        await page.wait_for_selector("#appeal >> text=Аварія")
        emergency = await registered(hotline, page)
        assert (emergency.urgency, emergency.address) == (Urgency.EMERGENCY, HOME)
        await ringing.hang_up()
        await hotline.ended_call()
    again = await hotline.citizen(CITIZEN)
    await again.answered()
    await again.press("21")  # the emergency was called in from this number as well, and is the newer one
    await hotline.reached(Step.APPEAL_ASKED)
    await again.hang_up()
    (asked,) = [
        step
        for step in await hotline.journey((await hotline.calls())[-1].id)
        if step.step is Step.APPEAL_ASKED
    ]
    assert asked.detail == {"appeal": emergency.number, "theirs": True}
