"""What is registered while a citizen talks, by keys, in a real Chromium, and by a hand that does not wait."""

import pytest
from playwright.async_api import Page, Route, expect

from cti_server.frame.numbers import grouped
from hotline.appeals.appeal import Appeal, AppealKind, AppealState, Sign
from hotline.city.classifier import Urgency
from hotline.line.line import Priority
from tests.cti_server.desk.browser.conftest import HANNA, HOME, MARIA, Shift
from tests.system.browser import violations

pytestmark = pytest.mark.system

WORDS = "Знову немає гарячої води"


async def talks(shift: Shift, number: str) -> Page:
    await shift.waits("c1", number, "0", Priority.ORDINARY)
    await shift.rings("c1", number)
    await shift.answers("c1")
    return shift.page


async def begins(page: Page, text: str, category: str, address: str) -> None:
    """Fill in what an appeal is about; the category is the only one that these words find."""
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type(text)
    await page.keyboard.press("Tab")
    await page.keyboard.type(category)
    await page.wait_for_selector("#appeal-category[aria-activedescendant]")
    await page.keyboard.press("Tab")
    assert await page.input_value("[name=category]")
    await page.fill("#appeal-address", address)


async def registered(shift: Shift) -> Appeal:
    """The appeal whose number is on the page, where the focus is so that it is read aloud."""
    await shift.page.wait_for_selector("#appeal [role=status] #appeal-title:focus")
    number = (await shift.page.inner_text(".appeal-number")).replace(" ", "")
    appeal = await shift.storage.appeals.find(number)
    assert appeal is not None
    return appeal


async def earlier(shift: Shift, address: str, state: AppealState, number: str) -> None:
    now = shift.now()
    await shift.storage.appeals.register(
        Appeal(
            number="2600055",
            applicant_number=number,
            text="Немає гарячої води",
            category="hot-water-none",
            address=address,
            state=state,
            registered_at=now,
            due_on=now.date(),
        )
    )


async def test_an_emergency_takes_two_keys_of_a_hand_that_waits_for_nothing_and_its_number_is_announced(
    shift: Shift,
) -> None:
    """In digits, with the term."""
    page = await talks(shift, MARIA)
    await page.keyboard.press("F7")
    await page.keyboard.type("Іскрить щит")
    await page.keyboard.press("Shift+F6")
    await page.keyboard.press("Enter")
    appeal = await registered(shift)
    assert (appeal.urgency, appeal.kind, appeal.text) == (
        Urgency.EMERGENCY,
        AppealKind.REPORT,
        "Іскрить щит",
    )
    assert appeal.call_id == "c1"
    assert await page.inner_text("#appeal-title:focus") == "Звернення зареєстровано. Прочитайте вголос:"
    said = await page.inner_text("#appeal [role=status]")
    assert "два шість" in said
    assert "Термін виконання — до" in said
    assert await violations(page) == []


@pytest.mark.nightly  # by day without a form, above, and `test_whose_in_browser.py`
async def test_an_emergency_takes_two_keys_while_another_form_is_being_filled_in(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type("Почали про інше")
    await page.keyboard.press("Shift+F6")
    await page.keyboard.press("Enter")
    assert (await registered(shift)).urgency is Urgency.EMERGENCY
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    assert await page.input_value("#appeal-text") == "Почали про інше"


async def test_a_correction_is_left_by_escape_and_waits_while_an_emergency_is_registered(
    shift: Shift,
) -> None:
    page = await talks(shift, HANNA)
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url))

    async def told_meanwhile(route: Route) -> None:
        await page.evaluate("document.dispatchEvent(new Event('desk:shown'))")
        await route.continue_()

    await page.keyboard.press("Shift+F6")
    await page.keyboard.press("Enter")
    first = await registered(shift)
    await page.hover("[data-correct]")
    await page.mouse.down(click_count=2)  # the second of a double click on what stood here before
    await page.mouse.up(click_count=2)
    await page.click("[data-correct]")
    await page.wait_for_selector("#appeal-text:focus")
    assert sum(one.endswith("/amend") for one in asked) == 1
    await page.keyboard.press("Escape")
    assert (await registered(shift)).number == first.number
    await page.click("[data-correct]")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Провалля на дорозі")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#sure[open]")
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#sure", state="hidden")
    await page.route("**/desk/appeals/emergency?*", told_meanwhile)
    await page.keyboard.press("Shift+F6")
    await page.keyboard.press("Enter")
    await page.wait_for_selector(f"#appeal [role=status]:not(:has-text('{grouped(first.number)}'))")
    second = await registered(shift)
    assert second.number != first.number
    await page.click("[data-correct]")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Обірвані дроти")
    await page.keyboard.press("Shift+F6")
    await page.keyboard.press("Enter")
    assert (await registered(shift)).number not in {first.number, second.number}
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#appeal-text:focus")
    assert await page.input_value("#appeal-text") == "Обірвані дроти"
    await page.keyboard.press("Control+Enter")
    assert (await registered(shift)).number == second.number
    await page.keyboard.press("Escape")
    await page.wait_for_selector("#appeal-text:focus")
    assert await page.input_value("#appeal-text") == "Провалля на дорозі"
    await page.keyboard.press("Control+Enter")
    mended = await registered(shift)
    assert (mended.number, mended.text) == (first.number, "Провалля на дорозі")
    assert await violations(page) == []


async def test_a_consultation_is_written_down_by_keys_and_leaves_no_appeal(shift: Shift) -> None:
    page = await talks(shift, HANNA)
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type("Питала, коли приймає голова")
    await page.focus("#appeal-register")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("#appeal [role=status] #appeal-title:focus")
    assert "звернення не створено" in await page.inner_text("#appeal")
    assert await shift.storage.appeals.open_of(HANNA) == []
    assert await shift.storage.drafts.text(shift.user_id, "c1") is not None


@pytest.mark.nightly
async def test_an_old_name_of_a_street_finds_the_new_one_which_is_registered(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await begins(page, WORDS, "нема гар вод", "моск")
    await page.get_by_role("option", name="Поліський квартал колишня назва: Московський квартал").click()
    assert await page.input_value("#appeal-address:focus") == "Поліський квартал, "
    await page.fill("#appeal-address", "Московський квартал, 5")
    await page.check("[name=applicant] >> nth=0")
    await page.select_option("#appeal-kind", "proposal")
    await page.select_option("#appeal-urgency", "urgent")
    await page.check("[name=consent]")
    await page.focus("#appeal-text")
    await page.keyboard.press("Control+Enter")
    appeal = await registered(shift)
    assert (appeal.address, appeal.kind, appeal.urgency) == (
        "Поліський квартал, 5",
        AppealKind.PROPOSAL,
        Urgency.URGENT,
    )


@pytest.mark.nightly
@pytest.mark.parametrize(
    ("state", "number", "sign"),
    [
        (AppealState.IN_WORK, MARIA, Sign.DUPLICATE),
        (AppealState.CLOSED, MARIA, Sign.REPEATED),
        (AppealState.IN_WORK, HANNA, Sign.FIRST),
    ],
    ids=["the same person, open", "the same person, done", "a neighbour"],
)
async def test_the_same_again_is_suggested_and_linked_with_its_sign(
    shift: Shift, state: AppealState, number: str, sign: Sign
) -> None:
    await earlier(shift, HOME, state, number)
    page = await talks(shift, MARIA)
    await begins(page, WORDS, "нема гар вод", HOME)
    await page.check("[name=applicant] >> nth=0")
    await page.wait_for_selector("#appeal-similar[aria-live=polite] [name=earlier][value='2600055']")
    await page.check("[name=earlier][value='2600055']")
    await page.check("[name=consent]")
    await page.focus("#appeal-text")
    await page.keyboard.press("Control+Enter")
    appeal = await registered(shift)
    assert (appeal.sign, appeal.earlier) == (sign, "2600055")
    await page.wait_for_selector(f"#who [data-open='/desk/appeals/{appeal.number}']")


@pytest.mark.nightly  # by day after a reload: `test_whose_in_browser.py`; killed: `system/test_softphone.py`
async def test_all_that_was_chosen_and_typed_is_there_after_the_browser_is_killed(shift: Shift) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F7")
    await page.keyboard.type("Просила передзвонити сину")
    await page.wait_for_selector("[id^=saved-]:not(:empty)")
    await begins(page, WORDS, "нема гар вод", "Московський квартал, 5")
    await page.check("[name=applicant] >> nth=1")
    await page.select_option("#appeal-kind", "complaint")
    await page.select_option("#appeal-urgency", "urgent")
    await page.check("[name=consent]")
    await page.fill("#appeal-reply-to", "maria@example.org")
    before = await all_of(page)
    await shift.kept("c1", "reply_to", "maria@example.org")

    again = await shift.crash()

    await again.wait_for_selector("#appeal-form[data-call=c1]")
    assert await all_of(again) == before
    assert await again.input_value("#card-c1 textarea") == "Просила передзвонити сину"


async def all_of(page: Page) -> list[list[str]]:
    """What a form would send, but for what belongs to the session."""
    sent: list[list[str]] = await page.evaluate(
        "[...new FormData(document.getElementById('appeal-form'))].filter(([name]) => name !== 'csrf')"
    )
    return sent


async def test_a_form_goes_on_behind_its_notes_and_who_rings_and_goes_takes_no_key_from_it(
    shift: Shift,
) -> None:
    page = await talks(shift, MARIA)
    await page.keyboard.press("F7")
    await page.keyboard.type("Вода")
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")
    await page.keyboard.type(" стоїть ")
    await expect(page.locator("#appeal-text")).to_have_value("Вода стоїть ")
    await shift.ends("c1", 0)
    await shift.waits("c2", HANNA, "0", Priority.ORDINARY)
    await shift.rings("c2", HANNA)
    await page.keyboard.type("в підвалі")
    await shift.gives_up("c2")
    await page.keyboard.type(" з ночі")
    assert await page.input_value("#appeal-text:focus") == "Вода стоїть в підвалі з ночі"
    assert await page.locator("#card-c2").count() == 0
