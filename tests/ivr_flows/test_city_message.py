"""The message to the whole city: who hears it, when, and how often."""

import pytest

from hotline.calls import Step
from hotline.city_messages import CityMessage, MessageBy, NewMessage
from hotline.conversation import Next
from ivr_flows.city import City
from ivr_flows.greeting import greeting
from ivr_flows.main_menu import main_menu
from ivr_flows.waiting import waiting
from tests.fakes.call import FakeCall
from tests.fakes.desk import FakeDesk
from tests.fakes.heads_phone import HeadsPhone

FIRST_WORDS = ["emergency-notice", "welcome", "recording-notice", "english-on-nine"]


@pytest.fixture
def by(phone: HeadsPhone) -> MessageBy:
    return MessageBy(user_id=phone.head.id)


@pytest.fixture
async def on(city: City, by: MessageBy) -> CityMessage:
    new = NewMessage(title="Хлор", uk="Зачиніть вікна.", en="Close your windows.")
    message = await city.messages.enter(new, by)
    return await city.messages.switch_on(message.id, by)


async def test_every_caller_hears_it_behind_the_greeting(city: City, on: CityMessage) -> None:
    call = FakeCall()
    assert await greeting(call, city) is Next.MENU
    assert call.heard == [*FIRST_WORDS, "city-message", on.phrase.name]
    assert call.said[-1] == "Зачиніть вікна."
    assert call.notes == [(Step.INFORMED, {"about": "city-message"})]


@pytest.mark.usefixtures("on")
async def test_a_key_pressed_in_the_greeting_does_not_keep_it_back(city: City) -> None:
    call = FakeCall("0", impatient=True)
    await greeting(call, city)
    assert call.verbs == ["answer", "announce", "announce insisting"]
    assert call.notes == []


async def test_switched_off_nobody_hears_it(city: City, on: CityMessage, by: MessageBy) -> None:
    assert await city.messages.switch_off(by) is not None
    call = FakeCall()
    await greeting(call, city)
    assert on.phrase.name not in call.heard


async def test_whoever_chooses_english_hears_it_in_english_as_well(city: City, on: CityMessage) -> None:
    call = FakeCall("91")
    await main_menu(call, city)
    assert call.heard == ["menu", "language-chosen", on.phrase.name, "menu"]
    assert "Close your windows." in call.said


async def test_whoever_waits_already_hears_it_once(city: City, desk: FakeDesk, by: MessageBy) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 3
    message = await city.messages.enter(NewMessage(title="Хлор", uk="Зачиніть вікна."), by)

    async def hold(seconds: float) -> bool:
        if desk.holds == 0:
            await city.messages.switch_on(message.id, by)
        return await desk.hold(seconds)

    call = FakeCall(hold=hold)
    await waiting(call, city)
    assert call.heard[:3] == ["connecting-to-dispatcher", "city-message", message.phrase.name]
    assert call.heard.count(message.phrase.name) == 1


async def test_whoever_heard_it_in_the_greeting_does_not_hear_it_again_in_the_line(
    city: City, on: CityMessage, desk: FakeDesk
) -> None:
    await desk.comes_on_duty()
    desk.busy_for = 2
    call = FakeCall(hold=desk.hold)
    await greeting(call, city)
    await waiting(call, city)
    assert call.heard.count(on.phrase.name) == 1
