"""The box at the desk by keyboard alone, and the page, in a real Chromium: axe, both themes, all sizes."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from cti_server.appeals.card.routes import add_handling
from cti_server.appeals.form.routes import add_appeals
from cti_server.application import application
from cti_server.control.routes import add_control
from cti_server.desk.routes import add_desk
from cti_server.desk.sources import Desk
from cti_server.frame.pages import Pages
from cti_server.keys import Accounts
from cti_server.screens import Screens
from cti_server.search.routes import add_search
from cti_server.search.sources import Searching
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.events import Event
from hotline.line.line import Offer
from service.wiring.desks import desk_sources
from storage.store import Storage
from tests.cti_server.appeals.conftest import appeal_sources, control_sources, handling_sources
from tests.cti_server.conftest import KYIV, MovedClock, SetBoard, change
from tests.cti_server.test_in_browser import Window, opened_window
from tests.fakes.telephone import FakeTelephone
from tests.system.browser import violations

pytestmark = [pytest.mark.system, pytest.mark.usefixtures("town")]

FOUND = "#search-found:not([hidden]) .search-one"


class Nobody:
    """An exchange on which nothing happens."""

    def tell(self, event: Event) -> None:
        del event

    async def ring(self, offer: Offer) -> None:
        del offer


@pytest.fixture
def app(board: SetBoard, accounts: Accounts, storage: Storage, clock: MovedClock) -> web.Application:
    made = application(board, "1580", accounts, Pages(KYIV))
    sources = desk_sources(storage, Screens(), KYIV, clock)
    add_desk(made, Desk(sources=sources, events=Nobody(), ring=Nobody().ring, recording=FakeTelephone()))
    add_appeals(made, appeal_sources(storage, clock))
    add_handling(made, handling_sources(storage, clock))
    add_control(made, control_sources(storage, clock))
    add_search(made, Searching(search=storage.search, meetings=storage.meetings, lemmas=storage.lemmas))
    return made


@pytest.fixture
async def window(
    server: TestServer, users: Mapping[Role, User], accounts: Accounts, storage: Storage
) -> AsyncIterator[Window]:
    one = await storage.dispatchers.add("201", "Олена", "secret", frozenset())
    await change(accounts, users[Role.DISPATCHER], dispatcher_id=one.id)
    async with opened_window(server, borne=("404",)) as opened:
        await opened.sign_in(Role.DISPATCHER.value)
        yield opened


async def test_from_the_desk_one_searches_and_opens_by_keyboard_alone(window: Window) -> None:
    page = window.page
    await window.open("/desk")
    await page.keyboard.press("/")
    await page.keyboard.type("труб")
    await page.wait_for_selector(FOUND)
    assert await page.locator("#search-found mark").all_inner_texts() == ["трубу"]
    assert await violations(page) == []
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#opened-title:focus")
    assert "прорвало" in await page.locator("#opened").inner_text()
    assert await violations(page) == []
    await page.keyboard.press("Escape")
    assert await page.evaluate("document.activeElement.id") == "search-q"
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowUp")
    assert await page.evaluate("document.activeElement.id") == "search-q"


@pytest.mark.nightly
async def test_escape_goes_back_to_what_was_typed_before(window: Window) -> None:
    page = window.page
    await window.open("/desk")
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-category")
    await page.locator("#appeal-name").focus()
    await page.keyboard.type("Марія/")
    await page.keyboard.press("F3")
    assert await page.evaluate("document.activeElement.id") == "search-q"
    await page.keyboard.type("790 00 12")
    await page.wait_for_selector(FOUND)
    assert await page.locator("#search-found h2").all_inner_texts() == [
        "Люди\n1",
        "Звернення\n2",
        "Дзвінки\n1",
    ]
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Escape")
    assert await page.locator("#search-found").is_hidden()
    assert await page.evaluate("document.activeElement.id") == "appeal-name"
    await page.keyboard.type(" Д")
    assert await page.input_value("#appeal-name") == "Марія/ Д"


async def test_the_page_on_every_screen(window: Window) -> None:
    await window.look("/search", "search-empty", nightly=True)
    await window.look("/search?q=труби", "search-words")
    await window.look("/search?q=0457900012", "search-number", nightly=True)
    await window.look("/search?q=невідоме", "search-nothing", nightly=True)


async def test_the_page_finds_while_one_types(window: Window) -> None:
    page = window.page
    await window.open("/search")
    await expect(page.locator("#search-q")).to_be_focused()  # a page may be there before its field has focus
    await page.keyboard.type("ліхтарі")
    await page.wait_for_selector("#search-found a[href='/appeals/2600002']")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/appeals/2600002")


@pytest.mark.nightly
async def test_the_box_on_both_screens(window: Window) -> None:
    page = window.page
    await window.open("/desk")
    for theme in ("light", "dark"):
        await page.click(f"button[name=theme][value={theme}]")
        for width, height in ((1366, 768), (1920, 1080)):
            await page.set_viewport_size({"width": width, "height": height})
            await page.fill("#search-q", "")
            await page.locator("#search-q").focus()
            await page.keyboard.type("київський 7")
            await page.wait_for_selector(FOUND)
            assert await violations(page) == [], (theme, width)
            await window.keep(f"search-box-{theme}-{width}.png")
