"""The register of executors in a real Chromium: accessible in every size, a contact added by keyboard."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.enterprises.executors import Contact, ContactHours
from storage.store import Storage
from tests.cti_server.test_in_browser import Window, window
from tests.storage.enterprise import City

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def signed_in(window: Window, users: Mapping[Role, User], city: City, storage: Storage) -> Window:
    assert users
    day = ContactHours(since=time(8), until=time(17), days=frozenset(range(1, 6)))
    contacts = (
        replace(city.heat.contacts[0], hours=day),
        Contact(
            name="Черговий Петренко",
            order=2,
            number="+380671112202",
            hours=ContactHours(since=time(16), until=time(7), days=frozenset(range(1, 6))),
        ),
    )
    await storage.executors.update(replace(city.heat, contacts=contacts))
    await window.sign_in(Role.HEAD.value)
    return window


async def test_the_register_on_every_screen(signed_in: Window, city: City) -> None:
    for name, path in (
        ("executors", "/executors"),
        ("executor", f"/executors/{city.heat.id}"),
        ("executor-bare", f"/executors/{city.water.id}"),
        ("executor-new", "/executors/new"),
        ("executor-open311", f"/executors/{city.heat.id}/open311"),
    ):
        await signed_in.look(path, name, nightly=name in {"executor-bare", "executor-new"})


async def test_a_contact_is_added_by_keyboard_alone(signed_in: Window, storage: Storage, city: City) -> None:
    page, keys = signed_in.page, signed_in.page.keyboard
    await signed_in.open(f"/executors/{city.heat.id}")
    assert await page.locator("details.executor-one[open]").count() == 0, "forms are folded until asked for"
    await page.focus("details.executor-one:has(#contact-2-name) > summary")
    await keys.press("Enter")
    await page.focus("#contact-2-name")
    await keys.type("Майстер")
    await keys.press("Tab")
    await keys.type("не номер")
    await keys.press("Enter")
    await page.wait_for_selector("#contact-2-number-note")
    assert await page.input_value("#contact-2-number") == "не номер"
    await page.focus("#contact-2-number")
    await keys.press("Control+A")
    await keys.type("067 123 45 67")
    await keys.press("Enter")
    await page.wait_for_selector("#contact-3-name", state="attached")
    assert await page.input_value("#contact-2-name") == "Майстер"
    kept = await storage.executors.get(city.heat.id)
    assert "+380671234567" in {one.number for one in kept.contacts}
