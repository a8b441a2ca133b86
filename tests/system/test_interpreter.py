"""An interpreter of sign language calls for somebody else, and is brought into a talk by one press."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from hotline.calls.call import Outcome, Step
from hotline.calls.interpreters import FROM_INTERPRETER
from hotline.line.presence_states import Presence
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.system.browser import picture, violations
from tests.system.lending import Hotlines
from tests.system.people import CITIZEN, FIRST, SECOND, asks_for_a_dispatcher
from tests.system.test_calling_out import INTERPRETER, SETTINGS, City
from tests.system.test_conference import hears_both
from tests.system.web_desk import add_dispatcher, web_browser

pytestmark = pytest.mark.system


@pytest.fixture
async def city(hotlines: Hotlines) -> AsyncIterator[City]:
    async with hotlines.calling_outside(**SETTINGS) as outside:
        await add_dispatcher(outside.hotline, "201")
        async with web_browser(outside.hotline, "201", FIRST, path="/desk") as desk:
            await outside.hotline.presence("201", Presence.READY)
            yield City(**vars(outside), desk=desk)


async def test_the_desk_knows_that_an_interpreter_speaks_for_another_person(city: City) -> None:
    page = city.desk.page
    await city.hotline.storage.citizens.add("Марія Демченко", "Київський квартал, 7", [INTERPRETER])
    interpreter = await asks_for_a_dispatcher(city.hotline, INTERPRETER)
    await city.desk.call_is("ringing")
    await expect(page.locator("#pop")).to_contain_text("Перекладач жестової мови")
    await expect(page.locator("#pop")).to_contain_text("Заявник — інша особа")
    assert await violations(page) == []
    await picture(page, "interpreter-pop")
    await city.desk.picks_up()
    await page.wait_for_selector("article.desk-card")
    await city.desk.press("F6")
    await page.wait_for_selector("#appeal-form")
    assert "Марія Демченко" not in await page.inner_text("body")
    await page.fill("#appeal-reply-to", "044 111 22 33")
    await city.desk.press("Control+Enter")
    await expect(page.locator("#appeal")).to_contain_text("Це номер перекладача")
    await picture(page, "interpreter-form")
    await interpreter.hang_up()
    await city.desk.call_is("none")
    call = await city.hotline.ended_call()
    assert (call.number, call.shown, call.outcome) == (None, FROM_INTERPRETER, Outcome.TALKED)
    (step,) = [one for one in await city.hotline.journey(call.id) if one.step is Step.INTERPRETED]
    assert step.detail == {"number": INTERPRETER}


@pytest.mark.nightly  # by day with a service: `test_services_in_talk.py`
async def test_one_press_in_a_talk_brings_the_interpreter_in(city: City) -> None:
    page = city.desk.page
    citizen = await asks_for_a_dispatcher(city.hotline, sound=tone(CITIZEN))
    await city.desk.picks_up()
    await citizen.heard_tone(FIRST)
    await page.click(f"[data-emergency='{INTERPRETER}']")
    third = await city.provider.next_call()
    assert user_of(third.invite.uri) == INTERPRETER
    await third.answer(tone(SECOND))
    await third.heard_tone(FIRST)
    await city.third_is("alone")
    await expect(page.locator("[data-part=outside]")).to_contain_text("Перекладач жестової мови")
    await city.desk.press("Shift+F8")
    await city.hotline.until(lambda: hears_both(citizen, FIRST, SECOND))
    await city.hotline.until(lambda: hears_both(third, FIRST, CITIZEN))
    await picture(page, "interpreter-third")
    await city.desk.press("F4")
    await citizen.ended()
