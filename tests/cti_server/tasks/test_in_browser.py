"""Tasks in a real Chromium: three sizes, both themes, axe; given and reported without a mouse."""

from pathlib import Path

import pytest

from storage.store import Storage
from tests.cti_server.enterprise.sending import send
from tests.cti_server.tasks.conftest import Centre, lay_signature
from tests.cti_server.tasks.test_directives import ORDER
from tests.cti_server.test_in_browser import Window, window
from tests.storage.pictures import pdf

pytestmark = pytest.mark.system
__all__ = ["window"]


async def test_a_task_is_given_divided_reported_and_controlled_without_a_mouse(
    window: Window, centre: Centre, storage: Storage, tmp_path: Path
) -> None:
    page, keys = window.page, window.page.keyboard
    await window.sign_in("head")
    await window.open("/tasks/new")
    await page.focus("#text")
    await keys.type("Обстежити тепломережі кварталів і подати перелік будинків")
    await page.select_option("#responsible", f"user:{centre.olena.id}")
    await page.focus("#due")
    await keys.type("10.03.2026 18:00")
    await page.focus("text=Дати завдання")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await centre.give("/tasks/new?parent=1", key="k2", text="Обдзвонити котельні", due="05.03.2026 12:00")
    await window.look("/tasks/new", "task-new")
    await window.look("/tasks?part=ours", "tasks")
    await window.sign_in(centre.olena.login)
    await window.open("/tasks/2")
    await page.focus("text=Повідомити про виконання")
    await keys.press("Enter")
    await page.focus("#report-said")
    await keys.type("Обдзвонено всі п’ять котелень")
    await page.focus("#report-said + .btn, form:has(#report-said) .btn")
    await keys.press("Enter")
    await page.wait_for_selector("#noted")
    await window.look("/tasks/1", "task")
    await window.sign_in("head")
    await window.look("/tasks/2", "task-part", nightly=True)
    await window.look("/shifts/feed", "own-calendar")
    await centre.head.post("/tasks/orders", ORDER)
    await centre.give("/tasks/new?order=1", key="k3", text="Обстежити береги")
    paper = pdf()
    await lay_signature(storage, tmp_path, paper, centre.head_user)
    assert (
        await send(centre.head, "/tasks/orders/1/files", {}, [("Розпорядження.pdf", paper)])
    ).status == 303
    await window.look("/tasks/orders", "orders-of-the-city")
    await window.look("/tasks/orders/1", "order-of-the-city")
