"""Who was told, on the card in a real browser; what failed is sent again by keyboard."""

from collections.abc import Mapping

import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import MovedClock
from tests.cti_server.delivery.test_notices import failed, failed_of_outage
from tests.cti_server.test_in_browser import Window, window
from tests.storage.enterprise import City
from tests.system.browser import violations

__all__ = ["window"]
pytestmark = pytest.mark.system


async def test_what_failed_is_seen_and_sent_again_by_keyboard(
    window: Window,
    users: Mapping[Role, User],
    city: City,
    clock: MovedClock,
) -> None:
    assert users
    notice = await failed(city, clock)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look(f"/appeals/{notice.number}", "card-notices")
    again = window.page.locator("#notices button[value=again]")
    await again.focus()
    await window.page.keyboard.press("Enter")
    await expect(window.page.locator("#notices")).to_contain_text("чекає надсилання")
    await expect(again).to_have_count(0)
    assert await violations(window.page) == []


@pytest.mark.nightly
async def test_what_is_about_an_outage_is_sent_again_by_keyboard_from_the_list(
    window: Window,
    users: Mapping[Role, User],
    city: City,
    clock: MovedClock,
) -> None:
    assert users
    await failed(city, clock)
    await failed_of_outage(city.storage, clock)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/todo", "todo-notices", nightly=True)
    assert await violations(window.page) == []
    again = window.page.locator(".todo-one button[value=again]")
    await again.focus()
    await window.page.keyboard.press("Enter")
    await expect(again).to_have_count(0)
