"""Meetings in a real Chromium: answered by a link, minuted, signed; every size, both themes, axe."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestServer

from storage.store import Storage
from tests.cti_server.meetings.conftest import Called
from tests.cti_server.meetings.test_minutes import PAGE, typed
from tests.cti_server.test_in_browser import Window, opened_window

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    """What was saved meanwhile is answered with 409."""
    async with opened_window(server, borne=("409 (Conflict)",)) as opened:
        yield opened


async def test_a_meeting_goes_its_road(window: Window, called: Called, storage: Storage) -> None:
    page = window.page
    await window.look(called.link(2), "meeting-invited")
    await page.fill("#said", "Іваненко")
    await page.click("text=Прийде інший")
    await page.wait_for_selector("text=прийде інший")
    await window.sign_in("head")
    await window.look("/meetings/1/edit", "meeting-edit")
    await window.look("/meetings/1", "meeting")
    await window.look("/meetings", "meetings")
    await window.sign_in(called.olena.login)
    await window.open(PAGE)
    await page.fill("#said-0", "Котельні готові")
    await page.fill("[name=text-0]", "Перевірити котельні")
    await page.select_option("[name=party-0]", f"user:{called.olena.id}")
    await page.fill("[name=due-0]", "09.03.2026")
    await page.click("text=Зберегти чернетку")
    await page.wait_for_selector("#noted")
    await called.head.post(PAGE, typed(edition="1", **{"key-0": ["1", ""]}))
    await page.fill("#others", "Гість")
    await page.click("text=Підписати як секретар")
    await page.wait_for_selector("#theirs-title")
    await window.look_here(PAGE, "minutes-two-at-once", nightly=True)
    await page.click("text=Підписати як секретар")
    await page.wait_for_selector("#noted")
    await window.sign_in("head")
    await window.look(PAGE, "minutes-presented")
    await page.click("text=Підписати як начальник")
    await page.wait_for_selector("text=Підписано обома")
    (one,) = await storage.minutes.versions(1)
    assert one.whole
