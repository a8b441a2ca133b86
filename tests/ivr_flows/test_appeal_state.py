"""The state of an appeal by the number that is keyed in."""

import pytest

from hotline.appeals import Appeal
from hotline.calls import Step
from hotline.conversation import Next
from ivr_flows.appeal_state import LONGEST_NUMBER, appeal_state
from ivr_flows.city import City
from tests.fakes.call import FakeCall


async def test_a_known_number_is_told_with_its_term(city: City, appeal: Appeal) -> None:
    call = FakeCall("1001#")
    assert await appeal_state(call, city) is Next.MENU
    assert call.said[-1] == (
        "Звернення номер один нуль, нуль один. Виконується. Строк виконання — до шістнадцятого грудня."
    )
    assert call.notes == [(Step.INFORMED, {"about": "appeal"})]
    assert appeal.number == "1001"


async def test_silence_after_the_digits_ends_the_number(city: City, appeal: Appeal) -> None:
    call = FakeCall([*appeal.number, "_"])
    assert await appeal_state(call, city) is Next.MENU


async def test_silence_leads_to_a_dispatcher(city: City) -> None:
    call = FakeCall("_")
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard == ["ask-appeal-number"]


async def test_an_unknown_number_may_be_keyed_again(city: City, appeal: Appeal) -> None:
    call = FakeCall(f"999#{appeal.number}#")
    assert await appeal_state(call, city) is Next.MENU
    assert call.heard[:3] == ["ask-appeal-number", "no-such-appeal", "ask-appeal-number"]


@pytest.mark.parametrize("keys", ["9#9#", "##", "*#*#", "A#B#", "9" * 2 * LONGEST_NUMBER])
async def test_two_numbers_that_do_not_exist_lead_to_a_dispatcher(city: City, keys: str) -> None:
    call = FakeCall(keys)
    assert await appeal_state(call, city) is Next.DISPATCHER
    assert call.heard.count("no-such-appeal") == 2


async def test_whoever_cuts_the_answer_short_was_not_informed(city: City, appeal: Appeal) -> None:
    call = FakeCall(f"{appeal.number}#1", impatient=True)
    assert await appeal_state(call, city) is Next.MENU
    assert call.steps == []
