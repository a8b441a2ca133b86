"""The pages in a real Chromium: accessible, usable by keyboard alone, whole on narrow and wide screens."""

import io
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import groupby
from typing import Any

import pytest
import zxingcpp
from aiohttp.test_utils import TestServer
from PIL import Image
from playwright.async_api import ConsoleMessage, Page, ViewportSize, expect

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import AuditEntry, User
from tests.cti_server.conftest import PASSWORD, MovedClock
from tests.effort import BY_NIGHT
from tests.system.browser import (
    HEARD,
    clean_context,
    open_browser,
    picture,
    sign_in,
    violations,
)
from tests.system.looks import ALL_LOOKS, looks

pytestmark = pytest.mark.system
log = logging.getLogger(__name__)

SIZES = ((1366, 768), (1920, 1080), (390, 844), (320, 640))
JUDGED = ((1366, 768), (320, 640))
"""In these sizes axe looks as well: between them nothing is shown otherwise."""
OPEN = ("/sign-in", "/no/such/page")
HEADS = (
    *("/admin/users", "/admin/users?role=executor&closed=1&q=x", "/admin/users/new", "/admin/users/1"),
    "/admin/users/1/deactivate",
    *("/admin/audit", "/admin/audit?subject=nothing", "/account", "/account/totp", "/no/such/page"),
)
SEEN_ELSEWHERE = ("/admin/users", "/admin/users?role=executor&closed=1&q=x", "/admin/audit?subject=nothing")
"""Pages that another test looks at by day: `admin/test_users_in_browser.py`, and the log with its rows."""


SENT = """() => Object.fromEntries(performance.getEntriesByType("resource")
  .filter((one) => one.name.includes("/static/"))
  .map((one) => [one.name, one.transferSize]))"""
"""How many bytes came for each script, style and face of the page; none for what the browser has."""
FEW_FILES = 5


class Window:
    """A page with the server's address, which remembers what the browser complained of."""

    def __init__(self, page: Page, server: TestServer) -> None:
        self.page = page
        self._address = str(server.make_url("/")).rstrip("/")
        self.complaints: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(f"{message.text} {message.location['url']}")

    async def open(self, path: str) -> None:
        await self.page.goto(self._address + path)

    async def sign_in(self, login: str) -> None:
        """From the next page that is opened."""
        await sign_in(self.page.context, self._address, login, PASSWORD)

    async def look(self, path: str, name: str, *, nightly: bool = False) -> None:
        """Open a page and look at it (`tests.system.looks`): accessible, and no wider than the screen.

        `nightly`: a page that a test looks at by day when it says something else; by day it is opened only.
        """
        await self.open(path)
        await self.look_here(path, name, nightly=nightly)

    async def look_here(self, path: str, name: str, *, nightly: bool = False) -> None:
        """As `look`, on the page that is open: `path` is what it is called when something is wrong."""
        if nightly and not ALL_LOOKS:
            return
        for theme, seen in groupby(looks(name, SIZES, JUDGED), key=lambda look: look.theme):
            await self._show_in(theme)
            for one in seen:
                await self.page.set_viewport_size({"width": one.width, "height": one.height})
                if one.rules:
                    assert await violations(self.page, one.rules) == [], (path, one)
                assert await self.page.evaluate("document.documentElement.scrollWidth") <= one.width, path
                await self.keep(f"{name}-{theme}-{one.width}.png")

    async def _show_in(self, theme: str) -> None:
        """By night with the theme's button, which loads the page anew; by day as it would come then."""
        if BY_NIGHT:
            await self.page.click(f"button[name=theme][value={theme}]")
            await expect(self.page.locator(f"html[data-bs-theme={theme}]")).to_have_count(1)
        else:
            await self.page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")

    async def keep(self, name: str) -> None:
        """Keep a picture of the page (`tests.system.browser.picture`)."""
        await picture(self.page, name.removesuffix(".png"))


@asynccontextmanager
async def opened_window(
    server: TestServer,
    *flags: str,
    borne: Sequence[str] = (),
    hears: int | None = HEARD,
    viewport: ViewportSize | None = None,
    **context: Any,
) -> AsyncIterator[Window]:
    """Open a page in a browser; it may complain of nothing but what is `borne`, such as a 422.

    `flags` and `hears` are `open_browser`'s, all else is for its context.
    """
    async with open_browser(*flags, hears=hears) as browser:
        clean = await clean_context(browser, str(server.make_url("/")), **context)
        one = Window(await clean.new_page(), server)
        if viewport is not None:
            await one.page.set_viewport_size(viewport)
        try:
            yield one
        finally:
            for line in one.complaints:  # shown with a test that fails, which may be why
                log.warning("the browser complained: %s", line)
    assert [line for line in one.complaints if not any(known in line for known in borne)] == []


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("404", "422")) as one:
        yield one


@pytest.fixture
async def history(accounts: Accounts, users: Mapping[Role, User], clock: MovedClock) -> None:
    for number in range(120):
        who = users[Role.DISPATCHER].id
        entry = AuditEntry(
            at=clock.now(), user_id=who, action="view", subject=f"call:{number}", address="192.0.2.1"
        )
        await accounts.audit.append(entry)


@pytest.mark.usefixtures("users")
async def test_pages_before_signing_in(window: Window) -> None:
    for number, path in enumerate(OPEN):
        await window.look(path, f"open-{number}")
    await window.open("/sign-in")
    await window.page.fill("#login", "nobody")
    await window.page.fill("#password", "something wrong")
    await window.page.press("#password", "Enter")
    assert await window.page.locator("[role=alert]").inner_text() == "Логін або пароль неправильний."
    assert await window.page.input_value("#login") == "nobody"
    assert await violations(window.page) == []


@pytest.mark.nightly
async def test_the_status_page_follows_the_systems_theme(window: Window) -> None:
    for theme in ("light", "dark"):
        await window.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        await window.open("/status")
        for width, height in SIZES:
            await window.page.set_viewport_size({"width": width, "height": height})
            assert await violations(window.page) == [], (theme, width)
            assert await window.page.evaluate("document.documentElement.scrollWidth") <= width
            await window.keep(f"status-{theme}-{width}.png")


@pytest.mark.usefixtures("history")
async def test_the_heads_pages(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    for number, path in enumerate(HEADS):
        await window.look(path, f"head-{number}", nightly=path in {*OPEN, *SEEN_ELSEWHERE})


@pytest.mark.usefixtures("users")
async def test_a_page_that_was_seen_fetches_no_script_or_style_again(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    for path in ("/admin/users", "/account", "/admin/users"):
        await window.open(path)
    sent = await window.page.evaluate(SENT)
    assert len(sent) > FEW_FILES
    assert [name for name, size in sent.items() if size] == []


@pytest.mark.usefixtures("users")
async def test_a_user_is_added_by_keyboard_alone(window: Window) -> None:
    page = window.page
    await window.open("/sign-in")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.className") == "skip-link"
    await page.keyboard.press("Enter")
    for text in (Role.HEAD.value, PASSWORD):
        await page.keyboard.press("Tab")
        await page.keyboard.type(text)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/admin/users")
    await window.open("/admin/users/new")
    await page.locator("#login").focus()
    await page.keyboard.type("Bad Login")
    await page.keyboard.press("Tab")
    await page.keyboard.type("Оксана")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#login[aria-invalid=true]:focus")
    assert await page.input_value("#name") == "Оксана"
    assert await violations(page) == []
    await page.keyboard.press("Control+A")
    await page.keyboard.type("oksana")
    await page.keyboard.press("Enter")
    password = await page.locator("#password-text").inner_text()
    assert len(password) == 19
    assert await violations(page) == []


@pytest.mark.usefixtures("users")
async def test_the_language_is_chosen_and_stays(window: Window) -> None:
    await window.open("/sign-in")
    await window.page.click("button[lang=en]")
    await window.page.wait_for_selector("html[lang=en]")
    assert await window.page.locator("h1").inner_text() == "Sign in"
    await window.page.fill("#login", Role.HEAD.value)
    await window.page.fill("#password", PASSWORD)
    await window.page.press("#password", "Enter")
    await window.page.wait_for_selector("form[action='/sign-out']")
    assert await window.page.locator("h1").inner_text() == "Users"


@pytest.mark.nightly
@pytest.mark.usefixtures("users")
async def test_the_picture_of_the_one_time_code_is_read_by_a_camera_in_both_themes(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.open("/account/totp")
    for theme in ("light", "dark"):
        await window.page.click(f"button[name=theme][value={theme}]")
        seen = await window.page.locator(".totp-picture").screenshot(caret="initial")
        (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(seen)))
        assert code.text == await window.page.get_attribute("main details a", "href")
        assert code.text.startswith("otpauth://totp/Hotline:head?secret=")
        await window.keep(f"totp-{theme}.png")


@pytest.mark.usefixtures("users")
async def test_what_was_typed_stands_again_after_a_refusal_and_after_a_session_that_ended(
    window: Window,
) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/users/new")
    await page.fill("#login", "Bad Login")
    await page.fill("#name", "Оксана")
    await page.press("#name", "Enter")
    await page.wait_for_selector("#login[aria-invalid=true]")
    await page.reload()
    await page.wait_for_selector("main [role=status]:focus")
    assert await page.input_value("#name") == "Оксана"
    await page.fill("#login", "oksana")
    await page.context.clear_cookies()
    await page.press("#login", "Enter")
    await page.wait_for_url("**/sign-in?next=**")
    await page.fill("#login", Role.HEAD.value)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/admin/users/new")
    await page.wait_for_selector("main [role=status]:focus")
    assert (await page.input_value("#login"), await page.input_value("#name")) == ("oksana", "Оксана")
    await page.press("#login", "Enter")
    await page.wait_for_selector("#password-text")
    await window.open("/admin/users/new")
    assert await page.input_value("#name") == "", "what was taken is not typed again"
