"""The page of acting heads in a real Chromium: three sizes, both themes, axe; named and ended by keyboard."""

from collections.abc import Mapping

import pytest

from cti_server.keys import Accounts
from hotline.access.permissions import Role
from hotline.access.users import User
from tests.cti_server.conftest import MovedClock, change
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]
PATH = "/admin/acting-head"


async def test_an_acting_head_is_named_and_ended_without_a_mouse(
    window: Window, users: Mapping[Role, User], accounts: Accounts, clock: MovedClock
) -> None:
    page, keys = window.page, window.page.keyboard
    await change(accounts, users[Role.DISPATCHER], name="Олена Мельниченко-Загорулько")
    await window.sign_in(Role.HEAD.value)
    await window.look(PATH, "acting-head-nobody", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.open(PATH)
    await page.focus("#user")
    await keys.press("ArrowDown")
    await keys.press("Tab")
    assert await page.input_value("#since") == "02.03.2026"
    await page.focus("#until")
    await keys.type("1.3.2026")
    await page.focus("#order")
    await keys.type("№ 14-к від 02.03.2026")
    await keys.press("Enter")
    await page.wait_for_selector("#until.is-invalid")
    assert await page.input_value("#order") == "№ 14-к від 02.03.2026", "what was typed stays"
    await window.look_here(PATH, "acting-head-wrong")
    await page.fill("#until", "6.3.2026")
    await page.focus("#order")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.look_here(PATH, "acting-head-acts", nightly=True)
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/account", "acting-head-account", nightly=True)
    await window.sign_in(Role.HEAD.value)
    await window.open(PATH)
    await page.focus(".btn-outline-danger")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    assert await accounts.acting_heads.at(clock.now()) is None
    assert await page.locator(".btn-outline-danger").count() == 0
