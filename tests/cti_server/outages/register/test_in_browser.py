"""The register of outages in a real Chromium: entered by keyboard alone, two at once, on a telephone."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from playwright.async_api import expect

from hotline.access.users import User
from hotline.city.addresses import Area
from hotline.city.classifier import Utility
from hotline.outages.answers import WatcherAnswer
from hotline.outages.outage import By, EntrySource, NewOutage, Outage, OutageKind
from storage.store import Storage
from tests.cti_server.conftest import MovedClock
from tests.cti_server.enterprise.test_in_browser import PHONE, too_small
from tests.cti_server.test_in_browser import Window, window
from tests.storage.conftest import NOON
from tests.storage.enterprise import City
from tests.system.browser import violations

from .test_register import answered

pytestmark = pytest.mark.system
__all__ = ["window"]
HOUR = timedelta(hours=1)


@pytest.fixture
async def known(city: City, people: Mapping[str, User], storage: Storage, clock: MovedClock) -> list[Outage]:
    """One that goes on and is overdue, one planned with short notice, one over; all of the heat supplier."""
    by = By(source=EntrySource.ENTERPRISE, user_id=people["petro"].id, executor_id=city.heat.id)
    quarter = Area(street="Київський квартал", first=1, last=15)

    def new(kind: OutageKind, start: timedelta, *areas: Area) -> NewOutage:
        return NewOutage(
            utility=Utility.HEAT,
            kind=kind,
            starts_at=NOON + start,
            expected_end=NOON + start + 2 * HOUR,
            areas=areas,
            reason="Прорив теплотраси біля школи, шукаємо місце витоку",
            order="№ 14 від 01.03.2026",
            executor_id=city.heat.id,
        )

    outages = storage.outages
    current = await outages.enter(
        new(OutageKind.EMERGENCY, -3 * HOUR, quarter, Area(street="Ризький квартал")), by
    )
    current = await outages.change(current, new(OutageKind.EMERGENCY, -3 * HOUR, quarter), by, "Звузили")
    coming = await outages.enter(new(OutageKind.PLANNED, 60 * HOUR, Area(street="Ризький квартал")), by)
    over = await outages.enter(new(OutageKind.REPAIR, -50 * HOUR, Area(street="Вільнюський квартал")), by)
    over = await outages.end(over.id, NOON - 40 * HOUR, by)
    return [current, coming, over]


async def test_the_pages_on_every_screen(window: Window, known: list[Outage]) -> None:
    """By day each page once, for either of those who see it; the list has a test of its own."""
    current, coming, over = known
    for login, path, by_day in (
        ("petro", "/enterprise/outages", {"new", "card", "over"}),
        ("oksana", "/outage-register", {"short", "card", "coming", "edit"}),
    ):
        await window.sign_in(login)
        for name, page in (
            ("list", path),
            ("short", f"{path}?tab=lately&flaw=short-notice"),
            ("none", f"{path}?utility=gas"),
            ("new", f"{path}/new"),
            ("card", f"{path}/{current.id}?done=move"),
            ("coming", f"{path}/{coming.id}"),
            ("over", f"{path}/{over.id}"),
            ("edit", f"{path}/{current.id}/edit"),
        ):
            await window.look(page, f"outages-{login}-{name}", nightly=name not in by_day)
        await window.page.context.clear_cookies()


@pytest.mark.nightly
async def test_what_those_said_who_were_called_on_every_screen(
    window: Window, known: list[Outage], storage: Storage
) -> None:
    *_, over = known
    await answered(
        storage,
        over,
        WatcherAnswer.NOT_RESTORED,
        WatcherAnswer.NOT_RESTORED,
        WatcherAnswer.RESTORED,
        WatcherAnswer.UNHEARD,
    )
    await window.sign_in("oksana")
    await window.look(f"/outage-register/{over.id}", "outages-told")


async def test_an_outage_is_entered_by_keyboard_alone_with_a_street_suggested(
    window: Window, people: Mapping[str, User], storage: Storage
) -> None:
    page, keys = window.page, window.page.keyboard
    await window.sign_in("petro")
    await page.clock.set_fixed_time(NOON)
    await window.open("/enterprise/outages/new")
    await expect(page.locator("#utility")).to_be_focused()  # a page may be there before its field has focus
    await keys.press("ArrowDown")  # the first of all: water
    await expect(page.locator("#utility")).to_have_value("water")
    await keys.press("Tab")
    await keys.press("End")  # the last of all: an emergency
    await page.focus("#outage-quick button[data-hours='2']")
    await keys.press("Enter")
    await page.focus("#areas")
    await keys.type("курч")
    await expect(page.locator("#outage-streets li")).to_have_count(1)
    await window.keep("outages-suggested.png")
    assert await violations(page) == []
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.type(", 5, 7а")
    await expect(page.locator("#outage-heard .outage-heard")).to_contain_text("вод")
    await keys.press("Tab")
    await page.focus("#reason")
    await keys.type("Прорив водогону")
    await keys.press("Enter")
    await page.wait_for_selector("[role=status]:has-text('Внесено')")
    (entered,) = await storage.outages.find(limit=5)
    assert entered.areas == (
        Area(street="вулиця Атомників", first=5, last=5),
        Area(street="вулиця Атомників", first=7, last=7, letter="а"),
    )
    assert (entered.utility, entered.kind) == (Utility.WATER, OutageKind.EMERGENCY)
    assert entered.expected_end == entered.starts_at + 2 * HOUR


@pytest.mark.nightly
async def test_what_may_be_the_same_is_offered_first_and_enter_goes_on(
    window: Window, known: list[Outage], storage: Storage
) -> None:
    page = window.page
    await window.sign_in("oksana")
    await window.open("/outage-register/new")
    await page.select_option("#utility", "heat")
    await page.check("#unknown")
    await page.fill("#areas", "Київський квартал, 7")
    await page.press("#reason", "Enter")
    await page.wait_for_selector("#warned")
    await window.look_here("the same", "outages-same")
    assert await page.input_value("#areas") == "Київський квартал, 7"
    await page.click(".outage-warned .btn-primary")
    await page.wait_for_selector("[role=status]:has-text('Внесено')")
    assert len(await storage.outages.now(NOON)) == 2


@pytest.mark.nightly  # by day `appeals/card/test_in_browser.py`
async def test_the_second_of_two_who_change_one_sees_what_was_changed_and_their_words(
    window: Window, known: list[Outage], storage: Storage, people: Mapping[str, User]
) -> None:
    page, current = window.page, known[0]
    await window.sign_in("oksana")
    await window.open(f"/outage-register/{current.id}/edit")
    by = By(source=EntrySource.ENTERPRISE, user_id=people["petro"].id, executor_id=current.executor_id)
    later = NewOutage(
        utility=current.utility,
        kind=current.kind,
        starts_at=current.starts_at,
        expected_end=NOON + 5 * HOUR,
        areas=current.areas,
        reason="Чекаємо на екскаватор",
        executor_id=current.executor_id,
    )
    await storage.outages.change(current, later, by)
    await page.fill("#reason", "Те, що я писала")
    await page.fill("#ends", "02.03.2026 20:00")
    await page.press("#reason", "Enter")
    await page.wait_for_selector("#since")
    await window.look_here("overtaken", "outages-overtaken")
    assert await page.input_value("#reason") == "Те, що я писала"
    assert "Чекаємо на екскаватор" in await page.inner_text("[role=alert]")
    await page.press("#reason", "Enter")
    await page.wait_for_selector("[role=status]:has-text('Зроблено')")
    assert (await storage.outages.get(current.id)).reason == "Те, що я писала"
    window.complaints = [line for line in window.complaints if "409" not in line]


@pytest.mark.nightly
async def test_on_a_telephone_the_end_is_moved_and_the_outage_ended_with_a_thumb(
    window: Window, known: list[Outage], storage: Storage
) -> None:
    page, current = window.page, known[0]
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await window.sign_in("petro")
    for path in ("/new", f"/{current.id}", ""):
        await window.open(f"/enterprise/outages{path}")
        assert await too_small(page) == []
    await page.click(".list-open")
    async with page.expect_navigation():
        await page.click("button[name=by][value='2']")
    await page.wait_for_selector(".alert[role=status]")
    assert (await storage.outages.get(current.id)).expected_end == NOON + 2 * HOUR
    async with page.expect_navigation():
        await page.click("text=Завершено: усе працює")
    await page.wait_for_selector(".alert[role=status]")
    assert (await storage.outages.get(current.id)).over
