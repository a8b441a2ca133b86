"""What is said in a talk, beside the dispatcher: its words, slots by a key each, a category proposed."""

from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from cti_server.desk.sources import Sources
from hotline.appeals.appeal import Appeal, AppealState
from hotline.events import ConsultBegan, ConsultEnded
from hotline.line.line import Priority
from hotline.line.presence_states import CONSULT
from hotline.speech.live import Hearing
from tests.cti_server.desk.browser.conftest import HANNA, HOME, Shift
from tests.fakes.ear_beside import EarBeside
from tests.fakes.said import UNSURE

pytestmark = pytest.mark.system

TALK = (
    "> гаряча лінія слухаю вас",
    "добрий день мене звати Ганна Зразкова",
    "у нас з учора немає гарячої води",
    "> яка у вас адреса",
    "Київський квартал будинок сім квартира дванадцять",
    "> я передам майстрам вам передзвонять до вечора",
)
KYIV = ZoneInfo("Europe/Kyiv")


@pytest.fixture
def ear(shift: Shift, sources: Sources) -> EarBeside:
    return EarBeside(sources.live, shift.storage, shift.told, shift.now().astimezone(KYIV))


async def talks(shift: Shift, ear: EarBeside, said: Sequence[str] = TALK) -> Page:
    await shift.waits("c1", HANNA, "0", Priority.ORDINARY)
    await shift.rings("c1", HANNA)
    await shift.answers("c1")
    ear.begins("c1", shift.dispatcher_id)
    for one in said:
        await ear.hears("c1", one)
    if said:
        await expect(shift.page.locator("#heard-list-c1 li")).to_have_count(len(said))
    return shift.page


async def opens_form(page: Page) -> None:
    await page.keyboard.press("F6")
    await page.wait_for_selector("#appeal-text:focus")


async def offers(page: Page, kind: str, state: str) -> None:
    await expect(page.locator(f".heard-offer[data-offer={kind}]")).to_have_attribute("data-state", state)


async def test_the_words_of_a_talk_are_one_line_until_they_are_wanted(shift: Shift, ear: EarBeside) -> None:
    page = await talks(shift, ear, ())
    await expect(page.locator("#heard-c1")).to_be_hidden()  # nothing was heard yet
    for one in TALK:
        await ear.hears("c1", one)
    await expect(page.locator("#heard-last-c1")).to_have_text(TALK[-1].removeprefix("> "))
    await expect(page.locator("#heard-list-c1")).to_be_hidden()
    await shift.look("heard folded")
    await page.keyboard.press("Alt+0")
    lines = page.locator("#heard-list-c1 li")
    await expect(lines.nth(0)).to_have_text("Диспетчер гаряча лінія слухаю вас")
    await expect(lines.nth(1)).to_have_text("Заявник добрий день мене звати Ганна Зразкова")
    assert await page.get_attribute("#heard-list-c1", "aria-live") == "off"
    ear.leaves_out("c1", 33.0)
    ear.leaves_out("c1", 34.0)  # the other side, in the same seconds
    await ear.hears("c1", "алло", confidence=UNSURE)
    await expect(page.locator("#heard-list-c1 mark")).to_have_text("алло")
    await expect(page.locator(".desk-heard-gap")).to_have_text("34 с не розпізнано")
    await shift.look("heard unfolded")
    await page.reload()
    await expect(page.locator("#heard-list-c1 li")).to_have_count(len(TALK) + 2)
    await expect(page.locator("#heard-list-c1")).to_be_visible()


async def test_the_words_follow_their_end_unless_one_reads_or_begins_to_read_what_was_before(
    shift: Shift, ear: EarBeside
) -> None:
    page = await talks(shift, ear, TALK * 4)
    await page.keyboard.press("Alt+0")
    at_end = "(list) => list.scrollTop + list.clientHeight >= list.scrollHeight - 2"
    words = page.locator("#heard-list-c1")
    await expect(words).to_be_visible()
    assert await words.evaluate(at_end)
    await ear.hears("c1", "і ще одне")
    await expect(words.locator("li")).to_have_count(len(TALK) * 4 + 1)
    assert await words.evaluate(at_end)
    await words.press("Home")
    await page.wait_for_function("() => document.querySelector('#heard-list-c1').scrollTop === 0")
    await ear.hears("c1", "і друге")
    await expect(words.locator("li")).to_have_count(len(TALK) * 4 + 2)
    assert await words.evaluate("(list) => list.scrollTop") == 0
    await words.press("End")
    await page.wait_for_function(f"() => ({at_end})(document.querySelector('#heard-list-c1'))")
    await ear.hears("c1", "і третє")
    await expect(words.locator("li")).to_have_count(len(TALK) * 4 + 3)
    assert await words.evaluate(at_end)
    await page.evaluate(
        "() => setInterval(() => document.dispatchEvent(new CustomEvent('desk:shown')), 1)"
    )  # as if something changed on the desk at each moment
    await words.press("Home")
    await page.wait_for_function("() => document.querySelector('#heard-list-c1').scrollTop === 0")


async def test_who_goes_back_in_the_moment_in_which_words_come_stays_there(
    shift: Shift, ear: EarBeside
) -> None:
    page = await talks(shift, ear, TALK * 4)
    await page.keyboard.press("Alt+0")
    words = page.locator("#heard-list-c1")
    await expect(words).to_be_visible()
    went_back = """async (list) => {
      list.scrollTop -= 5;
      document.dispatchEvent(new CustomEvent("desk:shown"));  // it tells of its move with the next frame
      list.dispatchEvent(new KeyboardEvent("keydown", {key: "Home", bubbles: true}));
      for (const frame of [1, 2, 3]) await new Promise(requestAnimationFrame);
      list.scrollTop -= 5;  // as far as one has gone when the next words come
      document.dispatchEvent(new CustomEvent("desk:shown"));
      return list.scrollHeight - list.clientHeight - list.scrollTop;
    }"""
    assert await words.evaluate(went_back) >= 4


async def test_each_slot_is_taken_and_given_back_by_its_key(shift: Shift, ear: EarBeside) -> None:
    page = await talks(shift, ear)
    yesterday = (shift.now().astimezone(KYIV) - timedelta(days=1)).strftime("%d.%m.%Y")
    await opens_form(page)
    for kind in ("where", "who", "since", "promised"):
        await offers(page, kind, "offered")
    assert (await page.input_value("#appeal-address"), await page.input_value("#appeal-name")) == ("", "")
    await shift.look("slots offered")
    await page.keyboard.press("Alt+3")
    await offers(page, "where", "taken")
    assert await page.input_value("#appeal-address") == HOME
    await page.keyboard.press("Alt+4")
    await page.wait_for_selector("#appeal-form [name=applicant][value=new]:checked")
    assert await page.input_value("#appeal-name") == "Ганна Зразкова"
    await page.keyboard.press("Alt+6")
    assert await page.input_value("#appeal-text") == (
        "Обіцяно: я передам майстрам вам передзвонять до вечора"
    )
    await shift.kept("c1", "address", HOME)
    await shift.look("slots taken", nightly=True)
    for key in ("Alt+3", "Alt+4", "Alt+6"):
        await page.keyboard.press(key)
    for field in ("address", "name", "text"):
        assert await page.input_value(f"#appeal-{field}") == ""
    await page.keyboard.press("Alt+5")
    assert await page.input_value("#appeal-text") == f"Відколи: {yesterday}"
    await page.keyboard.press("Alt+5")
    await page.keyboard.press("Alt+1")
    await page.wait_for_selector("#appeal-asked [data-asks=moment]")
    await page.keyboard.press("Alt+5")  # the category asks since when: now it has a field of its own
    assert await page.input_value("#appeal-asked [data-asks=moment]") == yesterday
    assert await page.input_value("#appeal-text") == ""


async def test_what_was_typed_is_replaced_only_when_that_is_said(shift: Shift, ear: EarBeside) -> None:
    page = await talks(shift, ear)
    await opens_form(page)
    await page.fill("#appeal-address", "Ризький квартал, 9")
    await page.keyboard.press("Alt+3")
    await offers(page, "where", "asks")
    assert await page.input_value("#appeal-address") == "Ризький квартал, 9"
    await shift.look("slot asks")
    await page.focus("#appeal-name")
    await page.keyboard.type("Г")  # the hand has gone on
    await offers(page, "where", "offered")
    await page.keyboard.press("Alt+3")
    await page.keyboard.press("Alt+3")
    assert await page.input_value("#appeal-address") == HOME
    await page.keyboard.press("Alt+3")
    assert await page.input_value("#appeal-address") == "Ризький квартал, 9"


async def test_the_caller_says_what_it_is_about_and_category_and_similar_appeals_are_proposed(
    shift: Shift, ear: EarBeside
) -> None:
    now = shift.now()
    await shift.storage.appeals.register(
        Appeal(
            number="2600055",
            applicant_number=None,
            text="Немає гарячої води",
            category="hot-water-none",
            address=HOME,
            state=AppealState.IN_WORK,
            registered_at=now,
            due_on=now.date(),
        )
    )
    page = await talks(shift, ear, TALK[:2])
    await opens_form(page)
    await expect(page.locator("#appeal-proposed [data-take]")).to_have_count(0)
    await ear.hears("c1", TALK[2])
    await page.wait_for_selector("#appeal-proposed [data-take=hot-water-none]")
    await expect(page.locator("#appeal-proposed")).to_contain_text("За словами розмови:")
    assert await page.input_value("[name=category]") == ""
    await page.keyboard.press("Alt+1")
    assert await page.input_value("[name=category]") == "hot-water-none"
    await page.wait_for_selector("#appeal-asked [data-asks=moment]")
    for one in TALK[3:5]:
        await ear.hears("c1", one)
    await offers(page, "where", "offered")
    await page.keyboard.press("Alt+3")
    await page.wait_for_selector("#appeal-similar [name=earlier][value='2600055']")


@pytest.mark.nightly
async def test_after_the_talk_the_form_says_what_was_heard_taken_or_not(shift: Shift, ear: EarBeside) -> None:
    page = await talks(shift, ear)
    await opens_form(page)
    await page.keyboard.press("Alt+3")
    await expect(page.locator("#appeal-heard")).to_be_hidden()
    await shift.ends("c1", rest=30)
    ear.stands("c1", Hearing.ENDED)
    rows = page.locator("#appeal-heard dl > div")
    await expect(rows).to_have_count(4)
    await expect(rows.nth(0)).to_contain_text("узято")
    await expect(rows.nth(1)).to_contain_text("не взято")
    await shift.look("slots after the talk")


async def test_an_ear_that_is_away_is_one_quiet_line_and_what_was_heard_goes_with_the_finished_call(
    shift: Shift, ear: EarBeside, sources: Sources
) -> None:
    page = await talks(shift, ear, TALK[:2])
    ear.stands("c1", Hearing.BROKEN)
    line = page.locator("#heard-stands-c1")
    await expect(line).to_have_text("Слів розмови більше не видно. Сама розмова триває й записується.")
    await expect(page.locator("#heard-list-c1 li")).to_have_count(2)
    await shift.look("heard no more", nightly=True)
    assert sources.live.handed("c1") is not None
    await shift.ends("c1", rest=0)
    ear.stands("c1", Hearing.ENDED)
    await page.click("#done-c1")
    await page.wait_for_selector("#card-c1", state="detached")
    assert sources.live.handed("c1") is None


@pytest.mark.nightly  # by day `desk/test_live.py`
async def test_no_card_number_that_is_dictated_stands_on_the_desk(shift: Shift, ear: EarBeside) -> None:
    page = await talks(shift, ear, ("моя картка чотири тисячі сто сорок дев'ять 4993 1234 5679 дякую",))
    hidden = "моя картка [номер картки приховано] дякую"
    await expect(page.locator("#heard-last-c1")).to_have_text(hidden)
    await page.keyboard.press("Alt+0")
    await expect(page.locator("#heard-list-c1 li")).to_have_text(f"Заявник {hidden}")
    assert "5679" not in await page.content()


async def test_a_colleague_who_is_asked_reads_along_and_no_form_of_theirs_takes_it(
    shift: Shift, ear: EarBeside
) -> None:
    other = await shift.storage.dispatchers.add("209", "Тарас", "secret", frozenset())
    await shift.waits("c1", HANNA, "0", Priority.ORDINARY)
    await shift.storage.line.engage(shift.dispatcher_id, shift.now(), CONSULT)
    ear.begins("c1", other.id)
    for one in TALK[:2]:
        await ear.hears("c1", one)
    consult = {"call_id": "c1", "dispatcher_id": shift.dispatcher_id, "at": shift.now()}
    shift.told.tell(ConsultBegan(**consult, number=HANNA))
    page = shift.page
    await expect(page.locator("#heard-list-asked-c1 li")).to_have_count(2)
    for one in TALK[2:]:
        await ear.hears("c1", one)
    await expect(page.locator("#heard-list-asked-c1 li")).to_have_count(len(TALK))
    await expect(page.locator("#slots-asked-c1 li")).to_have_count(4)
    await shift.look("asked folded", nightly=True)
    await page.keyboard.press("Alt+0")
    await expect(page.locator("#heard-list-asked-c1")).to_be_visible()
    await shift.look("asked unfolded")
    await opens_form(page)
    await page.keyboard.press("Alt+4")
    assert await page.input_value("#appeal-name") == ""
    await expect(page.locator(".heard-offer")).to_have_count(0)
    shift.told.tell(ConsultEnded(**consult))
    await page.wait_for_selector("#pop", state="hidden")
    await ear.hears("c1", "це вже не для нього")
    await expect(page.locator("#heard-asked-c1")).to_have_count(0)
