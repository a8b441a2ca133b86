"""The roster in a real Chromium: three sizes, both themes, axe; drawn and published without a mouse."""

import pytest

from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.shifts.conftest import Team
from tests.cti_server.test_in_browser import Window, window
from tests.storage.line.counted_calls import keep_calls

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_week_is_drawn_checked_and_published_without_a_mouse(
    window: Window, team: Team, storage: Storage, clock: MovedClock
) -> None:
    page, keys = window.page, window.page.keyboard
    await keep_calls(storage)
    clock.pass_(days=35)
    await window.sign_in("head")
    await window.look("/shifts", "shifts-empty", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.open("/shifts?day=5")
    await page.focus(f"#s{team.olena.id}-0")
    for text in ("д", "6-14", "", "н", "колись", "", "доб", "9-18"):
        await keys.type(text)
        await keys.press("Tab")
    await keys.press("Enter")
    await page.wait_for_selector(".is-invalid")
    assert await page.input_value(f"#s{team.olena.id}-4") == "колись", "what was typed stays"
    await page.fill(f"#s{team.olena.id}-4", "")
    await page.focus(f"#s{team.taras.id}-0")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    assert await page.input_value(f"#s{team.olena.id}-0") == "День"
    assert await page.input_value(f"#s{team.taras.id}-0") == "09:00–18:00"
    assert await page.get_attribute(f"#s{team.olena.id}-1", "aria-describedby")
    await window.look("/shifts?day=5", "shifts-draft")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.fill(f"#s{team.olena.id}-1", "")
    await page.focus("button[value=publish]")
    await keys.press("Enter")
    await page.wait_for_selector(".mark-done")
    await window.look("/shifts?day=5", "shifts-published", nightly=True)
    await window.sign_in(team.olena.login)
    await window.look("/shifts/mine", "shifts-mine")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("text=Створити посилання")
    await keys.press("Enter")
    await page.wait_for_selector("#feed-link")
    await window.look_here("/shifts/mine", "shifts-link", nightly=True)


@pytest.mark.nightly  # by day without a browser: `test_swapping.py`
async def test_a_day_is_wished_off_and_a_shift_swapped_without_a_mouse(window: Window, team: Team) -> None:
    page, keys = window.page, window.page.keyboard
    await team.publish(olena_3="6-14", taras_2="День", taras_5="Ніч")
    await window.sign_in(team.olena.login)
    await window.open("/shifts/mine")
    await page.focus("#since")
    await keys.type("06.03.2026")
    await page.focus("text=Зберегти побажання")
    await keys.press("Enter")
    await page.wait_for_selector(".is-invalid")
    await page.fill("#reason", "День народження доньки")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.look_here("/shifts/mine", "shifts-wishes")
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("text=Запропонувати колезі")
    await keys.press("Enter")
    await page.wait_for_selector("#to")
    assert await page.input_value("#day") == "2026-03-05"
    await page.select_option("#to", f"u{team.taras.id}-2026-03-07")
    await page.focus("#words")
    await keys.press("Enter")
    await page.wait_for_selector("#swap-1")
    await window.sign_in(team.taras.login)
    await window.look("/shifts/swaps", "swaps-taker", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("text=Беру")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.sign_in("head")
    await window.look("/shifts/swaps", "swaps-head")
    await window.look("/todo?wait=swaps", "swaps-todo", nightly=True)
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.open("/shifts/swaps")
    await page.check("[name=all_the_same]")
    await page.focus("text=Погодити")
    await keys.press("Enter")
    await page.wait_for_selector(".mark-done")
    await window.look("/shifts", "shifts-swapped", nightly=True)
