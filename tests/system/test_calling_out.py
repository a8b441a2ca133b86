"""A dispatcher calls somebody outside: real Chromium, real Asterisk, a provider that is a real SIP phone."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import expect

from hotline.calls.call import CallRecord, Direction, Outcome, Step
from hotline.clock import SystemClock
from hotline.line.callbacks import CallbackResult
from hotline.line.presence_states import Presence
from hotline.line.scheduled_callbacks import NewScheduled
from ivr_flows import prompts
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.browser import open_browser, violations
from tests.system.desk_browser import open_desk
from tests.system.lending import Hotlines
from tests.system.oracle import compare
from tests.system.outside import PROVIDER, Outside
from tests.system.people import CITIZEN, FIRST, asks_for_a_dispatcher, loudest
from tests.system.test_transfer import is_ready
from tests.system.web_desk import WebDesk, web_desk

pytestmark = pytest.mark.system

TYPED, DIALLED = "067 123 45 67", "+380671234567"
BEHIND = "+380671234568"
INTERPRETER = "+380441112233"
SETTINGS = {"HOTLINE_PROGRESSIVE_SECONDS": "6", "HOTLINE_SIGN_LANGUAGE_NUMBERS": INTERPRETER}


@dataclass(kw_only=True)
class City(Outside):
    """The hotline, the provider through whom calls leave, and a dispatcher at a browser."""

    desk: WebDesk

    async def outcome_is(self, outcome: str) -> None:
        """Wait until the panel says how the call went."""
        panel = self.desk.page.locator("[data-softphone]")
        await expect(panel).to_have_attribute("data-outcome", outcome)

    async def third_is(self, phase: str) -> None:
        """Wait until the panel says where a third is: `alone`, `together`, `missed`, `none` …"""
        panel = self.desk.page.locator("[data-softphone]")
        await expect(panel).to_have_attribute("data-third", phase)

    async def dials(self, number: str = TYPED) -> IncomingCall:
        """The dispatcher types the number; the call as it comes to the provider."""
        await self.desk.dials(number, "call")
        return await self.provider.next_call()

    async def in_talk(self) -> IncomingCall:
        """Somebody who was called and answered, past the notice."""
        called = await self.dials()
        await called.answer(tone(CITIZEN))
        await called.press("1")
        await called.heard_tone(FIRST)
        await self.desk.hears(CITIZEN)
        return called

    async def ended(self) -> CallRecord:
        call = await self.hotline.ended_call()
        assert call.direction is Direction.OUTGOING
        return call


@pytest.fixture
async def city(hotlines: Hotlines) -> AsyncIterator[City]:
    async with (
        hotlines.calling_outside(**SETTINGS) as outside,
        web_desk(outside.hotline, "201", FIRST) as desk,
    ):
        yield City(**vars(outside), desk=desk)


async def test_a_dispatcher_calls_a_citizen_and_both_hear_each_other(city: City) -> None:
    called = await city.dials()
    assert user_of(called.invite.uri) == DIALLED
    assert called.caller == city.hotline.settings.number
    await city.desk.call_is("talking")
    await called.ring()
    await city.desk.hears(425)
    await called.answer(tone(CITIZEN))
    await called.heard_voice()
    await called.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)

    await called.hang_up()

    await city.desk.call_is("none")
    call = await city.ended()
    assert (call.number, call.outcome) == (DIALLED, Outcome.TALKED)
    steps = await city.hotline.steps(call.id)
    assert steps[:3] == [Step.CALLED_OUT, Step.RANG, Step.ANSWERED]
    (kept,) = await city.hotline.storage.calls.recordings(call.id)
    assert (loudest(Path(kept.caller_file)), loudest(Path(kept.dispatcher_file))) == (CITIZEN, FIRST)
    await compare(city.hotline)


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (486, Outcome.BUSY),
        *(
            pytest.param(code, outcome, marks=pytest.mark.nightly)  # what each is: `test_survey_call.py`
            for code, outcome in (
                (603, Outcome.REFUSED),
                (480, Outcome.NO_ANSWER),
                (404, Outcome.NOT_IN_USE),
                (503, Outcome.FAILED),
            )
        ),
    ],
)
async def test_it_is_told_why_nobody_answers(city: City, code: int, outcome: Outcome) -> None:
    called = await city.dials()
    await called.ring()

    await called.reject(code)

    await city.outcome_is(outcome.value)
    await city.desk.call_is("none")
    assert (await city.ended()).outcome is outcome
    assert (await city.hotline.dispatcher("201")).presence is Presence.READY
    await compare(city.hotline)


async def test_the_dispatcher_gives_up_while_it_rings(city: City) -> None:
    called = await city.dials()
    await called.ring()
    await city.desk.call_is("talking")

    await city.desk.press("F4")

    assert (await called.ended()).code == 487
    assert (await city.ended()).outcome is Outcome.GIVEN_UP


async def test_whoever_refuses_by_a_star_is_not_recorded_now_nor_told_again(city: City) -> None:
    called = await city.dials()
    await called.answer(tone(CITIZEN))
    await called.heard_voice()
    await called.press("*")
    await called.heard_tone(FIRST)
    await called.hang_up()
    call = await city.ended()
    assert call.recording_refused
    assert await city.hotline.storage.calls.recordings(call.id) == []

    await city.desk.call_is("none")
    again = await city.dials()
    await again.answer(tone(CITIZEN))
    await again.heard_tone(FIRST)
    _, second = await city.hotline.calls()
    told = [prompts.WE_CALL.name in await city.hotline.phrases(one.id) for one in (call, second)]
    assert told == [True, False]

    async def both_refused() -> bool:
        return all(one.recording_refused for one in await city.hotline.calls())

    await city.hotline.until(both_refused)  # the journal is written a moment later


async def test_whoever_calls_out_is_offered_nobody_meanwhile(city: City) -> None:
    await city.in_talk()
    citizen = await asks_for_a_dispatcher(city.hotline)
    await city.hotline.reached(Step.JOINED_LINE)
    await citizen.heard_voice()
    assert (await city.hotline.dispatcher("201")).presence is Presence.TALKING
    await city.desk.press("F4")

    await city.desk.picks_up()
    await citizen.heard_tone(FIRST)


async def test_a_number_that_is_not_called_is_told_and_what_was_typed_stays(city: City) -> None:
    await city.desk.dials("+48 22 123 45 67", "call")

    await expect(city.desk.page.get_by_role("alert")).to_contain_text("Україн")
    await expect(city.desk.page.locator("[data-part=number]")).to_have_value("+48 22 123 45 67")
    assert await violations(city.desk.page) == []


@pytest.mark.nightly  # by day in a talk: `test_services_in_talk.py`
async def test_an_emergency_service_is_called_by_its_own_button(city: City) -> None:
    await city.desk.page.click("[data-emergency='101']")

    called = await city.provider.next_call()
    assert user_of(called.invite.uri) == "101"
    await city.desk.call_is("talking")
    assert await violations(city.desk.page) == []


async def test_a_missed_call_that_is_called_back_leaves_the_list_when_they_are_reached(city: City) -> None:
    missed = await a_missed_call(city)
    page = city.desk.page
    await page.goto(f"{city.desk.address}/calls/missed")
    await city.desk.another_window()
    await page.click(f"a[data-call='{missed.number}']")
    await (await city.provider.next_call()).reject(486)

    await city.hotline.until(lambda: tries(city, 1))
    await page.click(f"a[data-call='{missed.number}']")
    called = await city.provider.next_call()
    await called.answer(tone(CITIZEN))
    await called.press("1")
    await called.heard_tone(FIRST)
    await called.hang_up()

    await city.hotline.until(lambda: nobody_owed(city))
    kept = await city.hotline.storage.callbacks.tries(missed.number or "", 10)
    assert [one.result for one in kept] == [CallbackResult.REACHED, CallbackResult.BUSY]
    assert all(one.call_id == missed.id and one.made_call_id for one in kept)


@pytest.mark.nightly  # by day a missed one, above, and one after another, below
async def test_an_arranged_call_is_made_by_one_click_and_due_again_until_they_are_reached(
    city: City,
) -> None:
    page, scheduled = city.desk.page, city.hotline.storage.scheduled_callbacks
    await page.goto(f"{city.desk.address}/calls/scheduled/new")
    await page.fill("#number", TYPED)
    await page.fill("#why", "Чи є вода")
    await page.click("input[value=tomorrow]")
    await page.click("main button.btn-primary")
    await page.wait_for_selector("#scheduled-1")
    await city.desk.another_window()
    await page.click(f"a[data-call='{DIALLED}']")
    await (await city.provider.next_call()).reject(486)

    async def tried() -> bool:
        return [one.tries for one in await scheduled.waiting(9)] == [1]

    await city.hotline.until(tried)
    (left,) = await scheduled.waiting(9)
    assert (left.last_result, left.claim) == (CallbackResult.BUSY, None)
    await page.reload()
    await page.click(f"a[data-call='{DIALLED}']")
    called = await city.provider.next_call()
    await called.answer(tone(CITIZEN))
    await called.press("1")
    await called.heard_tone(FIRST)
    assert [one.claim is not None for one in await scheduled.waiting(9)] == [True]
    await called.hang_up()

    async def nobody_waits() -> bool:
        return not await scheduled.waiting(9)

    await city.hotline.until(nobody_waits)


@pytest.mark.nightly  # by day without Asterisk: `test_desk_in_browser.py`
async def test_one_after_another_is_dialled_by_itself_while_no_citizen_calls(city: City) -> None:
    storage, now = city.hotline.storage, SystemClock().now()
    user = await storage.users.by_login("d201")
    assert user is not None
    for number in (DIALLED, BEHIND):
        wanted = NewScheduled(
            number=number, due_at=now, why="Чи є вода", arranged_by=user.id, arranged_at=now
        )
        await storage.scheduled_callbacks.arrange(wanted)
    city.desk.path = "/desk"
    await city.desk.open()
    await city.desk.page.click("text=Телефонувати по черзі")

    busy = await city.provider.next_call(20)
    assert user_of(busy.invite.uri) == DIALLED
    await busy.reject(486)
    await city.desk.page.wait_for_selector("#progressive-next[data-next=scheduled-2]")
    citizen = await asks_for_a_dispatcher(city.hotline)
    await city.desk.picks_up()
    await citizen.heard_tone(FIRST)  # who hangs up before is called back, too
    assert len(city.provider.calls) == 1
    assert [one.claim for one in await storage.scheduled_callbacks.waiting(9)] == [None, None]
    await citizen.hang_up()

    called = await city.provider.next_call(20)
    assert user_of(called.invite.uri) == BEHIND
    await called.answer(tone(CITIZEN))
    await called.press("1")
    await called.heard_tone(FIRST)
    await called.hang_up()

    async def reached() -> bool:
        left = await storage.scheduled_callbacks.waiting(9)
        return [(one.number, one.tries) for one in left] == [(DIALLED, 1)]

    await city.hotline.until(reached)
    await city.desk.page.wait_for_selector("text=зараз немає кому телефонувати")
    assert len(city.provider.calls) == 2
    await compare(city.hotline)


async def test_a_desk_phone_calls_out_too(city: City) -> None:
    phone = await city.hotline.desk("202")
    async with open_browser() as browser:
        page = await open_desk(city.hotline, browser, "202")
        await page.fill("[data-part=number]", TYPED)
        await page.click("[data-part=act-call]")
        own = await phone.next_call()
        assert own.caller == DIALLED
        await own.answer(tone(FIRST))
        called = await city.provider.next_call()
        await called.answer(tone(CITIZEN))
        await called.press("1")
        await called.heard_tone(FIRST)
        await own.heard_tone(CITIZEN)
        await expect(page.locator("[data-softphone]")).to_have_attribute("data-outside", "talking")


@pytest.mark.nightly  # by day in the talk, below, and `test_queue_callback.py`
async def test_killed_while_it_rings_nobody_is_rung_twice_and_the_call_is_ended(city: City) -> None:
    called = await city.dials()
    await called.ring()
    await city.hotline.reached(Step.RANG)

    await city.hotline.kill_service()
    await city.hotline.start_service()

    await called.ended()
    await city.desk.call_is("none")
    assert (await city.ended()).outcome is Outcome.GIVEN_UP
    assert len(city.provider.calls) == 1
    await city.hotline.until(lambda: is_ready(city.hotline, "201"))


@pytest.mark.nightly  # by day while it rings, above
async def test_killed_in_the_talk_it_goes_on_and_ends_once(city: City) -> None:
    called = await city.in_talk()

    await city.hotline.kill_service()
    await city.desk.hears(CITIZEN)
    await city.hotline.start_service()
    await city.hotline.reached(Step.SERVICE_RESUMED)
    await called.heard_tone(FIRST)
    await called.hang_up()

    assert (await city.ended()).outcome is Outcome.TALKED
    assert len(city.provider.calls) == 1
    await compare(city.hotline, reconciled=True)


@pytest.mark.nightly  # by day of who has called: `test_whole_desk.py`
async def test_a_page_loaded_anew_in_the_talk_brings_the_same_citizen_back(city: City) -> None:
    called = await city.in_talk()

    await city.desk.page.reload()

    await city.desk.picks_up()
    await called.heard_tone(FIRST)
    await city.desk.hears(CITIZEN)


async def test_nobody_outside_can_place_a_call(city: City) -> None:
    numbers = (DIALLED, TYPED.replace(" ", ""), "112", "outgoing", "0067123456789")
    desk = await city.hotline.desk("203")
    codes = {number: (await (await desk.call(number)).ended()).code for number in numbers}
    assert set(codes.values()) == {404}
    async with Phone(PROVIDER, user=DIALLED) as trunk:
        asked = {number: await (await trunk.call(number, to=sip(city))).ended() for number in numbers}
    assert {end.code for end in asked.values()} == {404}
    assert await city.desk.page.evaluate(_ASKS_BY_SIP, list(numbers[:2])) == ["Not Found", "Not Found"]
    assert not [row for row in city.hotline.node.cel_rows() if row["channame"].startswith("PJSIP/outgoing")]
    assert city.provider.calls == []


def sip(city: City) -> tuple[str, int]:
    return "127.0.0.1", city.hotline.settings.sip_port


_ASKS_BY_SIP = """async (numbers) => {
  const {agent} = document.querySelector("[data-softphone]").softphone;
  const causes = [];
  for (const number of numbers) {
    causes.push(await new Promise((resolve) => agent.call(`sip:${number}@hotline`, {
      mediaConstraints: {audio: true},
      eventHandlers: {failed: ({cause}) => resolve(cause), accepted: () => resolve("accepted")},
    })));
  }
  return causes;
}"""
"""What comes of numbers outside that the browser's phone asks Asterisk for by itself."""


async def a_missed_call(city: City) -> CallRecord:
    """Somebody who gave up waiting in the line."""
    citizen = await asks_for_a_dispatcher(city.hotline)
    await city.desk.call_is("ringing")
    await citizen.hang_up()
    return await city.hotline.ended_call()


async def tries(city: City, number: int) -> bool:
    (owed,) = await city.hotline.storage.callbacks.owed(10)
    return len(owed.past) == number


async def nobody_owed(city: City) -> bool:
    return not await city.hotline.storage.callbacks.owed(10)
