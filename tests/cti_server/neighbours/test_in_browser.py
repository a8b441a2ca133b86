"""The pages of other cities' lines in a real Chromium: on every screen, and an appeal taken by keyboard."""

from collections.abc import Mapping

import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.city.addresses import Area, demo_streets
from hotline.city.classifier import Utility
from hotline.enterprises.executors import Contact
from hotline.outages.outage import OutageKind
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.neighbours.conftest import NUMBER, SECRET, OtherCity, Roads
from tests.cti_server.test_in_browser import Window, window
from tests.fakes.outages import entered

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def signed_in(window: Window, users: Mapping[Role, User]) -> Window:
    assert users
    await window.sign_in(Role.HEAD.value)
    return window


async def test_an_agreement_is_made_and_an_appeal_taken_by_it(
    signed_in: Window, there: OtherCity, roads: Roads, storage: Storage, clock: MovedClock
) -> None:
    page = signed_in.page
    await there.storage.streets.add(demo_streets())
    await there.storage.executors.add(
        "КП «Водоканал»", "Водоканал", [Contact(name="Черговий", number="+380671112233")]
    )
    area = Area(street="Київський квартал", first=1, last=15)
    await entered(there.storage.outages, Utility.WATER, OutageKind.EMERGENCY, clock.now(), areas=(area,))
    await signed_in.look("/neighbours", "neighbours")
    await page.fill("#number", NUMBER)
    await page.fill("#address", there.address)
    await page.fill("#key", SECRET)
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Умови договору")
    await signed_in.look_here("terms", "neighbour-terms", nightly=True)
    await page.click("main button.btn-primary")
    await expect(page.locator("#noted")).to_contain_text("Договір чинний")
    (agreement,) = await storage.agreements.all()
    await signed_in.look(f"/neighbours/{agreement.id}", "neighbour-agreement", nightly=True)
    await signed_in.look(f"/neighbours/{agreement.id}/line?call=hotline-1.1", "neighbour-line")
    await page.select_option("#category", "water-leak")
    await page.fill("#address", "Київський квартал, 7")
    await page.fill("#text", "Прорвало трубу")
    await page.reload()
    await expect(page.locator("#text")).to_have_value("Прорвало трубу")
    await expect(page.locator("main form > [role=status]")).to_be_focused()
    kept = [await page.input_value(field) for field in ("#category", "#address", "#text")]
    assert kept == ["water-leak", "Київський квартал, 7", "Прорвало трубу"]
    await page.focus("main form button.btn-primary")
    await page.keyboard.press("Enter")
    await expect(page.locator("#handed")).to_contain_text("Передаємо")
    await signed_in.look_here("taken", "neighbour-taken", nightly=True)
    await roads.courier.round()
    (taken,) = await storage.taken_appeals.of_agreement(agreement.id)
    await expect(page.locator("#handed")).to_contain_text(f"№ {taken.number}")
    assert not signed_in.complaints
