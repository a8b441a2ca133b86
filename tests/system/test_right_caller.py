"""Whose an appeal is: with the card of the call before still standing, keys mean whoever is on the line."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from hotline.appeals.appeal import Appeal
from hotline.calls.call import CallRecord, Step
from hotline.city.addresses import demo_streets
from hotline.city.classifier import Urgency
from telephony.phone.outgoing import OutgoingCall
from tests.system.browser import violations
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import FIRST, asks_for_a_dispatcher
from tests.system.test_registration import HOME, fill_in, registered
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system

MARIA, BOHDAN, HANNA = "+380457900001", "+380457900006", "+380457900003"
ELSEWHERE = "Чернігівський квартал, 2"
QUICK, SLOW = 1, 120
"""Milliseconds for which a hand holds a key before the next one: it never waits for the page."""


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    """Maria has called and an appeal of hers is registered: card and number are still there."""
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [MARIA])
    await hotline.storage.citizens.add("Богдан Вигаданий", ELSEWHERE, [BOHDAN])
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk") as one:
        await one.press("Shift+F9")
        await one.page.wait_for_selector("[data-presence=ready]")
        citizen = await asks_for_a_dispatcher(hotline, MARIA)
        await one.picks_up()
        await one.page.wait_for_selector("article.desk-card")
        await fill_in(one.page)
        await registered(hotline, one.page)
        await one.press("F4")
        await citizen.ended()
        await one.page.wait_for_selector("article.desk-card >> text=Розмову завершено")
        yield one


async def bohdan_rings(desk: WebDesk) -> OutgoingCall:
    citizen = await asks_for_a_dispatcher(desk.hotline, BOHDAN)
    await desk.call_is("ringing")
    await desk.page.wait_for_selector("#pop >> text=Богдан Вигаданий")
    return citizen


async def call_of(hotline: Hotline, number: str) -> CallRecord:
    """Wait for it: it is written down a moment after the desk begins to ring, on a busy machine."""
    found: list[CallRecord] = []

    async def written() -> bool:
        found[:] = [one for one in await hotline.calls() if one.number == number]
        return bool(found)

    await hotline.until(written)
    (only,) = found
    return only


async def form_is_bohdans(desk: WebDesk) -> None:
    """The open form is his: by its call, by the name at its top, with nothing of Maria's."""
    page, call = desk.page, await call_of(desk.hotline, BOHDAN)
    await page.wait_for_selector("#appeal-form")
    assert await page.get_attribute("#appeal-form", "data-call") == call.id
    assert "Богдан Вигаданий" in await page.inner_text("#appeal-title")
    assert "Марія" not in await page.inner_text("#appeal")
    assert await page.input_value("#appeal-address") == ELSEWHERE
    assert await page.locator("[name=consent]:checked").count() == 0
    chosen = await page.locator("label:has([name=applicant]:checked)").all_inner_texts()
    assert all("Богдан Вигаданий" in one for one in chosen)


@pytest.mark.nightly  # by day without Asterisk: `desk/browser/test_whose_in_browser.py`
async def test_a_form_opened_during_the_ring_is_never_the_previous_callers(
    hotline: Hotline, desk: WebDesk
) -> None:
    await bohdan_rings(desk)
    await desk.press("F6")
    await form_is_bohdans(desk)
    assert await violations(desk.page) == []


@pytest.mark.nightly  # by day the emergency, below, and without Asterisk all forms
@pytest.mark.parametrize("held", [QUICK, pytest.param(SLOW, marks=pytest.mark.nightly)])
async def test_a_form_opened_right_after_answering_never_has_the_previous_callers_name_and_consent(
    hotline: Hotline, desk: WebDesk, held: int
) -> None:
    await bohdan_rings(desk)
    await desk.page.keyboard.press("F2", delay=held)
    await desk.press("F6")
    await form_is_bohdans(desk)
    await desk.call_is("talking")
    await form_is_bohdans(desk)


@pytest.mark.parametrize("held", [pytest.param(QUICK, marks=pytest.mark.nightly), SLOW])
async def test_an_emergency_is_never_registered_under_the_previous_caller(
    hotline: Hotline, desk: WebDesk, held: int
) -> None:
    await bohdan_rings(desk)
    for key in ("F2", "Shift+F6"):
        await desk.page.keyboard.press(key, delay=held)
    await desk.press("Enter")
    emergency = await the_emergency(desk)
    assert emergency.call_id == (await call_of(hotline, BOHDAN)).id
    assert (emergency.applicant_number, emergency.address) == (BOHDAN, ELSEWHERE)
    assert "Богдан Вигаданий" in await desk.page.inner_text("#appeal [role=status]")


async def the_emergency(desk: WebDesk) -> Appeal:
    """What this dispatcher has registered as an emergency, once it is on the page."""
    await desk.page.wait_for_selector("#appeal [role=status] >> text=Аварія")
    appeal = await registered(desk.hotline, desk.page)
    assert appeal.urgency is Urgency.EMERGENCY
    return appeal


@pytest.mark.nightly  # by day without Asterisk: `desk/browser/test_whose_in_browser.py`
async def test_what_was_half_filled_for_one_never_stands_open_in_the_talk_with_the_next(
    hotline: Hotline, desk: WebDesk
) -> None:
    page = desk.page
    await types_a_form(desk, "Ще про ліхтар")
    await bohdan_rings(desk)
    await page.keyboard.type(" у дворі")
    await desk.press("F2")
    await desk.call_is("talking")
    await page.wait_for_selector("#appeal-left >> text=Марія Демченко")
    await form_is_bohdans(desk)
    await types_a_form(desk, "Дах тече")
    await kept(hotline, BOHDAN, "Дах тече")
    await kept(hotline, MARIA, "Ще про ліхтар у дворі")

    await page.reload()

    await desk.picks_up()
    await form_is_bohdans(desk)
    assert await page.input_value("#appeal-text") == "Дах тече"
    await hotline.reached(Step.TALK_STARTED, times=3)  # hung up on before, he would ring again
    await desk.press("F4")
    await desk.call_is("none")
    await asks_for_a_dispatcher(hotline, HANNA)
    await desk.call_is("ringing")
    assert await page.input_value("#appeal-text") == "Дах тече"
    await page.focus("#appeal-text")
    await desk.press("Control+Enter")
    await page.wait_for_selector("#appeal .appeal-ask >> text=+380 4579 00003")
    await desk.press("F2")
    hannas = await call_of(hotline, HANNA)
    await page.wait_for_selector(f"#appeal-form[data-call='{hannas.id}']")
    await expect(page.locator("#appeal-left .appeal-draft")).to_have_count(2)


async def types_a_form(desk: WebDesk, text: str) -> None:
    await desk.press("F6")
    await desk.page.wait_for_selector("#appeal-text:focus")
    await desk.page.keyboard.type(text)


async def kept(hotline: Hotline, number: str, text: str) -> None:
    """Wait until the form of this number's call is kept with this text."""
    user, call = await hotline.storage.users.by_login("d201"), await call_of(hotline, number)
    assert user is not None
    user_id = user.id

    async def stored() -> bool:
        return (await hotline.storage.forms.find(user_id, call.id)).get("text") == text

    await hotline.until(stored)
