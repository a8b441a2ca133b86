"""The list of appeals and the journal in a real Chromium: axe, both themes, three sizes, by keyboard."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealState, Sign
from hotline.city.classifier import Urgency
from storage.store import Storage
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.appeals.list.test_list import register
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def some(storage: Storage, clock: MovedClock, head: Person) -> None:
    """Appeals of each standing, and two kept filters."""
    del head
    heat = await storage.executors.add("КП «Славутич Тепломережі»", "КП «Тепломережі»", [])
    for number, hours in enumerate((-60, -2, 3, 40, 400), 1):
        await register(
            storage,
            number,
            clock.now() - timedelta(hours=number),
            registration_index=f"К-{400 + number}",
            address="вулиця Збройних Сил України, 77, кв. 12",
            text="Третю добу немає гарячої води у під’їзді, просить перерахунок і відновлення. " * 3,
            category="hot-water-none",
            due_at=clock.now() + timedelta(hours=hours),
            urgency=list(Urgency)[number % 3],
            sign=list(Sign)[number % 3],
            executor_id=heat.id,
            state=list(AppealState)[number],
        )
    await storage.views.save(
        user_id=1, of_list="appeals", name="Мої", query="by=1", shared=False, at=clock.now()
    )
    await storage.views.save(
        user_id=2, of_list="appeals", name="Прострочені", query="due=overdue", shared=True, at=clock.now()
    )


async def test_the_list_and_the_journal_on_every_screen(window: Window, some: None) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.look("/appeals?state=open&order=term", "appeals")
    await window.look("/appeals?number=9", "appeals-none", nightly=True)
    await window.look("/appeals/journal", "journal")
    await window.look("/appeals/2600001", "appeal-card", nightly=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await window.open("/appeals")
    first = await page.locator(".list-table tbody tr").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 844, "the first appeal is on the first screen of a telephone"
    assert first["x"] + first["width"] <= 390


async def test_a_filter_is_set_kept_and_taken_up_by_keyboard(window: Window, some: None) -> None:
    page = window.page
    await window.sign_in(Role.HEAD.value)
    await window.open("/appeals")
    await page.focus(".list-drawer summary")
    await page.keyboard.press("Enter")
    await page.focus("#due")
    await page.keyboard.press("ArrowDown")
    await page.focus("#address")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/appeals?due=overdue")
    assert await page.locator(".list-appeals tbody tr").count() == 2
    await page.focus("#q")
    for key in ("ArrowDown", "j", "k", "j"):
        await page.keyboard.press(key)
    assert await page.evaluate("document.activeElement.textContent") == "26 000 02"
    await page.focus("#name")
    await page.keyboard.type("Моя добірка")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".list-views >> text=Моя добірка")
    await page.focus(".list-views >> text=Моя добірка")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".list-views [aria-current=page]")
    assert await page.locator(".list-appeals tbody tr").count() == 2
