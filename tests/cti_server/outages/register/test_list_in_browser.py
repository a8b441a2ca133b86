"""The list of outages in a real Chromium: three sizes, both themes, axe, by keyboard."""

from collections.abc import Mapping

import pytest

from hotline.access.users import User
from storage.store import Storage
from tests.cti_server.test_in_browser import Window, window
from tests.storage.enterprise import City

from .test_filters import known

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.mark.parametrize("login", ["petro", "oksana"])
async def test_the_list_on_every_screen_by_keyboard(
    window: Window, people: Mapping[str, User], city: City, storage: Storage, login: str
) -> None:
    path = {"petro": "/enterprise/outages", "oksana": "/outage-register"}[login]
    late, *_ = await known(storage, city)
    page, keys = window.page, window.page.keyboard
    await storage.views.save(
        user_id=people[login].id,
        of_list="outages" if login == "oksana" else "enterprise-outages",
        name="Тепло",
        query="utility=heat",
        shared=False,
        at=late.starts_at,
    )
    await window.sign_in(login)
    await window.look(path, f"outages-list-{login}")
    await window.look(f"{path}?tab=past&utility=water", f"outages-list-{login}-past", nightly=True)
    await page.set_viewport_size({"width": 390, "height": 844})
    await window.open(path)
    first = await page.locator(".list-table tbody tr").first.bounding_box()
    assert first is not None
    assert first["y"] + first["height"] < 844, "the first outage is on the first screen of a telephone"
    await page.set_viewport_size({"width": 1366, "height": 768})
    await page.focus("#q")
    await keys.type("курчатова 3")
    await keys.press("Enter")
    await page.wait_for_selector(".list-understood")
    assert "columns=" not in page.url
    await page.focus("#q")
    await keys.press("ArrowDown")
    assert await page.evaluate("document.activeElement.className") == "list-open"
    await keys.press("Enter")
    await page.wait_for_url(f"**{path}/{late.id}")
