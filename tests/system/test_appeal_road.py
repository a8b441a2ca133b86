"""The whole road of an appeal, as people walk it: a telephone, a desk, a plumber's phone-sized page."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from cti_server.appeals.acts.words import ACTS
from cti_server.frame.language import words
from hotline.access.permissions import Role
from hotline.appeals.appeal import Appeal, AppealState
from hotline.appeals.routing import Rule
from hotline.appeals.word_codes import WordCodes, reported_at
from hotline.calls.call import Step
from hotline.city.addresses import demo_streets
from service.wiring.delivery import answer_links
from telephony.phone.phone import Phone
from telephony.phone.sound import tone
from tests.fakes.passwords import hash_of
from tests.storage.pictures import photo
from tests.system.browser import open_browser
from tests.system.desk_browser import PASSWORD, open_desk
from tests.system.hotline import Hotline
from tests.system.test_registration import CITIZEN, HOME, fill_in, look, registered

pytestmark = pytest.mark.system

PLUMBER = "plumber"
THE_ROAD = (
    *("register", "assign", "accept", "begin-work", "report-done", "begin-check", "dispute"),
    *("begin-work", "report-done", "confirm"),
)


async def employ(hotline: Hotline) -> None:
    """Have an enterprise that gets what is about hot water, and a plumber of theirs with an account."""
    executor = await hotline.storage.executors.add("КП «УЖКГ»", "УЖКГ", [])
    await hotline.storage.rules.add(Rule(order=10, executor_id=executor.id, categories=("hot-water-*",)))
    await hotline.storage.users.add(
        login=PLUMBER,
        name="Петро Сантехнік",
        role=Role.EXECUTOR,
        password_hash=hash_of(PASSWORD),
        executor_id=executor.id,
    )


async def plumbers_page(hotline: Hotline, browser: Browser) -> Page:
    """The enterprise's pages on a telephone."""
    context = await browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, locale="uk-UA", reduced_motion="reduce"
    )
    page = await context.new_page()
    await page.goto(address(hotline, "/enterprise"))
    await page.fill("[name=login]", PLUMBER)
    await page.fill("[name=password]", PASSWORD)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/enterprise")
    return page


def address(hotline: Hotline, path: str) -> str:
    return f"http://{hotline.settings.http_host}:{hotline.settings.http_port}{path}"


async def registered_while_talking(hotline: Hotline, desk: Page, phone: Phone) -> Appeal:
    """The citizen calls, the desk knows them before the ring, the appeal is registered by keys."""
    call = await hotline.citizen(CITIZEN)
    await call.answered()
    await call.press("0")
    ringing = await phone.next_call()
    await desk.wait_for_selector("#pop[data-call] >> text=Марія Демченко")
    await ringing.answer()
    await desk.wait_for_selector("article.desk-card")
    await fill_in(desk)
    appeal = await registered(hotline, desk)
    await ringing.hang_up()
    await call.ended()
    return appeal


async def takes_up(plumber: Page, appeal: Appeal) -> None:
    await plumber.tap(".work-open")
    await plumber.wait_for_url(f"**/enterprise/{appeal.number}")
    await plumber.tap("text=Прийняти")
    await plumber.wait_for_selector("[role=status]:has-text('Прийнято')")
    await plumber.tap("text=Почати роботу")
    await plumber.wait_for_selector("#report-done-answer")


async def reports_done(plumber: Page, answer: str, picture: Path) -> None:
    await plumber.fill("#report-done-answer", answer)
    await plumber.set_input_files("#work-camera", picture)
    await plumber.wait_for_selector(".work-file-acts input:checked")
    await look(plumber, "road-work-report")
    await plumber.tap("text=Повідомити: виконано")
    await plumber.wait_for_selector("[role=status]:has-text('Повідомлено')")


async def is_now(hotline: Hotline, appeal: Appeal, state: AppealState) -> None:
    async def became() -> bool:
        found = await hotline.storage.appeals.find(appeal.number)
        return found is not None and found.state is state

    await hotline.until(became)


async def code(hotline: Hotline, appeal: Appeal) -> str:
    """The code of the message that it is done now."""
    version = reported_at(await hotline.storage.handling.history(appeal.number, hidden=True))
    assert version is not None
    return WordCodes(answer_links(hotline.settings).key).code(appeal.number, version)


async def disputes(hotline: Hotline, appeal: Appeal) -> None:
    """The applicant calls, hears how their only appeal stands, and says that it is not: by key and voice."""
    call = await hotline.citizen(CITIZEN, tone(440))
    await call.answered()
    await call.press(f"22{await code(hotline, appeal)}2")
    await hotline.reached(Step.MESSAGE_LEFT)
    (remark,) = await hotline.storage.calls.messages()
    file = Path(remark.file)
    await hotline.until(lambda: file.exists() and file.stat().st_size > 16_000)
    await call.press("#")
    await is_now(hotline, appeal, AppealState.DISPUTED)
    await call.hang_up()


async def confirms(hotline: Hotline, appeal: Appeal) -> None:
    call = await hotline.citizen(CITIZEN)
    await call.answered()
    await call.press(f"21{await code(hotline, appeal)}5")
    await is_now(hotline, appeal, AppealState.CLOSED)
    await call.hang_up()


@pytest.mark.nightly  # by day `test_survey_road.py`, and the word by key in `test_appeal_by_phone.py`
async def test_from_the_call_to_the_applicants_own_word(hotline: Hotline, tmp_path: Path) -> None:
    picture = tmp_path / "IMG_2041.jpg"
    picture.write_bytes(photo())
    await hotline.storage.streets.add(demo_streets())
    await hotline.storage.citizens.add("Марія Демченко", HOME, [CITIZEN])
    await employ(hotline)
    phone = await hotline.desk("201")
    async with open_browser() as browser:
        desk = await open_desk(hotline, browser, "201")
        appeal = await registered_while_talking(hotline, desk, phone)
        plumber = await plumbers_page(hotline, browser)
        await takes_up(plumber, appeal)
        await reports_done(plumber, "Промили теплообмінник", picture)

        card = await desk.context.new_page()
        await card.goto(address(hotline, f"/appeals/{appeal.number}"))
        begin = card.locator("#act-begin-check")
        if await begin.get_attribute("open") is None:
            await begin.locator("summary").click()
        await begin.locator("button").last.click()
        await is_now(hotline, appeal, AppealState.BEING_CHECKED)

        await disputes(hotline, appeal)
        await plumber.goto(address(hotline, f"/enterprise/{appeal.number}"))
        await look(plumber, "road-work-disputed")
        sound = await plumber.get_attribute("[role=note] audio", "src")
        assert sound is not None
        heard = await plumber.request.get(address(hotline, sound))
        assert (heard.status, (await heard.body())[:4]) == (200, b"RIFF")
        await plumber.tap("text=Почати роботу знову")
        await plumber.wait_for_selector("#report-done-answer")
        await reports_done(plumber, "Замінили насос, вода гаряча", picture)
        await confirms(hotline, appeal)

        await card.goto(address(hotline, f"/appeals/{appeal.number}"))
        await look(card, "road-card-closed")
        lines = await card.locator(".handled-history .line-head strong").all_inner_texts()
        named = [words("uk").gettext(ACTS[act]) for act in THE_ROAD]
        assert [line[: len(name)] for line, name in zip(lines[::-1], named, strict=True)] == named
        assert await card.locator(".handled-history audio").count() == 1
    history = await hotline.storage.handling.history(appeal.number, hidden=True)
    assert tuple(one.act for one in history) == THE_ROAD
    assert history[-1].facts["rating"] == 5
    assert [len(one.facts["evidence"]) for one in history if one.act == "report-done"] == [1, 1]
