"""Hand-overs and who came in a real Chromium: three sizes, both themes, axe; signed without a mouse."""

from dataclasses import replace

import pytest

from hotline.line.presence_states import Presence
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.shifts.conftest import Team
from tests.cti_server.shifts.test_handing import much_is_open
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_shift_is_handed_over_and_taken_without_a_mouse(
    window: Window, team: Team, storage: Storage, clock: MovedClock
) -> None:
    page, keys = window.page, window.page.keyboard
    await team.publish(olena_0="8-20", taras_0="5-9")
    await much_is_open(storage, team)
    await window.sign_in(team.olena.login)
    await window.open("/shifts/handovers")
    await page.focus("text=Передати зміну")
    await keys.press("Enter")
    await page.wait_for_selector("#remarks")
    await window.look_here("/shifts/handovers/1", "handover-draft")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("#remarks")
    await keys.type("Дзвонила мерія: о 9:00 приїде телебачення.")
    await page.focus("text=Підписати й передати")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.sign_in(team.taras.login)
    await window.look("/shifts/handovers/1", "handover-read", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("text=прийняти зміну")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.sign_in("head")
    await window.look("/shifts/handovers", "handovers")


async def test_who_came_is_drawn_on_every_screen(
    window: Window, team: Team, storage: Storage, clock: MovedClock
) -> None:
    await team.publish(olena_0="14-20", taras_0="8-13")
    desk = await storage.dispatchers.add("201", "Олена", "s", frozenset())
    await storage.users.update(replace(team.olena, dispatcher_id=desk.id))
    for minutes, presence in ((20, Presence.READY), (60, Presence.PAUSED), (20, Presence.READY)):
        clock.pass_(minutes=minutes)
        await storage.dispatchers.set_presence(desk.id, presence, clock.now())
    clock.pass_(hours=1)
    await window.sign_in("head")
    await window.look("/shifts/presence", "shifts-presence")
