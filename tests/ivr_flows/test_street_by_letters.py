"""Any street is found by the letters on the keys, its old name too."""

import pytest

from hotline.calls.conversation import Next
from hotline.city.addresses import Gazetteer, demo_streets
from ivr_flows.asking_where import KEYS, in_lists
from ivr_flows.street_by_letters import LETTERS, by_keys, key_at, street_by_letters, streets_of
from tests.fakes.call import FakeCall

STREETS = [(name, one.name) for one in demo_streets() for name in (one.name, *one.former)]
REGISTER = Gazetteer(STREETS, {})


def keys_to(name: str, street: str, register: Gazetteer) -> str:
    """The keys of a caller who knows the name: its letters as long as they are asked for, then the list."""
    names, pressed, place = register.bare_names(), "", 0
    while len(streets_of(names)) > len(KEYS) and (groups := by_keys(names, place)):
        key = key_at(name, place) or min(groups)
        pressed += key if len(groups) > 1 else ""
        names = {one: there for one, there in names.items() if key_at(one, place) in {key, ""}}
        place += 1
    for shown, by_key in enumerate(in_lists(streets_of(names))):
        if street in by_key.values():
            return pressed + "9" * shown + next(key for key, one in by_key.items() if one == street)
    raise AssertionError(street)


@pytest.mark.parametrize(("name", "street"), REGISTER.bare_names().items())
async def test_each_street_of_the_city_is_found_by_each_of_its_names(name: str, street: str) -> None:
    call = FakeCall(keys_to(name, street, REGISTER), number=None)
    assert await street_by_letters(call, REGISTER) == street


async def test_a_large_city_takes_more_letters() -> None:
    large = Gazetteer([(f"вулиця {a}{b}ова", f"вулиця {a}{b}ова") for a in "АБВГ" for b in "АОЕИР"], {})
    keys = keys_to("ВООВА", "вулиця ВОова", large)
    call = FakeCall(keys, number=None)
    assert await street_by_letters(call, large) == "вулиця ВОова"
    assert call.said[0].startswith("А тепер із наступною"), (
        "one key has all first letters: it is not asked for"
    )


@pytest.mark.parametrize("name", ["8 Березня", "Мир", "Мир-Дружба", "О'Генрі"])
async def test_figures_signs_and_short_names_hide_no_street(name: str) -> None:
    names = [f"вулиця {one}" for one in (name, *(f"Мир{letter}" for letter in "абвгґеєжз"), "2 Берегова")]
    large = Gazetteer([(one, one) for one in names], {})
    call = FakeCall(keys_to(name.upper(), f"вулиця {name}", large), number=None)
    assert await street_by_letters(call, large) == f"вулиця {name}"


async def test_streets_that_no_letter_tells_apart_are_lists() -> None:
    numbered = Gazetteer([(f"вулиця {one}", f"вулиця {one}") for one in range(1, 12)], {})
    call = FakeCall("91", number=None)
    assert await street_by_letters(call, numbered) in streets_of(numbered.bare_names())


async def test_few_streets_are_a_list_at_once() -> None:
    few = Gazetteer([("вулиця Миру", "вулиця Миру"), ("вулиця Садова", "вулиця Садова")], {})
    call = FakeCall("2", number=None)
    assert await street_by_letters(call, few) == "вулиця Садова"
    assert call.heard[0] == "choose-street"


async def test_wrong_keys_lead_to_a_dispatcher() -> None:
    assert await street_by_letters(FakeCall("***", number=None), REGISTER) is Next.DISPATCHER


def test_each_ukrainian_letter_is_on_one_key() -> None:
    assert sorted("".join(LETTERS.values())) == sorted("АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ")
