"""The public list by its pages: whoever reads them, and whoever looks for what they are not to see."""

import html
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import expect

from hotline.appeals.appeal import Appeal, AppealState
from storage.store import Storage
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.portal.test_in_browser import SMALL
from tests.cti_server.test_in_browser import Window, opened_window, window
from tests.storage.portal.test_matters import LAMP

__all__ = ["window"]
LINKED = '<a href="/matters/{}">'


async def registered(storage: Storage, clock: MovedClock, many: int = 3) -> None:
    """Register lamps of one quarter, a hole of another street, and what nobody may read."""
    now = clock.now()
    some: list[Appeal] = [
        replace(LAMP, number=f"26{last:05}", registered_at=now - timedelta(hours=last))
        for last in range(1, many)
    ]
    hole = replace(LAMP, category="road-hole", address="Поліський квартал, 3", state=AppealState.CLOSED)
    some.append(replace(hole, number="2600901", registered_at=now))
    some.append(replace(LAMP, number="2600902", category="noise", registered_at=now))
    some.append(replace(LAMP, number="2600903", address="Іваненко, хвіртка", registered_at=now))
    for one in some:
        await storage.appeals.register(one)


async def test_the_list_its_filters_its_box_and_its_feed(
    person: Person, storage: Storage, clock: MovedClock
) -> None:
    await registered(storage, clock, many=30)
    page = html.unescape(await person.text("/matters"))
    assert LINKED.format("2600901") in page
    assert LINKED.format("2600902") not in page
    for hidden in ("Олена", "Іваненко", "темно", "380457900001", "кв. 12", "квартал, 7"):
        assert hidden not in page
    assert "Київський квартал" in page
    assert page.count("<article") == 20
    older = html.unescape(await person.text("/matters?behind=2600018"))
    assert LINKED.format("2600019") in older
    assert LINKED.format("2600018") not in older
    roads = html.unescape(await person.text("/matters?topic=road-hole&state=closed"))
    assert roads.count("<article") == 1
    for typed, leads in (
        ("№ 2600901", "/matters/2600901"),
        ("Московський квартал", "/matters?street=%D0%9F"),
        ("Київський квартал, 7", "/matters?street=%D0%9A"),
        ("яма на дорозі", "/matters?topic=road-hole"),
    ):
        answer = await person.get("/matters", params={"q": typed})
        assert answer.status == 303
        assert answer.headers["Location"].startswith(leads)
    unknown = await person.text("/matters?q=2600902")  # there, and nobody's to read
    assert "ми не знаємо" in html.unescape(unknown)
    assert (await person.get("/matters/2600902")).status == 404
    assert "Яма на дорозі" in html.unescape(await person.text("/matters/2600901"))
    feed = await person.text("/matters.atom?topic=road-hole")
    entries = ET.fromstring(feed).findall("{http://www.w3.org/2005/Atom}entry")  # noqa: S314 - our own
    assert len(entries) == 1
    assert "Поліський" in feed
    assert "Іваненко" not in await person.text("/matters.atom")
    city = html.unescape(await person.text("/matters/map"))
    assert "Київський квартал: 29" in city
    assert "Іваненко" not in city


async def test_nobody_reads_the_list_without_end(person: Person) -> None:
    for path in ("/matters", "/matters.atom", "/matters/map", "/matters/1", "/closings"):
        statuses = [(await person.get(path)).status for _ in range(100)]
        assert 429 in statuses


@pytest.mark.system
async def test_on_every_screen(window: Window, storage: Storage, clock: MovedClock) -> None:
    await registered(storage, clock, many=30)
    for name, path in (
        ("matters", "/matters"),
        ("matter", "/matters/2600901"),
        ("matters-map", "/matters/map"),
        ("matters-enterprises", "/matters/enterprises"),
        ("closings", "/closings"),
    ):
        await window.look(path, name)


@pytest.mark.system
async def test_without_scripts(server: TestServer, storage: Storage, clock: MovedClock) -> None:
    await registered(storage, clock)
    async with opened_window(server, java_script_enabled=False, viewport=SMALL) as one:
        await one.open("/")
        await one.page.click("a[href='/matters']")
        await one.page.fill("#q", "яма")
        await one.page.press("#q", "Enter")
        await expect(one.page.locator("article")).to_have_count(1)
        await one.page.click("article a")
        await expect(one.page.locator("h1")).to_have_text("№ 2600901: Яма на дорозі")
