"""A shift counted: the keys pressed between a ring and a registered appeal, besides what is typed as text.

A chord counts once. Pictures of each screen, in three sizes and both themes, are kept where
HOTLINE_SCREENSHOTS says.
"""

from collections.abc import AsyncIterator

import pytest
from attrs import define
from playwright.async_api import Page

from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from hotline.errors import Engaged
from hotline.line.presence_states import Presence
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.browser import picture, violations
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.looks import ALL_LOOKS, looks
from tests.system.oracle import compare
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
  .filter((one) => one.checkVisibility({visibilityProperty: true}))
  .filter((one) => !one.closest("[inert], .visually-hidden"))
  .map((one) => (one.matches("input[type=radio], input[type=checkbox]") ? one.closest("label") ?? one : one))
  .filter((one) => !(one.matches("a") && getComputedStyle(one).display === "inline"))
  .map((one) => [one.getBoundingClientRect(), one])
  .filter(([box]) => box.width && box.height && Math.min(box.width, box.height) < 23.9)
  .map(([box, one]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
"""What can be pressed or typed into and is below 24 px (WCAG 2.2, 2.5.8); links in a text are free."""


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
    """No finding of axe and nothing too small to hit (`tests.system.looks`)."""
    await page.emulate_media(reduced_motion="reduce")
    before = page.viewport_size
    for one in looks(name, SIZES, SIZES if ALL_LOOKS else (SIZES[0], SIZES[-1])):
        await page.set_viewport_size({"width": one.width, "height": one.height})
        await page.evaluate(f"document.documentElement.dataset.bsTheme = '{one.theme}'")
        if one.rules:
            assert await violations(page, one.rules) == [], (name, one)
        await picture(page, f"shift-{name}-{one.width}-{one.theme}")
        assert await page.evaluate(_SMALL) == [], (name, one)
    if before:
        await page.set_viewport_size(before)


async def rings(desk: WebDesk, number: str) -> OutgoingCall:
    citizen = await asks_for_a_dispatcher(desk.hotline, number, sound=tone(CITIZEN))
    await desk.call_is("ringing")
    return citizen


async def says(keys: Keys, category: str, sought: str) -> None:
    """Answer, open the form, type what the citizen says, find its category by their words."""
    await keys.press("F2", "F6")
    await keys.page.wait_for_selector("#appeal-text:focus")
    await keys.type(TEXT)
    await keys.press("Tab")
    await keys.type(sought)
    await keys.page.wait_for_selector(f"#appeal-category[aria-activedescendant=category-{category}]")


async def consents_and_registers(keys: Keys) -> None:
    await keys.tab_to("[name=consent]")
    await keys.press("Space")
    await keys.press("Control+Enter")


async def gone(desk: WebDesk, citizen: OutgoingCall) -> None:
    """The talk is over, and the dispatcher is ready again."""

    async def ready() -> bool:
        try:
            await desk.hotline.presence("201", Presence.READY)
        except Engaged:  # the browser knows of the hang-up before the hotline has written the talk's end
            return False
        return True

    await citizen.hang_up()
    await desk.call_is("none")
    await desk.hotline.until(ready)


@pytest.mark.nightly  # its keys one by one by day: `cti_server/desk/browser`
async def test_a_shift_takes_few_keys(hotline: Hotline, desk: WebDesk) -> None:
    page, counted = desk.page, Keys(desk.page)
    citizen = await rings(desk, MARIA)
    await look(page, "ringing")
    await says(counted, "hot-water-none", "нема гар вод")
    await look(page, "known")
    await consents_and_registers(counted)
    known = await registered(hotline, page)
    assert (known.category, known.address, known.text) == ("hot-water-none", HOME, TEXT)
    assert counted.pressed <= 14
    await look(page, "registered")
    await gone(desk, citizen)

    citizen, counted = await rings(desk, STRANGER), Keys(page)
    await says(counted, "hot-water-none", "гаряча вода")
    await counted.tab_to("#appeal-address")
    await counted.type("Київський квартал, 9")
    await counted.tab_to("#appeal-name")
    await counted.type("Іван Приклад")
    await look(page, "unknown")
    await consents_and_registers(counted)
    await page.wait_for_selector(f".appeal-number:not(:text-is('{known.number}'))")
    unknown = await registered(hotline, page)
    assert (unknown.address, unknown.applicant_number) == ("Київський квартал, 9", STRANGER)
    assert counted.pressed <= 20
    await gone(desk, citizen)

    citizen, counted = await rings(desk, MARIA), Keys(page)
    await counted.press("F2", "Shift+F6")
    await page.wait_for_selector("#appeal-register:focus")
    await look(page, "emergency")
    await counted.press("Enter")
    await page.wait_for_selector(f".appeal-number:not(:text-is('{unknown.number}'))")
    emergency = await registered(hotline, page)
    assert (emergency.urgency, emergency.address) == (Urgency.EMERGENCY, HOME)
    assert emergency.applicant_number == MARIA
    assert counted.pressed <= 3
    await gone(desk, citizen)
    await compare(hotline)
