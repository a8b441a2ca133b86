"""The public pages in a real Chromium: every screen and theme, the rules of screen readers, no scripts."""

from collections.abc import AsyncIterator
from itertools import groupby

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from hotline.contact.channel import Channel
from hotline.informing.orders import Way
from tests.cti_server.outages.public.conftest import ADDRESS, LINKS, Town
from tests.fakes.orders import standing_order
from tests.system.browser import clean_context, open_browser, picture, violations
from tests.system.looks import ALL_LOOKS, looks

pytestmark = pytest.mark.system
SIZES = ((1366, 768), (1920, 1080), (390, 844), (320, 640))
JUDGED = ((1366, 768), (320, 640))
BOILED = (
    "До 5 березня воду з-під крана перед питтям кип'ятіть не менше п'яти хвилин. Питну воду підвозять "
    "о дев'ятій і о вісімнадцятій: Київський квартал, 7, та Ризький квартал, 2."
)


class Reader:
    """Somebody with a browser; `complaints` is what it did not like."""

    def __init__(self, page: Page, server: TestServer) -> None:
        self.page = page
        self._base = str(server.make_url("/")).rstrip("/")
        self.complaints: list[str] = []
        page.on("console", lambda said: self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def open(self, path: str) -> None:
        await self.page.goto(self._base + path)

    async def look(self, path: str, name: str, *, nightly: bool = False) -> None:
        """Open it and look at it (`tests.system.looks`): accessible, and no wider than the screen.

        By day what is `nightly` is opened only.
        """
        await self.open(path)
        if nightly and not ALL_LOOKS:
            return
        for theme, seen in groupby(looks(name, SIZES, JUDGED), key=lambda look: look.theme):
            await self.page.click(f"button[name=theme][value={theme}]")
            await expect(self.page.locator(f"html[data-theme={theme}]")).to_be_attached()
            for one in seen:
                await self.page.set_viewport_size({"width": one.width, "height": one.height})
                if one.rules:
                    assert await violations(self.page, one.rules) == [], (path, one)
                assert await self.page.evaluate("document.documentElement.scrollWidth") <= one.width, path
                await picture(self.page, f"{name}-{theme}-{one.width}")


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with open_browser() as one:
        yield one


@pytest.fixture
async def reader(browser: Browser, server: TestServer, town: Town) -> AsyncIterator[Reader]:
    clean = await clean_context(browser, str(server.make_url("/")))
    one = Reader(await clean.new_page(), server)
    yield one
    assert one.complaints == []


@pytest.fixture
async def scriptless(browser: Browser, server: TestServer, town: Town) -> Reader:
    """A browser whose scripts are switched off."""
    return Reader(await browser.new_page(locale="uk-UA", java_script_enabled=False), server)


async def test_the_page_on_every_screen(reader: Reader, town: Town) -> None:
    await town.move_end(town.water, 5)
    await reader.look("/", "home")
    await reader.look("/outages", "outages")
    await reader.look(f"/outages/{town.water.id}", "outage")


@pytest.mark.nightly
async def test_orders_of_the_city_on_every_screen(reader: Reader, town: Town) -> None:
    for text in (BOILED, "Завтра о десятій — збори мешканців у міській раді."):
        await standing_order(town.storage, town.clock, text, way=Way.PAGE)
    await reader.look("/outages", "outages-orders")


async def test_what_is_said_of_an_address_on_every_screen(reader: Reader) -> None:
    await reader.look("/outages?address=Київський+квартал,+7", "outages-at")
    await reader.look("/outages?address=Атомників+5", "outages-none", nightly=True)
    await reader.look("/outages?address=квартал+99", "outages-unknown")


@pytest.mark.nightly
async def test_subscribing_on_every_screen(reader: Reader, town: Town) -> None:
    page = reader.page
    await reader.look("/outages/subscribe?address=Київський+7", "subscribe")
    await page.fill("#contact", "067 123 45 67")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#code")
    await picture(page, "subscribe-code")
    assert await violations(page) == []
    await page.keyboard.press("Tab")
    await page.fill("#code", "1")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#code[aria-invalid=true]")
    assert await violations(page) == []
    await reader.open("/outages/subscribe?address=квартал+99")
    await page.fill("#contact", "olena")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#address[aria-invalid=true]")
    await expect(page.locator("#contact")).to_have_value("olena")
    assert await violations(page) == []
    await picture(page, "subscribe-faults")
    reader.complaints = [line for line in reader.complaints if "422" not in line]
    claimed = await town.storage.outbox.claim((Channel.SMS,), town.clock.now())
    for name, path in (("confirm", LINKS.confirm(claimed[0])), ("stop", LINKS.stop(claimed[0]))):
        await reader.look(path.removeprefix(ADDRESS), f"subscription-{name}")


async def test_addresses_are_offered_while_one_types(reader: Reader) -> None:
    page = reader.page
    await reader.open("/outages")
    await page.focus("#address")
    await page.keyboard.type("Курч")
    await expect(page.locator("#address-offered option")).to_have_count(1)
    assert await page.get_attribute("#address-offered option", "value") == "вулиця Атомників"
    drawn, shown = [
        await page.locator(where).first.evaluate(
            "one => [getComputedStyle(one).fill, getComputedStyle(one).fillOpacity]"
        )
        for where in (".day-row .bar.urgent", ".legend .bar.urgent")
    ]
    assert drawn == shown, "the legend has the strip's colours"
    assert await violations(page) == []


async def test_an_address_is_looked_up_by_keyboard_without_scripts(scriptless: Reader) -> None:
    page = scriptless.page
    await page.set_viewport_size({"width": 390, "height": 844})
    await scriptless.open("/outages")
    await page.focus("#address")
    await page.keyboard.type("Курчатова 5")
    await page.keyboard.press("Enter")
    await expect(page.locator("h2#here")).to_have_text("вулиця Атомників, 5")
    await expect(page.locator("#address")).to_have_value("Курчатова 5")
    await page.click("button[name=language][value=en]")
    await expect(page.locator("h1")).to_have_text("Outages in the city")
    await expect(page.locator("#address")).to_have_value("Курчатова 5")


@pytest.mark.nightly
async def test_what_a_thumb_touches_is_large_enough(reader: Reader) -> None:
    await reader.page.set_viewport_size({"width": 390, "height": 844})
    await reader.open("/outages")
    for button in await reader.page.locator("button").all():
        box = await button.bounding_box()
        assert box
        assert box["height"] >= 44


@pytest.mark.nightly
async def test_the_dark_of_the_system_is_followed(reader: Reader) -> None:
    await reader.page.emulate_media(color_scheme="dark")
    await reader.open("/outages")
    ground = await reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(16, 21, 28)"
    assert await violations(reader.page) == []
