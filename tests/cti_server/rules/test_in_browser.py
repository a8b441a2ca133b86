"""The rules in a real Chromium: accessible in every size, moved and added by keyboard alone."""

from collections.abc import Mapping

import pytest

from hotline.access.permissions import Role
from hotline.access.users import User
from hotline.appeals.routing import Rule
from hotline.city.classifier import classifier
from hotline.documents.document import DocumentKind, revision
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.rules.conftest import City
from tests.cti_server.test_in_browser import Window, window

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def signed_in(window: Window, users: Mapping[Role, User], city: City, storage: Storage) -> Window:
    assert users
    await storage.rules.add(
        Rule(order=30, executor_id=city.water.id, categories=("heat-none",), note="Договір 5")
    )
    await storage.rules.add(
        Rule(order=40, executor_id=city.heat.id, categories=("water-none",), active=False)
    )
    await storage.rules.add(Rule(order=50, executor_id=city.heat.id, categories=("water-leak",)))
    await window.sign_in(Role.HEAD.value)
    return window


async def test_the_rules_on_every_screen(signed_in: Window, city: City) -> None:
    asked = "?category=water-leak&address=Київський+квартал,+7&at=2026-03-02T12:00"
    for name, path in (
        ("rules", "/rules"),
        ("rules-dry-run", f"/rules{asked}"),
        ("rules-nobody", "/rules?category=noise&address=&at=2026-03-02T12:00"),
        ("rules-form", f"/rules/{city.rules[0].id}"),
        ("rules-new", "/rules/new"),
        ("rules-removing", f"/rules/{city.rules[0].id}/remove"),
    ):
        await signed_in.look(path, name, nightly=name in {"rules-nobody", "rules-new"})


async def test_the_citys_data_on_every_screen(signed_in: Window, storage: Storage, clock: MovedClock) -> None:
    """A draft with changes and mistakes is the page with most on it."""
    documents, kind = storage.city_documents, DocumentKind.CLASSIFIER
    present = await documents.present(kind)
    text = present.text.replace('term = "24 hours"', 'term = "колись"', 1).replace("Слабкий", "Кволий", 1)
    seen = revision(present.version, None)
    await documents.save_draft(kind, text, by=1, at=clock.now(), seen=seen)
    place = list(classifier().categories).index("water-none")
    for name, path in (
        ("city-data", "/city-data"),
        ("city-data-classifier", "/city-data/classifier"),
        ("city-data-draft", "/city-data/classifier/draft"),
        ("city-data-row", f"/city-data/classifier/rows/category/{place}"),
        ("city-data-papers", "/city-data/paperwork"),
        ("city-data-holidays", "/city-data/days-off"),
        ("city-data-version", "/city-data/classifier/versions/2"),
    ):
        await signed_in.look(path, name, nightly=name in {"city-data-classifier", "city-data-version"})


@pytest.mark.nightly
async def test_a_rule_is_moved_by_keyboard_and_the_key_can_be_pressed_again(
    signed_in: Window, storage: Storage, city: City
) -> None:
    page = signed_in.page
    await signed_in.open("/rules")
    last = (await storage.rules.all())[-1].id
    await page.focus(f"#rule-{last} button[value=up]")
    for place in (3, 2):
        await page.keyboard.press("Enter")
        await page.wait_for_selector(f".rules > :nth-child({place + 1})#rule-{last}")
        assert await page.evaluate("document.activeElement.value") == "up"
    assert [one.id for one in await storage.rules.all()].index(last) == 2


async def test_a_rule_is_added_by_keyboard_alone_and_its_change_is_shown_first(
    signed_in: Window, storage: Storage, city: City
) -> None:
    page, keys = signed_in.page, signed_in.page.keyboard
    await signed_in.open("/rules/new")
    await page.focus("summary")
    await keys.press("Enter")
    await keys.press("Tab")
    await keys.press("Space")
    await page.focus("#areas")
    await keys.type("Київський квартал, 1-9")
    await page.focus("#executor")
    await keys.press("ArrowDown")
    await page.focus("#note")
    await keys.press("Enter")
    await page.wait_for_selector("#what-changes")
    assert await page.input_value("#areas") == "Київський квартал, 1-9"
    assert await page.evaluate("document.activeElement.value") == "save"
    await signed_in.keep("rules-shown.png")
    await keys.press("Enter")
    await page.wait_for_selector(".rule-moved")
    added = (await storage.rules.all())[-1]
    assert (added.executor_id, [one.value for one in added.utilities]) == (city.water.id, ["water"])
