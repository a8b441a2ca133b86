"""An enterprise's pages in a real Chromium: a plumber's road on a telephone, axe, both themes, four sizes."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp.test_utils import TestServer
from playwright.async_api import Page, Route

from hotline.appeals.acts.act import Act
from hotline.appeals.acts.actors import Actor, applicant
from hotline.appeals.acts.applicants_word import Dispute
from hotline.appeals.acts.asking import AskBack
from hotline.appeals.acts.keeping import Link, Note
from hotline.appeals.acts.work import Accept, BeginWork, ReportDone
from hotline.appeals.appeal import Appeal, AppealState, ResultKind
from hotline.city.classifier import Urgency
from tests.cti_server.conftest import MovedClock, Person
from tests.cti_server.test_in_browser import Window, opened_window
from tests.storage.conftest import NOON
from tests.storage.enterprise import City
from tests.storage.pictures import pdf, photo
from tests.system.browser import open_browser, violations

from .conftest import do
from .sending import send

pytestmark = pytest.mark.system
PHONE = {"width": 390, "height": 844}
TOUCH = 44
"""The least height of what a thumb has to hit, in CSS pixels (WCAG 2.2, 2.5.5)."""


@pytest.fixture
async def window(server: TestServer) -> AsyncIterator[Window]:
    borne = ("404", "422", "409", "ERR_FAILED")
    async with opened_window(server, borne=borne, has_touch=True) as one:
        await one.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        yield one


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """As large as a telephone makes it."""
    file = tmp_path / "IMG_2041.jpg"
    file.write_bytes(photo(size=(1600, 1200), turned=True))
    return file


@pytest.fixture
async def day(city: City, by: Actor, clock: MovedClock, petro: Person) -> list[Appeal]:
    """A day's work: overdue, an emergency, one in work with all that can stand on it, and ordinary ones."""
    at = clock.now()
    overdue = await city.enter(due_at=NOON + timedelta(hours=1), due_on=NOON.date())
    emergency = await city.enter(
        urgency=Urgency.EMERGENCY,
        text="Прорвало трубу опалення у підвалі, парує, вода йде до щитової. " * 3,
        due_at=NOON + timedelta(hours=3),
        address="вулиця Збройних Сил України, 77, кв. 12, під’їзд 3",
    )
    working = await city.enter(due_at=NOON + timedelta(days=2))
    await send(petro, f"/enterprise/{working.number}/files", {}, [("Труба.jpg", photo()), ("Акт.pdf", pdf())])
    child = await city.enter()
    await do(city, child, Link(by=city.dispatcher, at=at, parent=working.number))
    working = await do(
        city,
        working,
        *road(by, at),
        ReportDone(by=by, at=at, result=ResultKind.SATISFIED, answer="Промили стояк, перевірили тиск"),
        Dispute(by=applicant("call:1"), at=at, reason="Друга батарея знову холодна"),
        *road(by, at)[1:],
        Note(by=city.dispatcher, at=at, text="Собака у дворі, дзвонити заздалегідь"),
        AskBack(by=by, at=at, text="Котра саме батарея?"),
    )
    clock.pass_(hours=2)
    return [overdue, emergency, working]


def road(by: Actor, at: datetime) -> tuple[Act, ...]:
    return Accept(by=by, at=at), BeginWork(by=by, at=at)


@pytest.mark.nightly  # by day the camera on the plumber's road, below
async def test_at_a_desk_one_field_takes_files_and_on_a_telephone_the_camera_too(
    server: TestServer, window: Window, day: list[Appeal]
) -> None:
    working = day[2]
    await window.sign_in("petro")
    await window.open(f"/enterprise/{working.number}")
    await window.page.wait_for_selector("#work-choose", state="attached")
    assert await window.page.locator("label[for=work-camera]").is_visible()
    async with opened_window(server) as desk:
        await desk.sign_in("petro")
        await desk.open(f"/enterprise/{working.number}")
        assert await desk.page.locator("label[for=work-choose]").is_visible()
        assert not await desk.page.locator("label[for=work-camera]").is_visible()


async def test_the_pages_on_every_screen(window: Window, day: list[Appeal]) -> None:
    overdue, emergency, working = day
    await window.sign_in("petro")
    await window.look("/enterprise", "work-list")
    await window.look("/enterprise?tab=ended&q=%D1%82%D1%80%D1%83%D0%B1%D0%B0", "work-none", nightly=True)
    await window.look(f"/enterprise/{working.number}", "work-card")
    await window.look(f"/enterprise/{emergency.number}", "work-emergency", nightly=True)
    await window.look(f"/enterprise/{overdue.number}?done=accept", "work-overdue", nightly=True)
    await window.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    await window.open(f"/enterprise/{overdue.number}")
    for title in ("Передати колезі", "Запитати контакт-центр", "Попросити більше часу", "Не наше"):
        await window.page.click(f"summary:has-text('{title}')")
    assert await violations(window.page) == []
    await window.keep("work-acts-390.png")
    assert await too_small(window.page) == []


async def too_small(page: Page) -> list[str]:
    """What a thumb would miss: the page's own buttons, fields and summaries."""
    found: list[str] = await page.evaluate(
        """(least) => [...document.querySelectorAll("main :is(button, summary, select, .btn, .work-tick)")]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < least)
        .map((one) => one.outerHTML.slice(0, 120))""",
        TOUCH,
    )
    return found


async def test_a_plumbers_whole_road_on_a_telephone(
    window: Window, city: City, appeal: Appeal, petro: Person, picture: Path
) -> None:
    page = window.page
    await window.sign_in("petro")
    await window.open("/enterprise")
    await page.tap(".work-open")
    call = page.locator("a[href^='tel:']")
    assert await call.get_attribute("href") == f"tel:{appeal.applicant_number}"
    await page.tap("text=Прийняти")
    await page.wait_for_selector("[role=status]:has-text('Прийнято')")
    await page.tap("text=Почати роботу")
    await page.wait_for_selector("#report-done-answer")
    await page.fill("#report-done-answer", "Замінили кран у підвалі")
    await page.set_input_files("#work-camera", picture)
    await page.wait_for_selector(".evidence-one img")
    assert await page.input_value("#report-done-answer") == "Замінили кран у підвалі"
    await page.wait_for_function("() => document.querySelector('.evidence-one img').naturalHeight > 0")
    assert await violations(page) == []
    await window.keep("work-photo-390.png")
    await page.reload()  # the telephone threw the page away for its camera
    assert await page.input_value("#report-done-answer") == "Замінили кран у підвалі"
    await page.tap("text=Повідомити: виконано")
    await page.wait_for_selector("[role=status]:has-text('Повідомлено')")
    then = await city.storage.registry.find(appeal.number)
    assert then is not None
    assert (then.state, then.answer) == (AppealState.DONE, "Замінили кран у підвалі")
    (kept,) = await city.storage.files.of_appeal(appeal.number)
    entry = (await city.storage.handling.history(appeal.number, hidden=False))[-1]
    assert list(entry.facts["evidence"]) == [kept.id]
    assert await page.evaluate("Object.keys(sessionStorage).length") == 0


@pytest.mark.nightly  # by day the same forms without a browser: `test_card.py` and its neighbours
async def test_the_whole_road_without_scripts(
    server: TestServer, city: City, appeal: Appeal, petro: Person, picture: Path
) -> None:
    async with open_browser() as browser:
        context = await browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
        page = await context.new_page()
        window = Window(page, server)
        await window.open("/sign-in")
        await page.fill("#login", "petro")
        await page.fill("#password", "correct horse battery")
        await page.press("#password", "Enter")
        await page.wait_for_url("**/enterprise")
        await page.check(f"#tick-{appeal.number}")
        await page.click("button[value=accept]")
        assert "1 з 1" in await page.inner_text("#work-results")
        await page.check(f"#tick-{appeal.number}")
        await page.click("button[value=begin-work]")
        await page.click(".work-open")
        await page.fill("#report-done-answer", "Замінили кран")
        await page.set_input_files("#work-choose", picture)
        await page.click("text=Поки що лише додати файли")
        await page.wait_for_selector(".evidence-one")
        assert await page.input_value("#report-done-answer") == "Замінили кран"
        await page.click("text=Повідомити: виконано")
        await page.wait_for_selector("[role=status]:has-text('Повідомлено')")
    then = await city.storage.registry.find(appeal.number)
    assert then is not None
    assert then.state is AppealState.DONE


@pytest.mark.nightly
async def test_a_photo_that_finds_no_network_is_sent_again_by_a_tap(
    window: Window, in_work: Appeal, petro: Person, picture: Path
) -> None:
    page, tries = window.page, []

    async def fail_once(route: Route) -> None:
        tries.append(route.request.url)
        await (route.abort() if len(tries) == 1 else route.continue_())

    await page.route("**/files", fail_once)
    await window.sign_in("petro")
    await window.open(f"/enterprise/{in_work.number}")
    await page.set_input_files("#work-camera", picture)
    await page.wait_for_selector("#work-files-fault button")
    assert await violations(page) == []
    await page.tap("#work-files-fault button")
    await page.wait_for_selector(".evidence-one img")
    await page.tap("text=Прибрати")
    await page.wait_for_selector(".evidence-one", state="detached")
    await page.set_input_files(
        "#work-choose", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"<svg/>"}
    )
    await page.wait_for_selector("#work-files-fault:has-text('Приймаються лише фото')")
    assert await violations(page) == []


@pytest.mark.nightly
async def test_the_list_renews_itself_and_keeps_ticks_and_what_is_typed(  # noqa: PLR0917
    window: Window, city: City, appeal: Appeal, petro: Person, by: Actor, clock: MovedClock
) -> None:
    other, page = await city.enter(), window.page
    await window.sign_in("petro")
    await window.open("/enterprise")
    await page.check(f"#tick-{appeal.number}")
    await page.fill("#q", "холод")
    emergency = await city.enter(urgency=Urgency.EMERGENCY)
    await do(city, appeal, Accept(by=by, at=clock.now()))
    await page.evaluate("document.getElementById('work-live').dispatchEvent(new Event('work:renew'))")
    await page.wait_for_selector(f"#row-{emergency.number}")
    assert await page.is_checked(f"#tick-{appeal.number}")
    assert not await page.is_checked(f"#tick-{emergency.number}")
    assert await page.input_value(f"#tick-{appeal.number}") == f"{appeal.number}:{appeal.version + 1}"
    assert await page.input_value("#q") == "холод"
    assert await page.inner_text("#work-ticked") == "(1)"
    assert await page.inner_text("#work-all") == "Позначити всі"
    await page.click("#work-all")
    assert await page.is_checked(f"#tick-{emergency.number}")
    assert await page.inner_text("#work-all") == "Зняти всі позначки"
    await page.click("#work-all")
    assert not await page.is_checked(f"#tick-{appeal.number}")
    await page.check(f"#tick-{appeal.number}")
    await page.click("button[value=begin-work]")
    assert "1 з 1" in await page.inner_text("#work-results")
    assert other.number in await page.content()


@pytest.mark.nightly
async def test_everything_is_reached_by_keyboard(window: Window, appeal: Appeal, petro: Person) -> None:
    page = window.page
    await page.set_viewport_size({"width": 1366, "height": 768})
    await window.sign_in("petro")
    await window.open("/enterprise")
    await page.focus(f"#tick-{appeal.number}")
    await page.keyboard.press("Space")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/enterprise/{appeal.number}")
    await page.focus("summary:has-text('Запитати контакт-центр')")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.id") == "ask-back-text"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#ask-back-text[aria-invalid=true]:focus")
    await page.keyboard.type("Який під’їзд?")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("[role=note]:has-text('Який під’їзд?')")
    assert await violations(page) == []


@pytest.mark.nightly  # by day `appeals/card/test_in_browser.py`
async def test_two_at_once_the_second_sees_what_the_first_did_beside_what_was_typed(
    window: Window, city: City, in_work: Appeal, petro: Person, clock: MovedClock
) -> None:
    page = window.page
    await window.sign_in("petro")
    await window.open(f"/enterprise/{in_work.number}")
    await page.fill("#report-done-answer", "Замінили кран")
    await do(city, in_work, Note(by=city.dispatcher, at=clock.now(), text="Дзвонили ще раз"))
    await page.tap("text=Повідомити: виконано")
    await page.wait_for_selector("#work-since:has-text('Дзвонили ще раз'):focus")
    assert await page.input_value("#report-done-answer") == "Замінили кран"
    assert await violations(page) == []
    await window.keep("work-overtaken-390.png")
    await page.tap("text=Повідомити: виконано")
    await page.wait_for_selector("[role=status]:has-text('Повідомлено')")
