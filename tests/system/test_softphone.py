"""The phone in the browser, with a real Chromium, a real Asterisk and a citizen on a real SIP phone."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from playwright.async_api import expect

from hotline.access.permissions import Role
from hotline.calls.call import Outcome, Step
from hotline.line.presence_states import Presence
from telephony.phone.outgoing import OutgoingCall
from telephony.phone.phone import Phone, RegistrationRefused
from telephony.phone.sound import tone
from tests.system.browser import INSECURE, REFUSING, kill, open_browser, violations
from tests.system.hotline import Hotline
from tests.system.node import running
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher, picks_up
from tests.system.test_desks import members
from tests.system.test_strangers_get_nothing import banned
from tests.system.web_desk import WebDesk, add_dispatcher, web_desk

pytestmark = pytest.mark.system

RECONNECTS_SECONDS = 2.0
"""A page whose phone was taken used to open its socket again after a second, and had it back."""


@pytest.fixture
async def desk(hotline: Hotline) -> AsyncIterator[WebDesk]:
    async with web_desk(hotline, "201", FIRST) as one:
        yield one


async def test_a_dispatcher_answers_by_key_and_both_hear_each_other(hotline: Hotline, desk: WebDesk) -> None:
    assert await violations(desk.page) == []
    await desk.sounds(on=False)
    citizen = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.call_is("ringing")
    await desk.sounds(on=True)
    assert await violations(desk.page) == []
    await desk.picks_up()
    await desk.sounds(on=False)
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    assert await violations(desk.page) == []

    await desk.press("F4")

    await desk.call_is("none")
    await citizen.ended()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED


async def test_a_hold_taken_back_before_the_exchange_has_answered_is_taken_back(
    hotline: Hotline, desk: WebDesk
) -> None:
    citizen = await talking(hotline, desk)

    root = await desk.page.query_selector("[data-softphone]")
    assert await desk.page.evaluate(_HOLDS_TWICE, root) == [True, False]

    await citizen.heard_tone(FIRST)


async def test_hold_mute_and_digits_reach_the_citizen(hotline: Hotline, desk: WebDesk) -> None:
    citizen = await talking(hotline, desk)

    await desk.press("F9")
    await hotline.until(lambda: not citizen.hears_tone(FIRST))
    await desk.hears(CITIZEN)
    await desk.press("F9")
    await citizen.heard_tone(FIRST)

    await desk.press("F8")
    await hotline.until(lambda: not citizen.hears_tone(FIRST))
    await desk.press("F8")
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)

    await desk.page.click("text=/^Клавіатура|^Keypad/")
    await desk.page.click("[data-digit='4']")
    await desk.page.click("[data-digit='2']")
    await citizen.heard_digits("42")


@pytest.mark.nightly  # by day `test_whole_desk.py` passes a caller on, the next test but one finds by name
async def test_a_blind_transfer_brings_the_caller_to_the_colleague(hotline: Hotline, desk: WebDesk) -> None:
    colleague = await hotline.desk("202", "Тарас Вигаданий")
    await hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await talking(hotline, desk)
    await hotline.presence("202", Presence.READY)

    await desk.finds("тарасу", "Control+Enter")

    asked = await picks_up(colleague, SECOND)
    await desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)


@pytest.mark.nightly  # by day `test_conference.py`, to somebody outside who does not answer
async def test_a_transfer_to_nobody_leaves_the_two_talking(hotline: Hotline, desk: WebDesk) -> None:
    citizen = await talking(hotline, desk)

    await desk.dials("199", "transfer")

    await expect(desk.page.get_by_role("alert")).not_to_be_empty()
    await desk.call_is("talking")
    await citizen.heard_tone(FIRST)


async def test_a_colleague_is_asked_and_then_joined_with_the_caller(hotline: Hotline, desk: WebDesk) -> None:
    colleague = await hotline.desk("202", "Тарас Вигаданий")
    await hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await talking(hotline, desk)

    await desk.finds("вигад", "Enter")
    asked = await picks_up(colleague, SECOND)
    await asked.heard_tone(FIRST)
    await desk.hears(SECOND)
    assert not citizen.hears_tone(FIRST)
    await desk.press("Shift+F8")
    await expect(desk.page.locator("[data-softphone]")).to_have_attribute("data-third", "together")
    await desk.press("Control+F8")

    await desk.call_is("none")
    await citizen.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)


@pytest.mark.nightly  # by day `test_conference.py`, of a third outside
async def test_after_asking_a_colleague_the_dispatcher_is_back_with_the_caller(
    hotline: Hotline, desk: WebDesk
) -> None:
    colleague = await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await talking(hotline, desk)
    await desk.dials("202", "call")
    asked = await picks_up(colleague, SECOND)
    await asked.heard_tone(FIRST)

    await asked.hang_up()

    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)


@pytest.mark.nightly  # by day with the whole desk in `test_whole_desk.py`
async def test_a_page_loaded_anew_in_a_talk_has_the_same_caller_ring_again(
    hotline: Hotline, desk: WebDesk
) -> None:
    await hotline.desk("202")
    citizen = await talking_with(hotline, desk)

    await desk.page.reload()

    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    call = await hotline.only_call()
    assert (await hotline.steps(call.id)).count(Step.RETURNED_TO_LINE) == 1


async def test_a_killed_browser_loses_nobody(hotline: Hotline, desk: WebDesk) -> None:
    colleague = await hotline.desk("202")
    citizen = await talking_with(hotline, desk)

    await kill(desk.browser)

    asked = await picks_up(colleague, SECOND)
    await citizen.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)
    call = await hotline.only_call()
    assert Step.RETURNED_TO_LINE in await hotline.steps(call.id)


async def test_a_dispatcher_who_loses_the_role_in_a_talk_loses_the_phone_and_the_citizen_is_first_in_the_line(
    hotline: Hotline, desk: WebDesk
) -> None:
    colleague = await hotline.desk("202")
    citizen = await talking_with(hotline, desk)
    user = await hotline.storage.users.by_login("d201")
    assert user is not None

    await hotline.storage.users.update(replace(user, role=Role.OBSERVER))  # as another process does

    asked = await picks_up(colleague, SECOND)
    await citizen.heard_tone(SECOND)
    await asked.heard_tone(CITIZEN)
    await desk.shows("signed-out")
    call = await hotline.only_call()
    assert Step.RETURNED_TO_LINE in await hotline.steps(call.id)
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-202"})
    found = await hotline.node.ask("GET", "endpoints/PJSIP/web-201")
    assert found["state"] == "offline"


async def test_a_browsers_password_registers_no_other_telephone(hotline: Hotline, desk: WebDesk) -> None:
    async with desk.page.expect_response(lambda one: one.request.method == "POST") as told:
        await desk.page.reload()
    given = await (await told.value).json()
    await desk.shows("ready")
    asterisk = ("127.0.0.1", hotline.settings.sip_port)
    elsewhere = Phone("127.0.0.9", user=given["user"], secret=given["password"], registrar=asterisk)
    async with elsewhere as phone:
        with pytest.raises(RegistrationRefused):
            await phone.register()
    await hotline.until(lambda: set(banned(hotline.node)) == {"127.0.0.9"})
    await talking(hotline, desk)


async def test_a_second_window_never_takes_the_phone_by_itself_and_has_it_by_a_key(
    hotline: Hotline, desk: WebDesk
) -> None:
    second = await desk.another_window("elsewhere")
    await desk.shows("ready")

    await second.press("Control+F2")

    await second.shows("ready")
    await desk.shows("elsewhere")
    await asyncio.sleep(RECONNECTS_SECONDS)
    assert await second.page.get_attribute("[data-softphone]", "data-state") == "ready"
    await second.page.close()
    await desk.shows("ready")
    await talking(hotline, desk)


@pytest.mark.nightly  # by day in a talk, the test after the next
async def test_the_phone_comes_back_by_itself_after_the_service_died(hotline: Hotline, desk: WebDesk) -> None:
    await hotline.kill_service()
    await desk.shows("offline")
    await hotline.start_service()
    await desk.shows("ready")
    await talking(hotline, desk)


async def test_the_phone_comes_back_by_itself_after_asterisk_died(hotline: Hotline, desk: WebDesk) -> None:
    hotline.node.kill()
    await hotline.node.process.wait()
    await desk.shows("exchange-away")
    async with running(hotline.settings, hotline.node.environ):
        await desk.shows("ready")
        await hotline.ready()
        await talking(hotline, desk)


@pytest.mark.nightly  # by day with phones on tables: `test_service_killed.py`
async def test_a_talk_goes_on_while_the_service_is_dead_and_after(hotline: Hotline, desk: WebDesk) -> None:
    citizen = await talking(hotline, desk)
    await hotline.kill_service()
    await desk.shows("offline")
    await hotline.start_service()
    await desk.shows("ready")

    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    await desk.press("F4")

    await citizen.ended()
    assert (await hotline.ended_call()).outcome is Outcome.TALKED


async def test_asterisks_own_queue_knows_the_browser_too(hotline: Hotline, desk: WebDesk) -> None:
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201", "PJSIP/web-201"})
    await desk.page.close()
    await hotline.until(lambda: members(hotline) == {"PJSIP/desk-201"})


@pytest.mark.parametrize(
    ("flags", "host", "state"),
    [
        # By day both of these are in `test_whole_desk.py`.
        pytest.param((), "127.0.0.1", "microphone-missing", marks=pytest.mark.nightly),
        pytest.param(REFUSING, "127.0.0.1", "microphone-refused", marks=pytest.mark.nightly),
        (None, INSECURE, "microphone-insecure"),
    ],
)
async def test_without_a_microphone_the_phone_says_so_and_rings_for_nobody(
    hotline: Hotline, flags: tuple[str, ...] | None, host: str, state: str
) -> None:
    await add_dispatcher(hotline, "201")
    without = open_browser() if flags is None else open_browser(*flags, hears=None, asks=True)
    async with without as browser:
        desk = WebDesk(hotline=hotline, browser=browser, page=await browser.new_page(), host=host)
        await desk.sign_in_by_form("201")
        await desk.page.goto(f"{desk.address}/desk/phone")
        await desk.shows(state)
        await expect(desk.page.get_by_role("alert")).not_to_be_empty()
        asks_again = desk.page.locator("[data-part=take-back]")  # in vain where no page is lent one
        await expect(asks_again).to_be_visible(visible=state != "microphone-insecure")
        assert await violations(desk.page) == []


async def talking(hotline: Hotline, desk: WebDesk) -> OutgoingCall:
    """A citizen and this dispatcher, who hear each other."""
    citizen = await asks_for_a_dispatcher(hotline, sound=tone(CITIZEN))
    await desk.picks_up()
    await citizen.heard_tone(FIRST)
    await desk.hears(CITIZEN)
    return citizen


async def talking_with(hotline: Hotline, desk: WebDesk) -> OutgoingCall:
    """As `talking`, while a colleague with a SIP phone is ready too."""
    await hotline.presence("202", Presence.PAUSED, "tea")
    citizen = await talking(hotline, desk)
    await hotline.presence("202", Presence.READY)
    return citizen


_HOLDS_TWICE = """async (root) => {
  const [call] = root.softphone.calls;
  const held = [];
  call.addEventListener("change", () => held.push(call.held));
  root.softphone.hold();
  await new Promise((resolve) => setTimeout(resolve));  // the offer is on its way
  root.softphone.hold();
  for (let look = 0; look < 400 && held.length < 2; look += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return held;
}"""
"""Whether the call was held, after each change that the two commands brought."""
