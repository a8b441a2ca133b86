"""The board in a real Chromium: three sizes, both themes, axe; entered and worked on without a mouse."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import update

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.equipment.items import Item
from hotline.equipment.states import State
from storage.store import Storage
from storage.tables import equipment_watches
from tests.cti_server.conftest import MovedClock
from tests.cti_server.equipment.conftest import SetWatch
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_equipment_is_entered_seen_out_of_order_and_worked_on_without_a_mouse(  # noqa: PLR0917
    window: Window,
    users: Mapping[Role, User],
    router: Item,
    storage: Storage,
    clock: MovedClock,
    watch: SetWatch,
) -> None:
    assert users
    page, keys = window.page, window.page.keyboard
    disk = next(one for one in await storage.equipment.all() if one.id != router.id)
    now = clock.moment
    for days, item, state, said in (
        (28, disk, State.IN_ORDER, "works"),
        (20, router, State.IN_ORDER, "works"),
        (9, router, State.OUT_OF_ORDER, "refused"),
        (8.5, router, State.DISTURBED, "unsteady"),
        (7, router, State.IN_ORDER, "works"),
        (0, router, State.OUT_OF_ORDER, "no-answer"),
    ):
        clock.moment = now - timedelta(days=days)
        await watch.find(item, state, said, seconds=5)
    looked = {"began_at": now - timedelta(days=25), "looked_at": now - timedelta(minutes=1)}
    async with storage.database.writing() as connection:
        await connection.execute(update(equipment_watches).values(looked))
    clock.moment = now + timedelta(minutes=9)
    await watch.find(disk, State.DISTURBED, "disk-fills", gigabytes=12, percent=6, days=9)
    await window.sign_in("head")
    await window.look("/equipment", "equipment-board")
    await window.look(f"/equipment/{router.id}", "equipment-item")
    await window.look("/equipment/new", "equipment-new")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.open("/equipment/new")
    await page.focus("#name")
    await keys.type("ДБЖ у серверній")
    await page.select_option("#kind", "ups")
    await page.select_option("#way", "nut")
    await page.focus("#host")
    await keys.type("10.0.0.9")
    await keys.press("Enter")
    await page.wait_for_selector("#path.is-invalid")
    assert await page.input_value("#name") == "ДБЖ у серверній", "what was typed stays"
    await window.look_here("/equipment", "equipment-wrong", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("#path")
    await keys.type("ups")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await page.focus("#until")
    await keys.type("02.03.2026 23:00")
    await page.focus("#reason")
    await keys.type("заміна батареї")
    await keys.press("Enter")
    await page.wait_for_selector("text=Завершено: знову сповіщати")
    assert await page.input_value("#reason") == "заміна батареї"
