"""The card in a real Chromium: axe, both themes, every size, by keyboard, and overtaken by somebody else."""

import re
from datetime import date
from itertools import pairwise

import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.appeals.acts.extension import AskExtension
from hotline.appeals.acts.keeping import Link, Note
from hotline.appeals.acts.routing import Forward
from hotline.appeals.appeal import AppealKind, AppealState
from hotline.city.classifier import classifier
from hotline.outages.outage import By
from storage.store import Storage
from tests.cti_server.appeals.card.conftest import FIRST, Road, act
from tests.cti_server.appeals.conftest import CALL
from tests.cti_server.appeals.form.test_in_browser import window
from tests.cti_server.appeals.form.test_registration import hot_water_off
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window
from tests.system.browser import violations

pytestmark = pytest.mark.system
__all__ = ["window"]


@pytest.fixture
async def long_story(olena: Person, road: Road) -> None:
    """An appeal with notes, a request for more time, and a neighbour's report linked to it."""
    appeal = await road.to(AppealState.IN_WORK, kind=AppealKind.COMPLAINT, due_on=date(2026, 3, 17))
    at = road.clock.now()
    note = "Мешканці кажуть, що вода зникла після ремонту на тепловому пункті. " * 3
    appeal = await road.do(appeal, Note(by=road.city, at=at, text=note))
    until, why = date(2026, 3, 30), "Чекаємо на насос із Чернігова"
    await road.do(appeal, AskExtension(by=road.executor, at=at, until=until, reason=why))
    other = await road.begins(number=2, text="Третій день без гарячої води на всьому стояку")
    await road.do(other, Link(by=road.city, at=at, parent=FIRST))


@pytest.mark.usefixtures("long_story")
async def test_the_card_on_every_screen(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.look(f"/appeals/{FIRST}?done=note", "card-head")
    for one in await window.page.locator("details.act > summary").all():
        await one.click()
    assert await violations(window.page) == []
    await window.keep("card-all-open.png")


@pytest.mark.usefixtures("long_story")
async def test_sections_follow_one_another_however_much_can_be_done(window: Window) -> None:
    await window.sign_in(Role.HEAD.value)
    await window.page.set_viewport_size({"width": 1366, "height": 768})
    await window.open(f"/appeals/{FIRST}")
    open_all = "document.querySelectorAll('details.act').forEach((one) => { one.open = true })"
    await window.page.evaluate(open_all)
    boxes = [
        await one.bounding_box()
        for one in await window.page.locator(".handled > section:not(.handled-acts)").all()
    ]
    shown = [box for box in boxes if box]
    gaps = [then["y"] - one["y"] - one["height"] for one, then in pairwise(shown)]
    assert len(gaps) > 1
    assert max(gaps) < 16, gaps


async def test_a_forwarded_appeal_offers_its_file_for_the_state(
    window: Window, olena: Person, road: Road
) -> None:
    appeal = await road.to(AppealState.REGISTERED)
    forward = Forward(by=road.city, at=road.clock.now(), to="Обласна адміністрація", reason="Належить їй")
    await road.do(appeal, forward)
    await window.sign_in(Role.HEAD.value)
    await window.look(f"/appeals/{FIRST}", "card-forwarded", nightly=True)


@pytest.mark.nightly
async def test_an_observer_reads_and_is_offered_nothing(window: Window, olena: Person, road: Road) -> None:
    await road.to(AppealState.BEING_CHECKED)
    await window.sign_in(Role.OBSERVER.value)
    await window.look(f"/appeals/{FIRST}", "card-observer")
    assert await window.page.locator("form[action*='/acts/']").count() == 0


async def test_a_check_by_keyboard_alone(window: Window, olena: Person, road: Road) -> None:
    page = window.page
    await road.to(AppealState.DONE)
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/appeals/{FIRST}")
    await page.focus("#act-begin-check button")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".act-done:focus")
    await page.focus("#act-dispute > summary")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "dispute-source"
    await page.focus("#dispute-reason")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#dispute-reason[aria-invalid=true]:focus")
    assert await violations(page) == []
    await page.keyboard.type("У ванній вода ледь тепла")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(".act-done")
    assert (await road.now()).state is AppealState.DISPUTED


async def test_a_ready_answer_goes_where_one_writes_and_never_where_one_wrote_before(
    window: Window, olena: Person, road: Road
) -> None:
    page = window.page
    await road.begins(kind=AppealKind.APPLICATION)
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/appeals/{FIRST}")
    await page.click("#act-note > summary")
    note = page.locator("#note-text")
    await note.fill("Телефонували")
    await note.press("Control+F3")
    await page.keyboard.press("Escape")
    await expect(note).to_be_focused()
    await note.press("Control+F3")
    await page.keyboard.press("Enter")
    await expect(note).to_have_value(re.compile(r"^Телефонували\n."))
    written = await note.input_value()
    await note.press("Control+F3")
    others = page.locator("details.ready", has=page.locator("[data-ready]:not([data-into=note-text])"))
    assert await others.count()
    other = others.first
    await other.evaluate(
        "one => { for (let at = one; at; at = at.parentElement?.closest('details')) at.open = true }"
    )
    into = await other.locator("[data-ready]").first.get_attribute("data-into")
    await other.locator("[data-ready]").first.click()
    assert await page.input_value(f"#{into}")
    await expect(note).to_have_value(written)


async def test_whoever_is_overtaken_sees_what_changed_beside_what_they_typed(
    window: Window, olena: Person, road: Road
) -> None:
    page = window.page
    appeal = await road.begins()
    await window.sign_in(Role.HEAD.value)
    await window.open(f"/appeals/{FIRST}")
    await page.fill("#assign-reason", "Труба в сьомому під’їзді")
    await act(olena, "assign", {"executor_id": str(road.heat.id)}, version=appeal.version)
    await page.click("#act-assign button")
    await page.wait_for_selector(".act-overtaken")
    assert await page.input_value("#assign-reason") == "Труба в сьомому під’їзді"
    assert await violations(page) == []
    await window.keep("card-overtaken.png")


@pytest.mark.nightly
async def test_the_card_with_its_outage_going_on_and_over_on_every_screen(
    window: Window, olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    outage = await hot_water_off(storage, clock)
    await olena.post("/desk/appeals", filled | {"outage": str(outage.id)})
    await window.sign_in(Role.DISPATCHER.value)
    await window.look("/appeals/2600001", "card-outage")
    await storage.outages.end(outage.id, clock.now(), By())
    await window.look("/appeals/2600001", "card-outage-over", nightly=True)


@pytest.mark.nightly
async def test_an_outage_at_the_address_is_offered_while_one_types(
    window: Window, olena: Person, filled: dict[str, str], storage: Storage, clock: MovedClock
) -> None:
    await hot_water_off(storage, clock)
    page = window.page
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/desk/appeals/new?call={CALL}")
    await page.fill("#appeal-category", "нема гар вод")
    await page.wait_for_selector("#appeal-category[aria-activedescendant=category-hot-water-none]")
    await page.fill("#appeal-address", filled["address"])
    await page.press("#appeal-address", "Tab")
    await page.wait_for_selector("[name=outage]:checked")
    await window.look_here("appeal-new", "appeal-new-outage")


async def test_a_category_put_right_asks_its_questions_at_once(
    window: Window, olena: Person, road: Road
) -> None:
    appeal = await road.begins(classifier=classifier().version)
    await window.sign_in(Role.DISPATCHER.value)
    await window.open(f"/appeals/{FIRST}")
    page = window.page
    await page.click("#act-amend > summary")
    await page.fill("[id='amend-details.since']", "1.03 8:00")
    await page.select_option("#amend-category", "lift-stuck")
    await page.fill("[id='amend-details.lift-where']", "другий")
    await page.select_option("#amend-category", appeal.category)
    await page.wait_for_selector("[id='amend-details.flats']")
    assert await page.input_value("[id='amend-details.since']") == "1.03 8:00", (
        "what was typed is there again"
    )
    await page.select_option("#amend-category", "street-light")
    await page.wait_for_selector("[id='amend-details.flats']", state="detached")
    await window.keep("card-asked-anew.png")
    assert await violations(page) == []
    await page.click("#act-amend button.btn-primary")
    await page.wait_for_selector(".act-done")
    then = await road.now()
    assert (then.category, [one.code for one in then.details]) == ("street-light", ["since"])
