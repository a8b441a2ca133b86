"""A talk stays whole whatever is clicked, opened or lost beside it; who is ready has a phone that rings."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Dialog, expect

from hotline.calls.call import Step
from hotline.line.presence_states import UNREACHABLE, Presence
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.sound import tone
from tests.system.browser import REFUSING, open_browser
from tests.system.desk_browser import PATIENT
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher
from tests.system.web_desk import WebDesk, add_dispatcher, web_browser

pytestmark = pytest.mark.system


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    await add_dispatcher(hotline, "201")
    async with web_browser(hotline, "201", FIRST, path="/desk") as one:
        yield one


async def talking(desk: WebDesk) -> OutgoingCall:
    await desk.press("Shift+F9")
    await desk.hotline.until(lambda: is_present(desk.hotline, Presence.READY, ""))
    citizen = await asks_for_a_dispatcher(desk.hotline, sound=tone(CITIZEN))
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    return citizen


async def goes_on(desk: WebDesk, citizen: OutgoingCall) -> None:
    """The same two still hear each other, and have done so all the time."""
    await desk.call_is("talking")
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    call = await desk.hotline.only_call()
    assert (await desk.hotline.steps(call.id)).count(Step.TALK_STARTED) == 1


async def test_a_click_in_the_menu_never_ends_the_talk(desk: WebDesk) -> None:
    citizen = await talking(desk)

    async with desk.page.context.expect_page() as opened:
        await desk.page.click("header a[href='/calls']")
    beside = await opened.value
    await beside.wait_for_url("**/calls")
    await desk.page.click("header a[href='/appeals']")
    await beside.wait_for_url("**/appeals")
    await beside.click("header a[href='/desk']")
    await goes_on(desk, citizen)
    shown = [page.url.removeprefix(desk.address) for page in (desk.page, beside)]
    assert shown == ["/desk", "/appeals"]
    assert len([page for page in desk.page.context.pages if page.url.startswith(desk.address)]) == 2


async def test_leaving_the_page_in_a_talk_asks_first(desk: WebDesk) -> None:
    citizen = await talking(desk)
    asked: list[str] = []

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    desk.page.on("dialog", stay)
    await desk.page.evaluate("location.assign('/calls')")

    await goes_on(desk, citizen)
    assert asked == ["beforeunload"]
    desk.page.remove_listener("dialog", stay)


@pytest.mark.nightly  # by day without a talk: `test_softphone.py`
async def test_a_second_window_never_tears_a_talk_unless_it_is_asked_twice(desk: WebDesk) -> None:
    citizen = await talking(desk)

    second = await desk.another_window("elsewhere")
    await second.press("Control+F2")
    await expect(second.page.locator("[data-part=take-back-word]")).to_contain_text("Усе одно")
    await goes_on(desk, citizen)

    await second.press("Control+F2")
    await second.shows("ready")
    await second.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.shows("elsewhere")


@pytest.mark.nightly  # by day in `test_whole_desk.py`, by how the microphone is missing
async def test_nobody_is_ready_without_a_microphone_and_the_page_says_why(hotline: Hotline) -> None:
    await add_dispatcher(hotline, "201")
    async with open_browser(*REFUSING, hears=None, asks=True) as browser:
        page = await browser.new_page(locale="uk-UA")
        desk = WebDesk(hotline=hotline, browser=browser, page=page, path="/desk")
        await desk.sign_in("201")
        await page.goto(f"{desk.address}/desk")
        await desk.shows("microphone-refused")

        await desk.press("Shift+F9")

        await expect(page.locator("#desk-refused")).to_contain_text("Немає телефону")
        await expect(page.locator("#desk-no-phone")).to_be_visible()
        assert (await hotline.dispatcher("201")).presence is Presence.AWAY
        assert await hotline.registered("201")
        await desk.press("Shift+F9")
        await expect(page.locator("#desk-refused")).to_be_hidden()
        assert (await hotline.dispatcher("201")).presence is Presence.READY


async def test_a_dispatcher_whose_phone_is_lost_is_not_left_ready_for_the_first_caller(
    hotline: Hotline, desk: WebDesk
) -> None:
    await desk.press("Shift+F9")
    await hotline.until(lambda: is_present(hotline, Presence.READY, ""))

    await desk.page.goto("about:blank")

    await hotline.until(lambda: is_present(hotline, Presence.PAUSED, UNREACHABLE))
    await desk.open()
    await hotline.until(lambda: is_present(hotline, Presence.READY, ""))


async def test_a_ring_is_told_by_the_title_and_the_sign_of_the_tab(hotline: Hotline, desk: WebDesk) -> None:
    before = await desk.page.title()
    await desk.press("Shift+F9")
    await asks_for_a_dispatcher(hotline)
    await desk.call_is("ringing")
    await desk.page.wait_for_function("() => document.title.startsWith('☎')")
    ringing = await desk.page.get_attribute("link[rel=icon]", "href")
    await desk.press("F2")
    await desk.call_is("talking")
    await expect(desk.page).to_have_title(before)
    assert await desk.page.get_attribute("link[rel=icon]", "href") != ringing


async def is_present(hotline: Hotline, presence: Presence, reason: str) -> bool:
    one = await hotline.dispatcher("201")
    return (one.presence, one.reason) == (presence, reason)
