"""The list of users in a real Chromium: three sizes, both themes, axe, by keyboard, cards on a telephone."""

from collections.abc import Mapping

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.test_in_browser import Window, window
from tests.storage.conftest import NOON

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_users_are_found_by_part_box_and_kept_filters_without_a_mouse(
    window: Window, users: Mapping[Role, User], storage: Storage
) -> None:
    page, keys = window.page, window.page.keyboard
    head = users[Role.HEAD]
    await storage.views.save(
        user_id=head.id,
        of_list="users",
        name="Диспетчери",
        query="role=dispatcher",
        shared=True,
        at=NOON,
    )
    await window.sign_in(Role.HEAD.value)
    await window.look("/admin/users", "users-list")
    await window.look("/admin/users?role=dispatcher&code=off", "users-list-narrowed")
    await page.set_viewport_size({"width": 390, "height": 844})
    await window.open("/admin/users")
    first = await page.locator(".list-table tbody tr").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 844, "the first user is on the first screen of a telephone"
    rows = page.locator(".list-table tbody tr")
    tops = await rows.evaluate_all("rows => rows.map(one => getComputedStyle(one).borderTopWidth)")
    assert {*tops} == {"1px"}, "each card has its outline, the first one too"
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus(".list-views a")
    await keys.press("Enter")
    await page.wait_for_url("**/admin/users?role=dispatcher")
    assert await page.locator(".list-table tbody tr").count() == 1
    await page.focus("#q")
    await keys.type("нікого")
    await keys.press("Enter")
    await page.wait_for_selector(".empty")
    await page.focus("#q")
    await keys.press("Control+A")
    await keys.type("disp")
    await keys.press("Enter")
    await page.wait_for_selector(".list-table")
    await page.focus("#q")
    await keys.press("ArrowDown")
    assert await page.evaluate("document.activeElement.textContent") == Role.DISPATCHER.value
