"""The page of tokens and the description of the interface in a real Chromium."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from hotline.access.permissions import Role
from hotline.access.scopes import Scope
from storage.store import Storage
from tests.cti_server.api.conftest import Program
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window
from tests.system.looks import ALL_LOOKS

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer, programs: dict[Role, Program]) -> AsyncIterator[Window]:
    del programs
    async with opened_window(server, borne=("422",)) as one:
        yield one


async def test_a_token_is_made_by_keyboard_copied_and_revoked(window: Window, storage: Storage) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/admin/tokens")
    await page.focus("#name")
    await page.keyboard.type("Диспетчерська водоканалу")
    await page.keyboard.press("Tab")
    while await page.evaluate("document.activeElement.value") != Role.DISPATCHER.value:
        await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Space")
    while await page.evaluate("document.activeElement.value") != Scope.CALLS.value:
        await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#token-text")
    assert (await page.inner_text("#token-text")).startswith("hotline_")
    token = (await storage.tokens.all())[0]
    assert (token.name, token.role) == ("Диспетчерська водоканалу", Role.DISPATCHER)
    assert token.scopes == {Scope.CALLS}
    await window.open("/admin/tokens")
    await page.focus(f"form[action='/admin/tokens/{token.id}/revoke'] button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"form[action='/admin/tokens/{token.id}/revoke']", state="detached")
    assert (await storage.tokens.get(token.id)).revoked_at is not None


async def test_the_pages_on_every_screen(window: Window, storage: Storage, clock: MovedClock) -> None:
    await window.sign_in(Role.HEAD.value)
    await storage.tokens.revoke(1, clock.now())
    await storage.tokens.used(2, clock.now())
    await window.look("/admin/tokens", "tokens")
    await window.look("/admin/tokens/2", "token")
    await window.look("/api/", "api", nightly=True)  # the longest of all: `test_page.py`
    if not ALL_LOOKS:
        return  # the rest is pictures, of more than a hundred parts unfolded
    await window.page.set_viewport_size({"width": 1366, "height": 768})
    for one in await window.page.query_selector_all("details"):
        await one.evaluate("one => { one.open = true }")
    for name in ("list_calls", "register_appeal", "schema-NewAppealInput"):
        await window.page.evaluate("(id) => document.getElementById(id).scrollIntoView()", name)
        await window.keep(f"api-{name}.png")
    await window.page.set_viewport_size({"width": 1366, "height": 768})
    await window.page.evaluate("document.getElementById('events').scrollIntoView()")
    await window.keep("api-events.png")
