"""The whole card: called in, screen-pop, appeal, done, the hotline calls, "no", done again, "yes", closed."""

from pathlib import Path

import pytest

from cti_server.appeals.acts.words import ACTS
from cti_server.frame.language import words
from hotline.appeals.appeal import Appeal, AppealState
from hotline.city.addresses import demo_streets
from telephony.phone.incoming import IncomingCall
from telephony.phone.phone import Phone
from telephony.phone.sip import user_of
from telephony.phone.sound import tone
from tests.storage.pictures import photo
from tests.system.browser import open_browser
from tests.system.desk_browser import open_desk
from tests.system.hotline import Hotline
from tests.system.lending import Hotlines
from tests.system.test_appeal_road import (
    address,
    employ,
    is_now,
    plumbers_page,
    registered_while_talking,
    reports_done,
    takes_up,
)
from tests.system.test_registration import CITIZEN, HOME, look
from tests.system.test_survey_call import AROUND_THE_CLOCK

pytestmark = pytest.mark.system

THE_ROAD = (
    *("register", "assign", "accept", "begin-work", "report-done", "begin-check", "dispute"),
    *("begin-work", "report-done", "begin-check", "confirm"),
)


async def asked(hotline: Hotline, provider: Phone, keys: str) -> IncomingCall:
    """The applicant's telephone rings; they answer each question as it is asked."""
    call = await provider.next_call()
    assert user_of(call.invite.uri) == CITIZEN
    await call.ring()
    await call.answer(tone(440))
    await call.heard_voice()
    for question, key in zip(("заявник", "виконання", "оцінка"), keys, strict=False):
        await hotline.until(lambda question=question: _hears(hotline, question))
        await call.press(key)
    return call


async def _hears(hotline: Hotline, question: str) -> bool:
    latest = (await hotline.storage.calls.recent(1))[0]
    return f"survey-{question}" in await hotline.phrases(latest.id)


async def says_no(hotline: Hotline, provider: Phone, appeal: Appeal) -> None:
    call = await asked(hotline, provider, "12")

    async def spoken() -> bool:
        left = await hotline.storage.calls.messages()
        return bool(left) and Path(left[0].file).exists() and Path(left[0].file).stat().st_size > 16_000

    await hotline.until(spoken)
    await call.press("#")
    await is_now(hotline, appeal, AppealState.DISPUTED)
    await call.ended()


async def test_the_automatic_call_reopens_the_case_and_closes_it(hotlines: Hotlines, tmp_path: Path) -> None:
    picture = tmp_path / "IMG_2041.jpg"
    picture.write_bytes(photo())
    async with hotlines.calling_outside(**AROUND_THE_CLOCK) as outside:
        await _walk(outside.hotline, outside.provider, picture)


async def _walk(hotline: Hotline, provider: Phone, picture: Path) -> None:
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

        await says_no(hotline, provider, appeal)
        await plumber.goto(address(hotline, f"/enterprise/{appeal.number}"))
        await look(plumber, "survey-road-returned")
        assert await plumber.locator("[role=note] audio").count() == 1
        await plumber.tap("text=Почати роботу знову")
        await plumber.wait_for_selector("#report-done-answer")
        await reports_done(plumber, "Замінили насос, вода гаряча", picture)

        call = await asked(hotline, provider, "115")
        await is_now(hotline, appeal, AppealState.CLOSED)
        await call.ended()
        card = await desk.context.new_page()
        await card.goto(address(hotline, f"/appeals/{appeal.number}"))
        await look(card, "survey-road-card")
        lines = await card.locator(".handled-history .line-head strong").all_inner_texts()
        named = [words("uk").gettext(ACTS[act]) for act in THE_ROAD]
        assert [line[: len(name)] for line, name in zip(lines[::-1], named, strict=True)] == named
        assert await card.get_by_text("на автоматичний дзвінок").count() == 2
        assert await card.locator(".handled-history audio").count() == 1
        assert await card.locator(".line-who a[href^='/calls/out-survey-']").count() == 2
    history = await hotline.storage.handling.history(appeal.number, hidden=True)
    assert tuple(one.act for one in history) == THE_ROAD
    assert history[-1].facts["rating"] == 5
    assert len(provider.calls) == 2
