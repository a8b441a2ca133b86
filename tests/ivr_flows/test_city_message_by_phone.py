"""The head switches the message by telephone; nobody else gets beyond the code."""

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.informing.city_messages import CityMessage, MessageBy, NewMessage
from ivr_flows.city_message_by_phone import TURNS, city_message_by_phone
from ivr_flows.ports import FlowPorts
from tests.fakes.call import FakeCall
from tests.fakes.heads_phone import RIGHT, HeadsPhone

CODE = [*RIGHT, "#"]
WRONG = [*"111222", "#"]


@pytest.fixture
async def prepared(city: FlowPorts, phone: HeadsPhone) -> CityMessage:
    new = NewMessage(title="Хлор", uk="Зачиніть вікна.")
    return await city.messages.enter(new, MessageBy(user_id=phone.head.id))


async def test_a_prepared_message_is_chosen_heard_confirmed_and_on(
    city: FlowPorts, prepared: CityMessage, phone: HeadsPhone
) -> None:
    call = FakeCall([*CODE, "1", "1", "1"])
    assert await city_message_by_phone(call, city) is Next.GOODBYE
    on = await city.messages.on(city.clock.now())
    assert on is not None
    assert on.id == prepared.id
    assert call.heard == [
        *("ask-code", "message-is-off", "message-keys", f"message-choice-{prepared.id}"),
        *(prepared.phrase.name, "message-sure"),
        *("message-switched-on", "message-is-on", prepared.phrase.name, "message-keys"),
    ]
    assert "Хлор — натисніть один." in call.said
    entry = (await city.messages.history(1))[0]
    assert entry.by == MessageBy(user_id=phone.head.id, call_id=call.id)
    assert (Step.CITY_MESSAGE, {"act": "on", "message": prepared.id}) in call.notes


async def test_unconfirmed_nothing_is_switched_on(city: FlowPorts, prepared: CityMessage) -> None:
    for keys in ("12", "1_", "18", "8"):
        await city_message_by_phone(FakeCall([*CODE, *keys]), city)
        assert await city.messages.on(city.clock.now()) is None, (keys, prepared)


async def test_two_switches_it_off(city: FlowPorts, prepared: CityMessage, phone: HeadsPhone) -> None:
    await city.messages.switch_on(prepared.id, MessageBy(user_id=phone.head.id))
    call = FakeCall([*CODE, "2"])
    await city_message_by_phone(call, city)
    assert await city.messages.on(city.clock.now()) is None
    assert call.heard[1:] == [
        *("message-is-on", prepared.phrase.name, "message-keys"),
        *("message-switched-off", "message-is-off", "message-keys"),
    ]


async def test_a_new_one_is_dictated_heard_and_on(city: FlowPorts) -> None:
    call = FakeCall([*CODE, "3", "1"])
    await city_message_by_phone(call, city)
    on = await city.messages.on(city.clock.now())
    assert on is not None
    assert on.title == "call-1-dictated-1"
    assert call.heard[3:6] == ["message-dictate", on.phrase.name, "message-dictated-keys"]


async def test_a_dictation_taken_again_leaves_the_last_take_alone(city: FlowPorts) -> None:
    await city_message_by_phone(FakeCall([*CODE, "3", "2", "1"]), city)
    assert [one.title for one in await city.messages.all()] == ["call-1-dictated-2"]


async def test_a_dictation_that_is_not_confirmed_is_gone(city: FlowPorts) -> None:
    await city_message_by_phone(FakeCall([*CODE, "3", "3"]), city)
    assert await city.messages.all() == []
    assert await city.messages.on(city.clock.now()) is None


async def test_a_silent_dictation_says_so(city: FlowPorts, phone: HeadsPhone) -> None:
    phone.silent = True
    call = FakeCall([*CODE, "3"])
    await city_message_by_phone(call, city)
    assert "message-empty" in call.heard


async def test_three_wrong_codes_lead_back_to_the_menu(city: FlowPorts, phone: HeadsPhone) -> None:
    call = FakeCall(WRONG * 4)
    assert await city_message_by_phone(call, city) is Next.MENU
    assert call.heard == ["ask-code", "wrong-code", "ask-code", "wrong-code", "ask-code", "wrong-code"]
    assert phone.wrong == 3
    assert await city_message_by_phone(call, city) is Next.MENU
    assert call.heard[-1] == "too-many-codes"


async def test_the_keys_of_a_code_stand_nowhere_in_the_journey(city: FlowPorts) -> None:
    call = FakeCall([*WRONG, *CODE])
    await city_message_by_phone(call, city)
    assert "secret digits" in call.verbs
    assert "digits" not in call.verbs
    codes = [detail for step, detail in call.notes if step is Step.CODE_PRESSED]
    assert codes == [{"result": "wrong"}, {"result": "right"}]


@pytest.mark.parametrize("keys", ["_", "#"])
async def test_whoever_presses_no_code_is_back_in_the_menu(
    city: FlowPorts, keys: str, phone: HeadsPhone
) -> None:
    assert await city_message_by_phone(FakeCall(keys), city) is Next.MENU
    assert phone.asked == []


async def test_a_telephone_left_off_the_hook_leaves_the_menu(city: FlowPorts) -> None:
    call = FakeCall([*CODE, *"9" * (TURNS + 5)])
    assert await city_message_by_phone(call, city) is Next.GOODBYE
