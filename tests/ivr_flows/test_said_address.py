"""An address that is said: read back, corrected, completed by keys, given up."""

import pytest

from hotline.calls.call import Step
from hotline.calls.conversation import Next
from hotline.city.addresses import Address, demo_streets
from hotline.city.classifier import Utility
from ivr_flows.ports import FlowPorts
from ivr_flows.said_address import Agreed, Told, said_address
from storage.store import Storage
from tests.fakes.call import FakeCall, aloud

ATOMNYKIV, DESNIANSKA = "вулиця Атомників", "вулиця Деснянська"
QUARTER = "Деснянський квартал"
YES, NO = aloud("так"), aloud("ні")


@pytest.fixture(autouse=True)
async def _city_with_streets(storage: Storage) -> None:
    await storage.streets.add(demo_streets())


async def test_what_was_heard_counts_once_it_is_confirmed(city: FlowPorts) -> None:
    call = FakeCall([aloud("курчатова дванадцять"), YES])
    there = Address(street=ATOMNYKIV, house="12")
    assert await said_address(call, city) == Agreed(there=there)
    assert "Ваша адреса — вулиця Атомників, будинок дванадцять?" in " ".join(call.said).replace("+", "")
    assert (Step.PLACE_SAID, {"place": there.text}) in call.notes
    assert await city.known_places.addresses_of(call.number) == [there]


async def test_the_next_guess_is_read_back_where_the_first_is_wrong(city: FlowPorts) -> None:
    call = FakeCall([aloud("деснянський один"), "2", YES])
    assert await said_address(call, city) == Agreed(there=Address(street=DESNIANSKA, house="1"))
    assert call.heard.count("is-it-address") == 0  # each is named by its words
    assert sum(one.startswith("is-it-address") for one in call.heard) == 2


async def test_a_house_that_was_not_said_is_asked_for(city: FlowPorts) -> None:
    call = FakeCall([aloud("вулиця атомників"), "1", aloud("сім"), YES])
    assert await said_address(call, city) == Agreed(there=Address(street=ATOMNYKIV, house="7"))


async def test_a_house_may_be_keyed_in_after_all(city: FlowPorts) -> None:
    call = FakeCall([aloud("вулиця атомників"), YES, *"25#"])
    assert await said_address(call, city) == Agreed(there=Address(street=ATOMNYKIV, house="25"))


async def test_a_house_that_is_refused_is_keyed_in(city: FlowPorts) -> None:
    call = FakeCall([aloud("вулиця атомників"), YES, aloud("сім"), NO, *"8#"])
    assert await said_address(call, city) == Agreed(there=Address(street=ATOMNYKIV, house="8"))


async def test_nothing_is_taken_on_an_answer_that_the_ear_is_unsure_of(city: FlowPorts) -> None:
    call = FakeCall([aloud("курчатова дванадцять"), *[aloud("так", 0.3)] * 3, "_"])
    assert await said_address(call, city) is None
    assert Step.PLACE_SAID not in call.steps


async def test_three_misunderstandings_lead_to_the_keys(city: FlowPorts) -> None:
    call = FakeCall([aloud("там де магазин"), aloud("ну"), aloud("")])
    assert await said_address(call, city) is None
    assert call.heard.count("say-address") == 3


async def test_zero_is_a_person_wherever_it_is_pressed(city: FlowPorts) -> None:
    assert await said_address(FakeCall("0", hears=True), city) is Next.DISPATCHER
    call = FakeCall([aloud("курчатова два"), "0"])
    assert await said_address(call, city) is Next.DISPATCHER


@pytest.mark.parametrize("key", ["#", "_", "5"])
async def test_whoever_does_not_speak_goes_on_by_keys(city: FlowPorts, key: str) -> None:
    assert await said_address(FakeCall([key], hears=True), city) is None


async def test_without_an_ear_nothing_is_asked(city: FlowPorts) -> None:
    call = FakeCall("1")
    assert await said_address(call, city) is None
    assert call.heard == []


async def test_what_is_off_is_read_back_with_the_address_whichever_was_said_first(city: FlowPorts) -> None:
    there = Address(street=ATOMNYKIV, house="12")
    both = FakeCall([aloud("немає води на курчатова дванадцять"), YES])
    assert await said_address(both, city) == Agreed(there=there, off=Utility.WATER)
    before = FakeCall([aloud("курчатова дванадцять"), YES])
    assert await said_address(before, city, Told(off=Utility.GAS)) == Agreed(there=there, off=Utility.GAS)
    assert [one.startswith("is-it-off-at") for one in before.heard][-2:] == [True, False]
