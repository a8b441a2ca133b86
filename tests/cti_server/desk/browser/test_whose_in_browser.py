"""Two people on one desk, in a real Chromium: each key, form and number read aloud belongs to one of them."""

import asyncio

import pytest
from aiohttp import web
from playwright.async_api import Page, Route, expect

from cti_server.desk.calling_out import CALLING
from hotline.calls.call import JourneyStep, Step
from hotline.city.classifier import Urgency
from hotline.line.line import Priority
from tests.cti_server.desk.browser.conftest import HANNA, HOME, MARIA, Shift
from tests.cti_server.desk.browser.test_registering_in_browser import registered, talks
from tests.fakes.telephone import FakeTelephone
from tests.system.browser import violations

pytestmark = pytest.mark.system
READABLE = 100

HERS = "Поліський квартал, 3"


@pytest.fixture
async def two(shift: Shift) -> Page:
    """Maria's call is over, her card stands, and Hanna rings."""
    await shift.storage.citizens.add("Ганна Зразкова", HERS, [HANNA])
    page = await talks(shift, MARIA)
    await shift.ends("c1", 0)
    await page.wait_for_selector("#card-c1 >> text=Розмову завершено")
    return page


async def hanna_rings(shift: Shift) -> None:
    await shift.waits("c2", HANNA, "0", Priority.ORDINARY)
    await shift.rings("c2", HANNA)


async def hanna_talks(shift: Shift) -> None:
    await hanna_rings(shift)
    await shift.answers("c2")


async def types_a_form(page: Page, text: str) -> None:
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type(text)


def foreseen(shift: Shift, complaint: str) -> None:
    """Chromium says of an answer that refuses, or of a network that is away, what is meant here."""
    assert any(complaint in one for one in shift.complaints)
    shift.complaints[:] = [one for one in shift.complaints if complaint not in one]


async def test_f6_means_whoever_rings_though_the_cursor_is_in_the_card_before(
    shift: Shift, two: Page
) -> None:
    await hanna_rings(shift)
    await two.keyboard.press("F7")
    await two.wait_for_selector("#notes-c1:focus")
    await two.keyboard.press("F6")
    await two.wait_for_selector("#appeal-form[data-call=c2]")
    assert "Ганна Зразкова" in await two.inner_text("#appeal-title")
    assert await two.input_value("#appeal-address") == HERS
    await shift.look("form of who rings", nightly=True)


async def test_an_emergency_means_whoever_rings_then_whoever_talks_and_nobody_before(
    shift: Shift, two: Page
) -> None:
    await hanna_rings(shift)
    await two.keyboard.press("Shift+F6")
    await two.wait_for_selector(".appeal-emergency[data-call=c2]")
    await shift.answers("c2")
    await two.wait_for_selector(".appeal-emergency[data-call=c2]")
    await two.keyboard.press("Enter")
    appeal = await registered(shift)
    assert (appeal.urgency, appeal.call_id) == (Urgency.EMERGENCY, "c2")
    assert (appeal.applicant_number, appeal.address) == (HANNA, HERS)


async def test_with_nobody_on_the_line_f6_means_the_call_in_sight_and_each_has_its_tab(
    shift: Shift, two: Page
) -> None:
    await two.fill("#notes-c1", "Передзвонить завтра")
    await hanna_talks(shift)
    await two.wait_for_selector("#tabs [data-show-task=c2][data-state=talk][aria-selected=true]")
    assert await two.is_hidden("#card-c1")
    await shift.ends("c2", 60)
    await two.wait_for_selector("#card-c2 >> text=Розмову завершено")
    await shift.look("two calls in hand")
    await two.keyboard.press("Control+F7")
    await two.wait_for_selector("#notes-c1:focus")
    assert await two.is_hidden("#card-c2")
    await two.wait_for_selector("#who[data-call=c1]")
    await two.focus("#todo-count")
    await two.keyboard.press("F6")
    await two.wait_for_selector("#appeal-form[data-call=c1]")
    await two.focus("#tabs [aria-selected=true]")
    for key, call in (("Home", "c2"), ("ArrowLeft", "c1"), ("End", "c1"), ("ArrowRight", "c2")):
        await two.keyboard.press(key)
        await two.wait_for_selector(f"#tabs [data-show-task={call}][aria-selected=true]:focus")
        controlled = await two.get_attribute("#tabs [aria-selected=true]", "aria-controls")
        assert await two.get_attribute(f"#{controlled}[role=tabpanel]", "aria-labelledby") == f"tab-{call}"
        assert await two.is_visible(f"#{controlled} #card-{call}")
    assert await two.is_hidden("#appeal-form")
    await two.focus("#notes-c2")
    await two.keyboard.press("F6")
    await two.wait_for_selector("#appeal-form[data-call=c2]")


async def test_of_a_call_that_ended_without_a_word_nothing_stays_when_the_next_is_answered(
    shift: Shift, two: Page
) -> None:
    await two.keyboard.press("Shift+F3")
    await two.keyboard.press("Enter")
    await two.wait_for_selector("#opened-title:focus")
    await hanna_rings(shift)
    await two.wait_for_selector("#pop[data-compact]", state="detached")
    assert await two.is_hidden("#card-c1")
    assert await two.is_hidden("#opened")
    await two.keyboard.press("Control+F7")
    await two.wait_for_selector("#pop[data-compact]")
    assert await two.is_visible("#opened-title")
    await shift.look("a ring among the tabs")
    await shift.answers("c2")
    await two.wait_for_selector("#card-c1", state="detached")
    assert await two.is_hidden("#opened")
    assert await two.is_visible("#card-c2")


async def test_a_desk_that_has_not_heard_of_the_ring_is_asked_for_whom_it_is(shift: Shift, two: Page) -> None:
    """Its socket is slow: the page still believes that nobody rings, and the hotline knows better."""
    await shift.waits("c2", HANNA, "0", Priority.ORDINARY)
    assert await shift.storage.line.pair(shift.now())
    pressed = asyncio.Event()

    async def held(route: Route) -> None:
        await pressed.wait()  # else Enter would come after the question, and choose who stands first there
        await route.continue_()

    await two.route("**/desk/appeals/emergency?*", held)
    await two.keyboard.press("Shift+F6")
    await two.keyboard.press("Enter")
    pressed.set()
    await two.wait_for_selector("#appeal >> text=Для кого це звернення?")
    assert "Ганна Зразкова" in await two.inner_text("#appeal")
    assert "Марія Демченко" in await two.inner_text("#appeal")
    assert await shift.storage.registry.of_call("c1") == []
    await shift.look("for whom is it")
    await two.keyboard.press("Enter")
    await two.wait_for_selector(".appeal-emergency[data-call=c2] #appeal-register:focus")
    foreseen(shift, "409")


@pytest.mark.nightly  # by day with calls: `system/test_right_caller.py`
async def test_a_half_filled_form_folds_to_one_line_when_the_next_call_is_answered(
    shift: Shift, two: Page
) -> None:
    await types_a_form(two, "Немає світла в під'їзді")
    await hanna_talks(shift)
    await two.wait_for_selector("#appeal-form[data-call=c2] #appeal-text:focus")
    draft = two.locator("#appeal-left .appeal-draft")
    await expect(draft).to_have_count(1)
    await expect(draft).to_contain_text("Чернетка: Марія Демченко / Іван")
    await expect(draft).to_contain_text("продовжити")
    await shift.look("draft folded to a line")
    await draft.click()
    await two.wait_for_selector("#appeal-form[data-call=c1]")
    assert await two.input_value("#appeal-text") == "Немає світла в під'їзді"
    await expect(two.locator("#appeal .appeal-not-on-line")).to_have_text("Не той заявник, що на лінії")
    await expect(draft).to_have_count(0)
    await shift.look("form of a call before")


async def test_what_is_read_aloud_goes_when_the_next_call_is_answered(shift: Shift, two: Page) -> None:
    await two.keyboard.press("Shift+F6")
    await two.keyboard.press("Enter")
    await registered(shift)
    assert "Марія Демченко" in await two.inner_text(".appeal-whom")
    await shift.look("read aloud with name")
    await hanna_rings(shift)
    assert await two.is_visible(".appeal-number")
    await shift.answers("c2")
    await two.wait_for_selector(".appeal-number", state="detached")


@pytest.mark.nightly  # by day closed by its button, below; what is read aloud of an appeal is by Escape
async def test_what_is_read_aloud_of_a_consultation_is_closed_by_escape(two: Page) -> None:
    await consults(two)
    await two.keyboard.press("Escape")
    await two.wait_for_selector("#appeal", state="hidden")


async def consults(page: Page) -> None:
    await types_a_form(page, "Питала про графік")
    await page.click("[name=do][value=consultation]")
    await page.wait_for_selector("#appeal >> text=Консультацію записано")


async def test_escape_closes_the_opened_appeal_first_and_what_is_read_aloud_next_as_its_button_does(
    shift: Shift, two: Page
) -> None:
    await two.keyboard.press("Shift+F6")
    await two.keyboard.press("Enter")
    await registered(shift)
    await two.keyboard.press("Shift+F3")
    await two.keyboard.press("Enter")
    await two.wait_for_selector("#opened-title:focus")
    await two.keyboard.press("Escape")
    await two.wait_for_selector("#opened", state="hidden")
    assert await two.is_visible(".appeal-number")
    await two.keyboard.press("Escape")
    await two.wait_for_selector(".appeal-number", state="detached")
    await consults(two)
    await two.click("[data-appeal-close]")
    await two.wait_for_selector("#appeal", state="hidden")


async def test_a_form_of_the_call_before_is_not_sent_unasked_while_the_next_one_talks(
    shift: Shift, two: Page
) -> None:
    await types_a_form(two, "Прорвало трубу")
    await hanna_talks(shift)
    await two.wait_for_selector("#appeal-form[data-call=c2]")
    await two.click("#appeal-left .appeal-draft")
    await two.wait_for_selector("#appeal-form[data-call=c1]")
    await shift.ends("c2", 0)
    await shift.waits("c3", None, "0", Priority.ORDINARY)
    await shift.rings("c3", None)
    await two.focus("#appeal-text")
    await two.keyboard.press("Control+Enter")
    await two.wait_for_selector("#appeal .appeal-ask")
    assert await two.input_value("#appeal-text") == "Прорвало трубу"
    assert await violations(two) == []
    await shift.look("not registered, for whom is it", nightly=True)
    await two.click("#appeal .appeal-ask .btn-primary")
    await two.wait_for_selector("#appeal-form[data-call=c3]")
    assert await two.input_value("#appeal-text") == "Прорвало трубу"
    assert await two.input_value("#appeal-address") == ""
    foreseen(shift, "409")


async def test_after_a_reload_nobodys_form_but_that_of_who_is_on_the_line_is_open(
    shift: Shift, two: Page
) -> None:
    await types_a_form(two, "Марії")
    await shift.kept("c1", "text", "Марії")
    await hanna_talks(shift)
    await two.wait_for_selector("#appeal-form[data-call=c2]")
    await two.reload()
    await two.wait_for_selector("#appeal-left .appeal-draft")
    assert await two.locator("#appeal-form").count() == 0
    await types_a_form(two, "Ганні")
    await shift.kept("c2", "text", "Ганні")
    await two.reload()
    await two.wait_for_selector("#appeal-form[data-call=c2]")
    assert await two.input_value("#appeal-text") == "Ганні"


@pytest.mark.nightly
async def test_what_could_not_be_kept_when_the_next_call_was_answered_is_kept_later(
    shift: Shift, two: Page
) -> None:
    lost = "**/desk/appeals/draft"

    async def nothing(route: Route) -> None:
        await route.abort()

    await two.keyboard.press("F6")
    await two.wait_for_selector("#appeal-text:focus")
    await two.route(lost, nothing)
    async with two.expect_request(lost):
        await two.keyboard.type("Записано без мережі")
    await two.wait_for_selector("#desk-unsaved:visible")
    await hanna_talks(shift)
    await two.wait_for_selector("#appeal-form[data-call=c2]")
    await two.unroute(lost)
    await shift.kept("c1", "text", "Записано без мережі")
    await two.wait_for_selector("#desk-unsaved", state="hidden")
    foreseen(shift, "ERR_FAILED")


async def test_the_categories_of_somebody_chosen_before_never_stand_under_another(shift: Shift) -> None:
    """The answer for whom was chosen first comes last."""
    page = await talks(shift, MARIA)
    late: list[Route] = []
    maria = (await shift.storage.citizens.find("Марія Демченко"))[0]

    async def holds(route: Route) -> None:
        late.append(route)

    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.route(f"**/desk/appeals/benefits?applicant={maria.id}", holds)
    async with page.expect_request(f"**/desk/appeals/benefits?applicant={maria.id}"):
        await page.check(f"[name=applicant][value='{maria.id}']")
    await page.check("[name=applicant] >> nth=1")
    await page.wait_for_selector("#appeal-benefits summary >> text=не зазначено")
    async with page.expect_response(f"**/desk/appeals/benefits?applicant={maria.id}"):
        await late[0].continue_()
    other = await page.get_attribute("[name=applicant]:checked", "value")
    assert await page.get_attribute("[name=benefits_of]", "value") == other
    assert HOME in await page.inner_text("#appeal")


async def test_what_is_typed_beside_another_citys_call_is_called_in_its_name_until_the_mark_is_taken_away(
    shift: Shift, app: web.Application
) -> None:
    telephone, page = app[CALLING].telephone, shift.page
    assert isinstance(telephone, FakeTelephone)
    in_name = page.get_by_label("Телефонувати від імені: Славутич")
    await shift.waits("c1", MARIA, "0", Priority.ORDINARY)
    for_them = {"agreement": 3, "name": "Славутич"}
    step = JourneyStep(call_id="c1", number=9, at=shift.now(), step=Step.FOR_NEIGHBOUR, detail=for_them)
    await shift.storage.calls.note(step)
    await shift.storage.calls.flush()
    await expect(in_name).to_be_hidden()
    await shift.rings("c1", MARIA)
    await shift.answers("c1")
    await shift.ends("c1", 0)
    await expect(in_name).to_be_checked()
    for width in (1366, 1024, 320):
        await page.set_viewport_size({"width": width, "height": 768})
        said = await page.locator("[data-part=in-name]").bounding_box()
        assert said is not None
        assert said["width"] > READABLE, "on a narrow screen, too, it is said in whose name it will ring"
    await page.set_viewport_size({"width": 1366, "height": 768})
    await expect(page.locator(f"#card-c1 a[data-call='{MARIA}']")).to_have_attribute("data-about", "c1")
    outside = page.locator("[data-part=outside]")
    for marked, named in ((True, "c1"), (False, "")):
        await in_name.set_checked(marked)
        await page.fill("#softphone-number", "067 123 45 67")
        await page.press("#softphone-number", "Enter")
        await expect(outside).to_contain_text("67 123 4567")
        assert telephone.called[-1].for_call == named
        telephone.talk = None
        await expect(outside).to_be_hidden()
