"""A shift at the desk in real browsers: who is shown to whom and when; what was typed is never lost."""

import pytest
from playwright.async_api import Page

from hotline.city.addresses import demo_streets
from hotline.line.presence_states import Presence
from tests.system.browser import open_browser
from tests.system.desk_browser import open_desk, pops
from tests.system.hotline import Hotline
from tests.system.people import asks_for_a_dispatcher

pytestmark = pytest.mark.system

FIRST, SECOND, THIRD = "+380457900001", "+380457900002", "+380457900003"


async def shown(page: Page) -> list[object]:
    """The calls that have popped up on this desk so far."""
    return [pop["call"] for pop in await pops(page) if pop["call"]]


async def call_of(hotline: Hotline, number: str) -> str:
    """The id of the latest call from this number, once it is on record."""

    async def there() -> bool:
        return any(call.number == number for call in await hotline.calls())

    await hotline.until(there)
    return [call.id for call in await hotline.calls() if call.number == number][-1]


async def test_three_callers_come_to_two_dispatchers_in_order_and_each_is_shown_to_one_alone(
    hotline: Hotline,
) -> None:
    one, two = await hotline.desk("201"), await hotline.desk("202")
    async with open_browser() as browser:
        left, right = await open_desk(hotline, browser, "201"), await open_desk(hotline, browser, "202")
        await asks_for_a_dispatcher(hotline, FIRST)
        first_talk = await one.next_call()
        await first_talk.answer()
        await left.wait_for_selector("article.desk-card")
        await asks_for_a_dispatcher(hotline, SECOND)
        second_talk = await two.next_call()
        await second_talk.answer()
        await right.wait_for_selector("article.desk-card")
        await asks_for_a_dispatcher(hotline, THIRD)
        third = await call_of(hotline, THIRD)
        for page in (left, right):
            await page.wait_for_selector(f"[id='place-{third}'][data-state=waiting] >> text=Вибір: диспетчер")
        await second_talk.hang_up()
        third_talk = await two.next_call()
        await third_talk.answer()
        await right.wait_for_selector(f"[id='card-{third}']")
        assert await shown(left) == [await call_of(hotline, FIRST)]
        assert await shown(right) == [await call_of(hotline, SECOND), third]


@pytest.mark.nightly  # by day without a browser: `test_line.py`
async def test_an_emergency_goes_before_who_waited_longer_in_the_line_and_on_the_desk(
    hotline: Hotline,
) -> None:
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        await asks_for_a_dispatcher(hotline, FIRST)
        talk = await phone.next_call()
        await talk.answer()
        await page.wait_for_selector("article.desk-card")
        await asks_for_a_dispatcher(hotline, SECOND)
        await page.wait_for_selector(".desk-place[data-state=waiting] >> text=+380 4579 00002")
        urgent = await hotline.citizen(THIRD)
        await urgent.answered()
        await urgent.press("4")
        await page.wait_for_selector(".desk-place[data-priority=emergency] >> text=Аварія")
        waiting = await page.locator(".desk-place[data-state=waiting]").all_inner_texts()
        assert ["+380 4579 00003" in waiting[0], "+380 4579 00002" in waiting[1]] == [True, True]
        await talk.hang_up()
        await phone.next_call()
        await page.wait_for_selector("#pop[data-call] >> text=Аварія")
        assert (await shown(page))[-1] == await call_of(hotline, THIRD)


@pytest.mark.nightly  # by day without Asterisk: `desk/browser/test_whose_in_browser.py`
async def test_a_half_filled_form_outlives_a_reload_and_a_second_call(hotline: Hotline) -> None:
    await hotline.storage.streets.add(demo_streets())
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        page = await open_desk(hotline, browser, "201")
        await asks_for_a_dispatcher(hotline, FIRST)
        talk = await phone.next_call()
        await talk.answer()
        await page.wait_for_selector("article.desk-card")
        await page.keyboard.press("F6")
        await page.wait_for_selector("#appeal-text:focus")
        await page.keyboard.type("Прорвало трубу ")
        user = await hotline.storage.users.by_login("user201")
        assert user is not None
        first = await call_of(hotline, FIRST)

        async def kept() -> bool:
            assert user is not None
            return "text" in await hotline.storage.forms.find(user.id, first)

        await hotline.until(kept)
        await page.reload()
        await page.wait_for_selector("#appeal-text:focus")
        assert await page.input_value("#appeal-text") == "Прорвало трубу "
        assert (await hotline.dispatcher("201")).presence is Presence.TALKING
        await page.keyboard.press("End")
        await page.keyboard.type("в підвалі, ")
        await talk.hang_up()
        await asks_for_a_dispatcher(hotline, SECOND)
        second = await phone.next_call()
        await page.wait_for_selector("#pop[data-call]")
        await page.keyboard.type("вода до колін")
        await second.answer()
        # In the talk with the next caller it is folded to one line; a click on it goes on where they were.
        await page.click("#appeal-left .appeal-draft")
        await page.wait_for_selector(f"#appeal-form[data-call='{first}']")
        assert await page.input_value("#appeal-text") == "Прорвало трубу в підвалі, вода до колін"
