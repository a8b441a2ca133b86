"""What is meant where an ear has several guesses: the likeliest that says something."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hotline.city.addresses import Gazetteer
from hotline.city.category_search import CategorySearch, CategoryWords
from hotline.speech.answers import Answer
from hotline.speech.guesses import (
    Guesses,
    addresses_among,
    addresses_told_among,
    answer_among,
    digits_among,
    emergency_among,
    guesses_in,
    houses_among,
    is_off_in_street_among,
    topic_among,
    utility_among,
)
from hotline.speech.topics import Topic
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from tests.bench.hearing import demo_city
from tests.fakes.said import LEMMAS, UNSURE, heard, said

WORDS = built_in()[Language.UKRAINIAN]


@pytest.fixture
async def categories() -> Sequence[CategoryWords]:
    return await CategorySearch(LEMMAS).words()


def guesses(*texts: str) -> Guesses:
    return [said(text) for text in texts]


async def test_guesses_that_differ_in_signs_are_one_and_the_likeliest_stays_first() -> None:
    others = [heard(text).words for text in ("тап", "Дап", "так")]
    ready = await guesses_in(replace(heard("Дап."), others=others), LEMMAS)
    assert [[word.text for word in one] for one in ready] == [["дап"], ["тап"], ["так"]]


def test_the_likeliest_guess_that_is_understood_counts() -> None:
    found = answer_among(guesses("вийконано", "виконано", "не виконано"), WORDS)
    assert found is not None
    assert found.answer is Answer.YES
    assert answer_among(guesses("дап", "тап"), WORDS) is None
    assert digits_among(guesses("псорп", "сорок", "сорок п'ять"), WORDS) == "40"
    assert utility_among(guesses("немаводи", "немає води"), WORDS) is not None


async def test_an_answer_is_as_sure_as_the_guess_that_it_stands_in() -> None:
    among = await guesses_in(replace(heard("дап"), others=[heard("так", UNSURE).words]), LEMMAS)
    found = answer_among(among, WORDS)
    assert found is not None
    assert not found.sure


@pytest.mark.parametrize(
    "text",
    [
        "горить будинок",
        "так прорвало трубу",
        "ні у нас пахне газом",
        "горить у нас",
        "так горить дах світло вимкнули",
    ],
)
def test_who_speaks_of_an_emergency_has_answered_nothing(text: str) -> None:
    assert emergency_among(guesses("так", text), WORDS)
    assert answer_among(guesses(text), WORDS) is None
    assert answer_among(guesses("так", text), WORDS) is None  # whichever of them it was


@pytest.mark.parametrize(
    "text", ["так горить", "ліхтар у нас горить", "світло горить дякую", "у нас лампочки горять"]
)
def test_a_lamp_that_burns_is_no_fire(text: str) -> None:
    assert not emergency_among(guesses(text), WORDS)


def test_a_house_that_is_heard_as_smoke_is_no_fire() -> None:
    assert not emergency_among(guesses("тбілісі дим три"), WORDS)
    assert not emergency_among(guesses("там на київському сьомий дим"), WORDS, where=True)
    assert emergency_among(guesses("у під'їзді дим"), WORDS)
    assert emergency_among(guesses("дим на третьому поверсі"), WORDS)
    assert emergency_among(guesses("горить будинок три"), WORDS, where=True)
    assert emergency_among(guesses("київський дим три горить дах"), WORDS, where=True)


FIRE_STREET = Gazetteer([(name, name) for name in ("вулиця Пожежна", "вулиця Миру")], {})


@pytest.mark.parametrize(
    "place",
    [
        "пожежна сім",
        "вулиця пожежна",
        "пожежна вулиця сім",
        "на вулицю пожежну сім",
        "сім на пожежній",
        "я живу по пожежній",
        "пожежна",
    ],
)
def test_a_street_that_is_called_after_firemen_is_no_fire(place: str) -> None:
    assert not emergency_among(guesses(place), WORDS, where=True, streets=FIRE_STREET)
    elsewhere = Gazetteer([("вулиця Миру", "вулиця Миру")], {})
    assert emergency_among(guesses(place), WORDS, where=True, streets=elsewhere)


@pytest.mark.parametrize(
    "fire",
    [
        "пожежа на пожежній",
        "пожежна сім горить дах",
        "викличте пожежну",
        "пожежна машина потрібна на пожежній",
        "пожежа",
        "пожежну",
        "пожежну вулиця миру сім",
        "миру сім пожежну",
        "викличте на пожежну машину",
        "пожежна вулиця миру сім",
    ],
)
def test_a_fire_in_such_a_street_is_one(fire: str) -> None:
    assert emergency_among(guesses(fire), WORDS, where=True, streets=FIRE_STREET)


@pytest.mark.parametrize(
    "off",
    [
        "немає світла на пожежній",
        "на пожежній сім нема води",
        "світло зникло на вулиці пожежній",
        "не горить світло на пожежній коли дадуть",
    ],
)
def test_what_is_off_in_such_a_street_is_no_fire(off: str) -> None:
    assert topic_among(guesses(off), WORDS, ()) is Topic.EMERGENCY
    assert is_off_in_street_among(guesses(off), WORDS, FIRE_STREET)
    elsewhere = Gazetteer([("вулиця Миру", "вулиця Миру")], {})
    assert not is_off_in_street_among(guesses(off), WORDS, elsewhere)


@pytest.mark.parametrize(
    "fire",
    [
        "немає світла пожежа на пожежній",
        "немає світла горить на пожежній",
        "світло зникло і дим на пожежній",
        "немає води викличте пожежну",
        "світло вимкнули пожежна вулиця миру сім",
        "на пожежній",
        "пожежна",
    ],
)
def test_whatever_else_may_tell_of_a_fire_there_is_one(fire: str) -> None:
    assert not is_off_in_street_among(guesses(fire), WORDS, FIRE_STREET)
    assert not is_off_in_street_among(guesses("немає світла на пожежній", fire), WORDS, FIRE_STREET)


async def test_a_matter_counts_only_where_no_guess_has_another_topic(
    categories: Sequence[CategoryWords],
) -> None:
    torn = ("обірвало на тротуарі", "обірвало дріт лежить на тротуарі")
    assert topic_among(guesses(*torn), WORDS, categories) is Topic.EMERGENCY
    assert topic_among(guesses(torn[0], "на тротуарі"), WORDS, categories) is Topic.MATTER
    assert topic_among(guesses("мгм"), WORDS, categories) is None


@pytest.mark.parametrize(
    "torn", ["пробвало трубу на дорозі", "прорвала тробу біля школи", "дерево впло на машину у дворі"]
)
async def test_a_torn_emergency_counts_for_more_than_a_plain_matter(
    categories: Sequence[CategoryWords], torn: str
) -> None:
    assert topic_among(guesses(torn), WORDS, categories) is Topic.EMERGENCY


@pytest.mark.parametrize(
    "plain", ["велика яма на дорозі", "стара груша біля школи", "дерево впёрлось у дворі"]
)
async def test_a_matter_with_a_word_that_nobody_knows_is_no_emergency(
    categories: Sequence[CategoryWords], plain: str
) -> None:
    assert topic_among(guesses(plain), WORDS, categories) is Topic.MATTER


async def test_an_address_with_a_house_goes_before_a_street_of_a_likelier_guess() -> None:
    city = await demo_city()
    found = addresses_among(guesses("київський", "київський дім два"), city.register, city.words)
    assert [one.text for one in found][:1] == ["Київський квартал, 2"]
    only_street = addresses_among(guesses("київський", "київський"), city.register, city.words)
    assert [one.text for one in only_street] == ["Київський квартал"]
    houses = houses_among(guesses("дімдва", "дім два"), "Київський квартал", city.register, city.words)
    assert [one.house for one in houses][:1] == ["2"]


async def test_an_address_among_other_things_is_that_of_the_likeliest_guess_that_tells_one() -> None:
    city = await demo_city()
    among = guesses("немає світла на криє вському сім", "немає світла на київському сім")
    found = addresses_told_among(among, city.register, city.words)
    assert [one.text for one in found][:1] == ["Київський квартал, 7"]
    assert addresses_told_among(guesses("немає світла"), city.register, city.words) == ()
