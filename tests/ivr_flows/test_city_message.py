"""The message to the whole city: who hears it, when, and how often."""

from datetime import timedelta

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.classifier import Utility
from hotline.informing.city_messages import CityMessage, MessageBy, NewMessage
from hotline.outages.outage import OutageKind
from ivr_flows import prompts
from ivr_flows.greeting import greeting
from ivr_flows.main_menu import main_menu
from ivr_flows.ports import FlowPorts
from ivr_flows.waiting import waiting
from tests.fakes.call import FakeCall
from tests.fakes.desk import FakeDesk
from tests.fakes.heads_phone import HeadsPhone
from tests.fakes.outages import entered

FIRST_WORDS = [one.name for one in prompts.GREETING]


@pytest.fixture
def by(phone: HeadsPhone) -> MessageBy:
    return MessageBy(user_id=phone.head.id)


@pytest.fixture
async def on(city: FlowPorts, by: MessageBy) -> CityMessage:
    new = NewMessage(title="Хлор", uk="Зачиніть вікна.", en="Close your windows.")
    message = await city.messages.enter(new, by)
    return await city.messages.switch_on(message.id, by)


async def test_every_caller_hears_it_behind_the_greeting(city: FlowPorts, on: CityMessage) -> None:
    call = FakeCall()
    assert await greeting(call, city) is Next.MENU
    assert call.heard == [*FIRST_WORDS, "city-message", on.phrase.name]
    assert call.said[-1] == "Зачиніть вікна."
    assert call.notes == [(Step.INFORMED, {"about": "city-message"})]


@pytest.mark.usefixtures("on")
async def test_a_key_pressed_in_the_greeting_does_not_keep_it_back(city: FlowPorts) -> None:
    call = FakeCall("0", impatient=True)
    await greeting(call, city)
    assert call.verbs == ["answer", "announce", "announce insisting"]
    assert call.notes == []


async def test_switched_off_nobody_hears_it(city: FlowPorts, on: CityMessage, by: MessageBy) -> None:
    assert await city.messages.switch_off(by) is not None
    call = FakeCall()
    await greeting(call, city)
    assert on.phrase.name not in call.heard


async def test_whoever_changes_the_language_hears_it_once_in_each(city: FlowPorts, on: CityMessage) -> None:
    call = FakeCall("9991")
    await greeting(call, city)
    await main_menu(call, city)
    news = ["city-message", on.phrase.name]
    chosen = ["language-chosen"]
    assert call.heard == [
        *FIRST_WORDS,
        *(*news, "english-on-nine", "menu"),
        *(*chosen, *news, "english-on-nine", "menu"),
        *(*chosen, "menu"),
        *(*chosen, "menu"),
    ]
    assert call.said.count("Зачиніть вікна.") == call.said.count("Close your windows.") == 1


async def test_whoever_changes_the_language_among_outages_hears_it_before_the_menu(
    city: FlowPorts, on: CityMessage
) -> None:
    begun = city.clock.now()
    await entered(city.outages, Utility.WATER, OutageKind.REPAIR, begun, begun + timedelta(hours=1))
    call = FakeCall("9_1")
    assert await greeting(call, city) is Next.MENU
    await main_menu(call, city)
    at = call.heard.index("menu")
    assert call.heard[at - 3 : at - 1] == ["city-message", on.phrase.name]
    assert call.said[at - 2] == "Close your windows."


async def test_words_that_are_amended_while_it_is_on_are_heard_by_who_heard_those_before(
    city: FlowPorts, on: CityMessage, desk: FakeDesk, by: MessageBy
) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 3

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            amended = NewMessage(title="Хлор", uk="Вікна можна відчинити.", en=on.en)
            await city.messages.amend(await city.messages.get(on.id), amended, by)
        return await desk.hold(seconds)

    call = FakeCall(hold=hold)
    await greeting(call, city)
    await waiting(call, city)
    assert call.said.count("Зачиніть вікна.") == call.said.count("Вікна можна відчинити.") == 1


async def test_whoever_waits_already_hears_it_once(city: FlowPorts, desk: FakeDesk, by: MessageBy) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 3
    message = await city.messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            await city.messages.switch_on(message.id, by)
        return await desk.hold(seconds)

    call = FakeCall(hold=hold)
    await waiting(call, city)
    assert call.heard[:4] == [
        "recording-notice",
        "connecting-to-dispatcher",
        "city-message",
        message.phrase.name,
    ]
    assert call.heard.count(message.phrase.name) == 1


async def test_whoever_heard_it_in_the_greeting_does_not_hear_it_again_in_the_line(
    city: FlowPorts, on: CityMessage, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 2
    call = FakeCall(hold=desk.hold)
    await greeting(call, city)
    await waiting(call, city)
    assert call.heard.count(on.phrase.name) == 1
