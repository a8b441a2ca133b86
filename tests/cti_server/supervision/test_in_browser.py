"""The board in a real Chromium: axe, both themes, every size; acts by press and by key, without a reload."""

import re
from collections.abc import Mapping

import pytest
from playwright.async_api import expect

from cti_server.supervision.watch import BoardWatch
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.events import LineChanged
from hotline.line.line import Dispatcher
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window
from tests.fakes.telephone import FakeTelephone

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_head_sees_the_calls_and_listens_by_keys(
    chief: Person,
    desk: Dispatcher,
    window: Window,
    *,
    watch: BoardWatch,
    telephone: FakeTelephone,
    storage: Storage,
    clock: MovedClock,
    users: Mapping[Role, User],
) -> None:
    del chief
    await storage.help_requests.ask(desk.id, "talk", clock.now())
    await window.sign_in(users[Role.HEAD].login)
    await window.look("/board", "board", nightly=True)
    page = window.page
    row = page.locator(".board-talking")
    await expect(row.locator(".board-clock")).to_have_text(re.compile(r"\d+:\d\d"))
    async with page.expect_response("**/board/listen"):
        await row.get_by_text("Слухати").click()
    watch.tell(LineChanged(at=clock.now()))
    await watch.look()
    await expect(page.locator("#mine-title")).to_contain_text("Ви на розмові")
    await window.look_here("/board", "board-listening")
    for key, act in (("2", "mode"), ("0", "leave")):
        async with page.expect_response(f"**/board/{act}"):
            await page.keyboard.press(key)
    await expect(page.locator("#board-refused")).to_be_hidden()
    assert [act for act, _, _ in telephone.asked] == ["listen", "mode", "stop"]


async def test_who_comes_to_help_is_on_record_with_that_ground_whatever_stands_in_the_list(
    chief: Person,
    desk: Dispatcher,
    window: Window,
    *,
    storage: Storage,
    clock: MovedClock,
    users: Mapping[Role, User],
) -> None:
    del chief
    await storage.help_requests.ask(desk.id, "talk", clock.now())
    await window.sign_in(users[Role.HEAD].login)
    page = window.page
    await window.open("/board")
    async with page.expect_response("**/board/listen"):
        await page.locator("#for-head").get_by_text("Підказувати").click()
    (entry,) = [one for one in await storage.audit.latest() if one.action == "supervise"]
    assert entry.detail.startswith("whisper help")


async def test_slower_places_are_calm_too(chief: Person, window: Window, users: Mapping[Role, User]) -> None:
    del chief
    await window.sign_in(users[Role.HEAD].login)
    await window.look("/board/slower", "slower-places")
