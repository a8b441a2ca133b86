"""A shift counted: the keys pressed between a ring and a registered appeal, besides what is typed as text.

A chord counts once. Pictures of each screen are kept where HOTLINE_SCREENSHOTS says, in three sizes and both themes.
"""

from collections.abc import AsyncIterator

import pytest
from attrs import define
from playwright.async_api import Page

from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from hotline.line.presence_states import Presence
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.browser import picture, violations
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher
from tests.system.test_registration import registered
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system

MARIA, STRANGER = "+380457900001", "+380671112233"
HOME = "Київський квартал, 7"
TEXT = "Немає гарячої води з ранку"
SIZES = ((1366, 768), (1093, 614), (390, 844))
"""A laptop, the same at 125 %, a telephone."""
_SMALL = """() => [...document.querySelectorAll("button, a[href], input, select, textarea, summary")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest("[inert], .visually-hidden"))
  .map((one) => (one.matches("input[type=radio], input[type=checkbox]") ? one.closest("label") ?? one : one))
  .filter((one) => !(one.matches("a") && getComputedStyle(one).display === "inline"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width && box.height && Math.min(box.width, box.height) < 23.9)
  .map(([box, one]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
"""What can be pressed or typed into and is smaller than 24 px (WCAG 2.2, 2.5.8); links within a text are free."""


@define
class Keys:
    """A dispatcher's keyboard that counts."""

    page: Page
    pressed: int = 0

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.pressed += 1
            await self.page.keyboard.press(key)

    async def type(self, text: str) -> None:
        """Type what the citizen says: it is not counted."""
        await self.page.keyboard.type(text)

    async def tab_to(self, field: str) -> None:
        for _ in range(20):
            if await self.page.locator(f"{field}:focus").count():
                return
            await self.press("Tab")
        raise AssertionError(f"{field} is not reached by Tab")


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [MARIA])
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk") as one:
        await hotline.presence("201", Presence.READY)
        yield one


async def look(page: Page, name: str) -> None:
    """No finding of axe and nothing too small to hit, in three sizes and both themes."""
    await page.emulate_media(reduced_motion="reduce")
    before = page.viewport_size
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            await page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
            assert await violations(page) == [], (name, width, theme)
            await picture(page, f"shift-{name}-{width}-{theme}")
        assert await page.evaluate(_SMALL) == [], (name, width)
    if before:
        await page.set_viewport_size(before)


async def rings(desk: WebDesk, number: str) -> OutgoingCall:
    citizen = await asks_for_a_dispatcher(desk.hotline, number, sound=tone(CITIZEN))
    await desk.call_is("ringing")
    return citizen


async def test_the_keys_of_a_shift_are_few(hotline: Hotline, desk: WebDesk) -> None:
    page = desk.page
    citizen = await rings(desk, MARIA)
    await look(page, "ringing")
    keys = Keys(page)
    await keys.press("F2", "F6")
    await page.wait_for_selector("#appeal-text:focus")
    await keys.type(TEXT)
    await keys.press("Tab")
    await keys.type("нема гар вод")
    await page.wait_for_selector("#appeal-category[aria-activedescendant=category-hot-water-none]")
    await keys.tab_to("[name=consent]")
    await keys.press("Space")
    await look(page, "known")
    await keys.press("Control+Enter")
    appeal = await registered(hotline, page)
    assert (appeal.category, appeal.address, appeal.text) == ("hot-water-none", HOME, TEXT)
    assert keys.pressed <= 14, keys.pressed
    print("known", keys.pressed)
