"""Frequent questions are offered where some are chosen, by keys; a caller who needs a person gets one."""

from datetime import timedelta

import pytest

from hotline.access.permissions import Role
from hotline.calls.conversation import Next
from hotline.knowledge.articles import NOT_WRITTEN, Content, Wording
from hotline.voice.speech import Language
from ivr_flows.main_menu import main_menu
from ivr_flows.ports import FlowPorts
from ivr_flows.questions import questions
from storage.store import Storage
from tests.fakes.call import FakeCall, aloud
from tests.fakes.clock import SetClock

ENGLISH = Wording(question="Where is a shelter?", answer="In the school.")


async def chosen(
    storage: Storage,
    clock: SetClock,
    question: str = "Де укриття?",
    *,
    spoken: bool = True,
    en: Wording = NOT_WRITTEN,
) -> None:
    """Write an article and choose it for callers."""
    users = await storage.users.all()
    writer = (
        users[0]
        if users
        else await storage.users.add(login="w", name="Керівник", role=Role.HEAD, password_hash="x")
    )
    content = Content(
        uk=Wording(question=question, answer="У школі."),
        en=en,
        owner_id=writer.id,
        review_on=clock.now().date() + timedelta(days=1),
        public=True,
        spoken=spoken,
    )
    await storage.articles.add(content, writer.id, clock.now())


async def test_without_any_the_menu_does_not_offer_them(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    await chosen(storage, clock, spoken=False)
    call = FakeCall("51")
    assert await main_menu(call, city) is Next.OUTAGES
    assert call.heard == ["english-on-nine", "menu", "wrong-key", "menu"]
    assert await questions(FakeCall("_"), city) is Next.MENU


async def test_the_menu_offers_them_and_the_key_leads_there(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    await chosen(storage, clock)
    call = FakeCall("5")
    assert await main_menu(call, city) is Next.QUESTIONS
    assert call.heard == ["english-on-nine", "menu", "menu-questions"]


async def test_an_answer_is_told_and_the_questions_come_again(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    await chosen(storage, clock)
    await chosen(storage, clock, "Де взяти воду?")
    call = FakeCall("2_")
    assert await questions(call, city) is Next.GOODBYE
    offered = ["article-question-1-1", "article-question-2-2", "questions-keys"]
    assert call.heard == [*offered, "article-answer-2", *offered]


@pytest.mark.parametrize(
    ("keys", "where"),
    [
        *(("_", Next.DISPATCHER), ("0", Next.DISPATCHER), ("999", Next.DISPATCHER)),
        *(("*", Next.MENU), ("1*", Next.MENU)),
    ],
)
async def test_nobody_is_left_alone_with_the_machine(
    city: FlowPorts, storage: Storage, clock: SetClock, keys: str, where: Next
) -> None:
    await chosen(storage, clock)
    assert await questions(FakeCall(keys), city) is where


async def test_english_callers_are_offered_what_is_written_in_english(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    await chosen(storage, clock)
    await chosen(storage, clock, "Де взяти воду?", en=ENGLISH)
    call = FakeCall("1_")
    call.language = Language.ENGLISH
    assert await questions(call, city) is Next.GOODBYE
    assert "article-answer-2" in call.heard
    assert "article-question-1-1" not in call.heard


async def test_a_caller_asks_in_their_own_words_and_an_emergency_goes_first(
    city: FlowPorts, storage: Storage, clock: SetClock
) -> None:
    await chosen(storage, clock)
    await chosen(storage, clock, "Куди передати показники лічильників?")
    call = FakeCall([aloud("я показники лічильника хотів"), "*"], hears=True)
    assert await questions(call, city) is Next.MENU
    assert "article-answer-2" in call.heard
    assert await questions(FakeCall([aloud("у нас пожежа")], hears=True), city) is Next.EMERGENCY
    assert await questions(FakeCall([aloud("дайте диспетчера")], hears=True), city) is Next.DISPATCHER
    lost = FakeCall([aloud("бе ме"), "0"], hears=True)
    assert await questions(lost, city) is Next.DISPATCHER
    assert "not-understood" in lost.heard
