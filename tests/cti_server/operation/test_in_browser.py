"""The page of operation in a real Chromium: both themes, narrow and wide, axe; and it renews itself."""

from collections.abc import Mapping

import pytest
from playwright.async_api import expect

from cti_server.operation.watch import AlertWatch
from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.equipment.items import Kind
from hotline.equipment.states import State
from hotline.retention.room import Room
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, SetBoard
from tests.cti_server.equipment.conftest import DISK, SetWatch
from tests.cti_server.operation.test_page import BACKUP
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_what_is_red_is_seen_in_all_sizes_and_goes_by_itself(  # noqa: PLR0917
    window: Window,
    users: Mapping[Role, User],
    storage: Storage,
    board: SetBoard,
    watch: SetWatch,
    alerts: AlertWatch,
    clock: MovedClock,
) -> None:
    assert users
    await storage.equipment.provide({Kind.BACKUP: BACKUP, Kind.DISK: DISK})
    for item in await storage.equipment.all():
        await watch.find(item, State.DISTURBED, "backup-old", days=3)
    await alerts.look()
    board.has_room, board.found = Room.SPENT, {"talk-ends": 2}
    board.held["media"] = 0
    await alerts.look()
    clock.pass_(minutes=2)
    board.pace["journal"] = False
    await alerts.look()
    await window.sign_in("head")
    await window.look("/operation", "operation")
    page = window.page
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.clock.install()
    await window.open("/operation")
    await expect(page.locator("#operation [role=status]")).to_contain_text("3 тривоги потребують втручання")
    board.has_room, board.found = Room.AMPLE, {}
    board.held["media"] = 1
    board.pace["journal"] = True
    clock.pass_(minutes=11)
    await alerts.look()
    await page.clock.fast_forward(21_000)
    await expect(page.locator("#operation [role=status]")).to_contain_text("Тривог немає")
