"""A form that was refused, by keys: the cursor goes on where something is wrong, and no key goes nowhere."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from hotline.access.permissions import Role
from hotline.appeals.appeal import AppealState, Sign
from tests.cti_server.conftest import PASSWORD
from tests.cti_server.desk.browser.conftest import HOME, MARIA, Shift
from tests.cti_server.desk.browser.test_registering_in_browser import (
    WORDS,
    begins,
    earlier,
    registered,
    talks,
)
from tests.system.browser import violations

pytestmark = pytest.mark.system

FIELDS = (
    *("#appeal-category", "#appeal-address", "[name=applicant] >> nth=0", "#appeal-name", "#appeal-kind"),
    *("#appeal-urgency", "[name=consent]", "#appeal-reply-by", "#appeal-reply-to"),
)


async def chooses(page: Page, category: str) -> None:
    await page.fill("#appeal-category", category)
    await page.wait_for_selector("#appeal-category[aria-activedescendant]")
    await page.keyboard.press("Tab")


async def test_all_faults_are_said_at_once_and_the_cursor_is_at_the_first_of_them(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type(WORDS)
    await page.keyboard.press("Control+Enter")
    await page.wait_for_selector("#appeal-category:focus")
    faults = page.locator("#appeal-faults [data-fault]")
    await expect(faults).to_have_text(
        [
            "Категорії не вибрано: напишіть слово чи два й виберіть її зі списку.",
            "Напишіть адресу: де це сталося або де живе заявник.",
            "Виберіть, від кого звернення.",
            "Запитайте згоду: без неї можливе лише анонімне повідомлення.",
        ]
    )
    await page.click("#appeal-faults [data-fault=consent]")
    await expect(page.locator("[name=consent]")).to_be_focused()
    await expect(page.locator("[name=consent]")).to_be_in_viewport()
    await page.keyboard.press("Space")
    await expect(faults).to_have_count(3)


@pytest.mark.nightly  # by day from some, in each test that registers
async def test_a_form_is_sent_by_its_key_from_every_field(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    for field in FIELDS:
        await page.focus(field)
        async with page.expect_response("**/desk/appeals") as answered:
            await page.keyboard.press("Control+Enter")
        assert (await answered.value).status == 422, field
        await page.wait_for_selector("#appeal-text:focus")
        assert await page.is_visible("#text-fault"), field


@pytest.mark.nightly
async def test_a_category_asks_without_moving_the_cursor_and_escape_throws_nothing_away_unasked(
    shift: Shift,
) -> None:
    page = await talks(shift, MARIA)
    await begins(page, "Пахне газом", "запах газ", HOME)
    told = page.locator("[name='details.gas-told']")
    await expect(told.first).to_be_visible()
    await expect(page.locator("#appeal-address")).to_be_focused()
    await expect(page.locator(".asked-grave")).to_be_in_viewport()
    await page.select_option("[name='details.gas-where']", "у підвалі")
    await chooses(page, "опален нема")
    await expect(page.locator("[name='details.radiators']")).to_be_visible()
    await chooses(page, "запах газ")
    await expect(page.locator("[name='details.gas-where']")).to_have_value("у підвалі")
    assert await violations(page) == []
    await page.focus("[name='details.gas-where']")
    await page.keyboard.press("Escape")
    await expect(page.locator("#sure button[value='']")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("[name='details.gas-where']")).to_be_focused()
    await page.keyboard.press("Control+Enter")
    await page.wait_for_selector("[data-fault='details.gas-told']")
    await page.click("[data-fault='details.gas-told']")
    await expect(told.first).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.locator("[data-fault='details.gas-told']")).to_have_count(0)
    await page.keyboard.press("Control+F3")
    await page.keyboard.press("Enter")
    assert "цілодобово повідомляйте за номером 104" in await page.input_value("#appeal-text")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("#appeal-form")).to_have_count(0)


@pytest.mark.nightly
async def test_escape_asks_before_an_address_is_thrown_away(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.fill("#appeal-address", "Київський квартал, 9, кв. 4")
    await page.focus("#appeal-kind")
    await page.keyboard.press("Escape")
    await expect(page.locator("#sure button[value='']")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#appeal-address")).to_have_value("Київський квартал, 9, кв. 4")


@pytest.mark.nightly
async def test_the_question_about_the_same_before_is_answered_and_sent_by_keys(shift: Shift) -> None:
    await earlier(shift, HOME, AppealState.IN_WORK, MARIA)
    page = await talks(shift, MARIA)
    await begins(page, WORDS, "нема гар вод", HOME)
    await page.check("[name=applicant] >> nth=0")
    await page.check("[name=consent]")
    await page.focus("#appeal-text")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_selector("[name=earlier]:focus")
    async with page.expect_response("**/desk/appeals/similar?*"):
        await page.keyboard.press("Space")
    await expect(page.locator("[name=earlier][value='2600055']")).to_be_focused()
    await page.keyboard.press("Enter")
    appeal = await registered(shift)
    assert (appeal.sign, appeal.earlier) == (Sign.DUPLICATE, "2600055")


async def test_nothing_of_a_caller_stays_on_a_desk_when_the_right_to_it_has_ended(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await expect(page.locator("#cards")).to_contain_text("Демченко")
    user = await shift.storage.users.get(shift.user_id)
    await shift.storage.users.update(replace(user, role=Role.OBSERVER))
    await expect(page.locator("main")).not_to_contain_text("Демченко")
    await expect(page.get_by_text("Це не для вашої ролі")).to_be_visible()
    shift.complaints.clear()  # the page is refused, as it should be


async def test_a_session_that_ends_in_the_middle_of_a_form_costs_no_word_of_it(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await begins(page, WORDS, "нема гар вод", HOME)
    await expect(page.locator("[name='details.extent']")).to_be_visible()
    # What the page asks by itself would lead it to sign in before the field is filled.
    await page.context.set_offline(True)
    await page.context.clear_cookies()
    await page.fill("[name='details.flats']", "12")
    await page.context.set_offline(False)
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/sign-in?next=/desk")
    offline = ("ERR_INTERNET_DISCONNECTED", "Failed to fetch")
    shift.complaints[:] = [one for one in shift.complaints if not any(what in one for what in offline)]
    await page.fill("#login", "user201")
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await page.wait_for_url("**/desk")
    await expect(page.locator("[name='details.flats']")).to_have_value("12")
    assert await page.input_value("#appeal-text") == WORDS
