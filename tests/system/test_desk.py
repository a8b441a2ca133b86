"""The dispatcher's desk in a real browser, with a real Asterisk, a citizen's phone and a desk phone."""

import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from playwright.async_api import expect

from hotline.appeals.appeal import Appeal, AppealState
from hotline.calls.call import Step
from hotline.clock import SystemClock
from hotline.line.presence_states import Presence
from telephony.phone.sound import tone
from tests.system.browser import open_browser, violations
from tests.system.desk_browser import PATIENT, open_desk, pops
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.people import FIRST, SECOND, asks_for_a_dispatcher, in_talk, picks_up

pytestmark = pytest.mark.system

CITIZEN = "+380457900001"


@pytest.fixture
async def hotline(hotlines: Hotlines) -> AsyncIterator[Hotline]:
    async with hotlines.lent(**PATIENT) as one:
        yield one


async def known_citizen(hotline: Hotline) -> None:
    await hotline.storage.citizens.add("Марія Демченко", "Київський квартал, 7", [CITIZEN])
    await hotline.storage.citizens.add("Іван Демченко", "Київський квартал, 7", [CITIZEN])
    now = SystemClock().now()
    await hotline.storage.appeals.register(
        Appeal(
            number="1001",
            applicant_number=CITIZEN,
            text="Не світить ліхтар біля під'їзду",
            state=AppealState.IN_WORK,
            registered_at=now,
            due_on=(now + timedelta(days=15)).date(),
        )
    )


async def test_who_calls_is_on_the_screen_before_the_phone_rings_and_becomes_the_working_card(
    hotline: Hotline,
) -> None:
    await known_citizen(hotline)
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        call = await hotline.citizen(CITIZEN)
        await call.answered()
        await call.press("0")
        ringing = await phone.next_call()
        rang_at = time.time()
        pop = (await pops(page))[0]
        assert pop["call"] == (await hotline.only_call()).id
        assert float(str(pop["at"])) < rang_at
        text = await page.inner_text(".desk")
        for shown in ("+380 4579 00001", "Марія Демченко", "Іван Демченко", "№ 1001", "диспетчер"):
            assert shown in text
        assert await violations(page) == []
        await ringing.answer()
        await page.wait_for_selector("article.desk-card")
        assert await page.locator("#pop").is_hidden()
        assert await violations(page) == []
        await page.keyboard.press("F7")
        await page.keyboard.type("Немає води з ранку")
        await page.wait_for_selector("[id^=saved-]:not(:empty)")
        await page.reload()
        await page.wait_for_selector("article.desk-card")
        assert await page.input_value("article textarea") == "Немає води з ранку"
        await ringing.hang_up()
        await hotline.ended_call()
        await page.wait_for_selector("text=Розмову завершено")
        await page.keyboard.press("F7")
        await page.keyboard.press("Control+Enter")
        await page.wait_for_selector("article.desk-card", state="detached")


async def test_a_missed_call_goes_from_the_screen_and_appears_on_the_colleagues_alone(
    hotline: Hotline,
) -> None:
    first, second = await hotline.desk("201"), await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "meal")
    async with open_browser() as browser:
        mine, theirs = await open_desk(hotline, browser, "201"), await open_desk(hotline, browser, "202")
        call = await hotline.citizen(CITIZEN)
        await call.answered()
        await call.press("0")
        await first.next_call()
        assert [pop["call"] for pop in await pops(theirs)] == []
        await hotline.presence("201", Presence.PAUSED, "meal")
        await hotline.presence("202", Presence.READY)
        await hotline.reached(Step.OFFER_MISSED)
        await mine.wait_for_selector("#pop", state="hidden")
        await second.next_call()
        await theirs.wait_for_selector("#pop[data-call]")
        assert len(await pops(mine)) == 2
        await call.hang_up()
        await theirs.wait_for_selector("#pop", state="hidden")


async def test_presence_and_a_waiting_caller_are_managed_by_keys_alone(hotline: Hotline) -> None:
    phone, _ = await hotline.desk("201"), await hotline.desk("202")
    await has_just_talked(hotline, "202")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        await page.keyboard.press("Shift+F4")
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-presence=paused]")
        assert (await hotline.dispatcher("201")).reason == "meal"
        call = await hotline.citizen(CITIZEN)
        await call.answered()
        await call.press("0")
        await page.wait_for_selector(".desk-place[data-state=waiting] >> text=+380 4579 00001")
        await page.keyboard.press("Shift+F7")
        ringing = await phone.next_call()
        await ringing.answer()
        await page.wait_for_selector("article.desk-card")
        await ringing.hang_up()
        await hotline.ended_call()
        await page.keyboard.press("Shift+F4")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("[data-presence=paused]")
        await page.keyboard.press("Shift+F9")
        await page.wait_for_selector("[data-presence=ready]")
        assert (await hotline.dispatcher("201")).presence is Presence.READY


@pytest.mark.nightly  # by day without Asterisk: `desk/browser/test_desk_in_browser.py`
async def test_a_second_call_moves_nothing_while_it_rings_and_has_notes_of_its_own_when_answered(
    hotline: Hotline,
) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        first = await asks_for_a_dispatcher(hotline, CITIZEN)
        talk = await phone.next_call()
        await talk.answer()
        await page.wait_for_selector("article.desk-card")
        await page.keyboard.press("F7")
        await page.keyboard.type("Перший ")
        await talk.hang_up()
        await first.ended()
        await asks_for_a_dispatcher(hotline, "+380457900003")
        ringing = await phone.next_call()
        await page.wait_for_selector("#pop[data-call]")
        await page.keyboard.type("виклик ")
        await ringing.answer()
        await page.wait_for_selector("article.desk-card >> nth=1", state="attached")
        await page.keyboard.type("Другий")
        notes = page.locator("article textarea")
        assert await notes.nth(1).input_value() == "Перший виклик "
        assert await notes.nth(0).input_value() == "Другий"
        await expect(notes.nth(1)).to_be_hidden()


async def test_a_desk_outlives_the_service_and_saves_what_was_typed_meanwhile(hotline: Hotline) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        await asks_for_a_dispatcher(hotline, CITIZEN)
        talk = await phone.next_call()
        await talk.answer()
        await page.wait_for_selector("article.desk-card")
        await hotline.kill_service()
        await page.keyboard.press("F7")
        await page.keyboard.type("Поки служби не було")
        await page.wait_for_selector("#desk-offline:visible")
        await hotline.start_service()
        await page.wait_for_selector("#desk-offline", state="hidden")
        await page.wait_for_selector('[id^=saved-] >> text="Збережено"')
        call = await hotline.only_call()
        user = await hotline.storage.users.by_login("user201")
        assert user is not None
        assert await hotline.storage.drafts.text(user.id, call.id) == "Поки служби не було"


async def has_just_talked(hotline: Hotline, extension: str) -> None:
    """Somebody is on duty, and has minutes of their own before they are free."""
    one, now = await hotline.dispatcher(extension), SystemClock().now()
    line = hotline.storage.line
    assert await line.calls_out("out-before", one.id, now)
    await line.talk_ended("out-before", one.id, now, wrap_up=timedelta(minutes=10))
    await line.leave("out-before", now)


@pytest.mark.nightly  # by day without Asterisk: `desk/browser/test_heard_in_browser.py`
async def test_a_colleague_who_is_asked_sees_of_whom_and_no_longer_than_they_are_asked(
    hotline: Hotline,
) -> None:
    await known_citizen(hotline)
    first, second = await hotline.desk("201"), await hotline.desk("202")
    await hotline.presence("202", Presence.PAUSED, "tea")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "202")
        await in_talk(hotline, first)

        consult = await first.call("202", sound=tone(FIRST))
        asked = await picks_up(second, SECOND)
        await consult.heard_tone(SECOND)
        pop = page.locator("#pop[data-call]")
        await expect(pop).to_contain_text("Колега радиться щодо цього заявника")
        await expect(pop).to_contain_text("Марія Демченко")
        assert await violations(page) == []
        await asked.hang_up()
        await expect(page.locator("#pop[hidden]")).to_be_attached()
