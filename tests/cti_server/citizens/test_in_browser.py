"""A citizen's page and that of retention in a real Chromium: axe, both themes, every size; used by hand."""

from collections.abc import AsyncIterator, Mapping

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.appeal import AppealState
from storage.store import Storage
from tests.cti_server.citizens.test_citizens import appealed
from tests.cti_server.conftest import MovedClock
from tests.cti_server.test_in_browser import Window, opened_window

pytestmark = pytest.mark.system


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    async with opened_window(server, borne=("422",)) as one:
        yield one


async def test_the_head_takes_all_out_holds_and_erases(
    window: Window, storage: Storage, clock: MovedClock, users: Mapping[Role, User], maria: int
) -> None:
    assert users
    await appealed(storage, clock, maria, AppealState.CLOSED)
    await window.sign_in(Role.HEAD.value)
    page = window.page
    await window.look(f"/holds/citizen/{maria}", "hold")
    await page.fill("#reason", "ухвала суду № 7")
    await page.keyboard.press("Enter")
    await expect(page.locator(".alert[role=status]")).to_contain_text("нічого з цього не видаляється")
    await window.look(f"/citizens/{maria}", "citizen")
    await page.fill("#everything-reason", "заява № 5")
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Завантажити архів").click()
    assert (await download.value).suggested_filename.startswith(f"citizen-{maria}-")
    await window.open(f"/holds/citizen/{maria}")
    await page.get_by_role("button", name="Зняти заборону").click()
    await page.fill("#erase-reason", "заява № 6")
    await page.get_by_role("button", name="Стерти назавжди").click()
    await expect(page.locator(".alert[role=status]")).to_contain_text("закон велить зберігати")
    await window.look("/keeping", "keeping")
