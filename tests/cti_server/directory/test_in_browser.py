"""The directory in a real Chromium: all sizes and themes, for dispatchers and for residents."""

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from tests.cti_server.quality.test_in_browser import wide, window
from tests.cti_server.test_in_browser import opened_window

pytestmark = pytest.mark.system


async def test_a_dispatcher_finds_a_body_and_who_stands_in(server: TestServer, users: object) -> None:
    assert users
    async with window(server, "dispatcher") as olena:
        await olena.look("/directory", "directory")
        await wide(olena)
        await olena.page.get_by_role("searchbox").fill("начальницею відділу")
        await olena.page.keyboard.press("Enter")
        await olena.page.get_by_role("link", name="Міська рада").click()
        await expect(olena.page.get_by_text("Заступає:")).to_be_visible()
        await olena.look_here("/directory/council", "directory-entry")
    async with opened_window(server) as window_of_a_resident:
        await window_of_a_resident.look("/contacts", "contacts")
