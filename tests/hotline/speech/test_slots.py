"""Slots over texts of talks: who, where, since when, promised what; in Ukrainian, surzhyk, English."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hotline.city.addresses import Gazetteer, demo_streets
from hotline.speech.slots import Filled, Knowledge, SlotKind, Slots, told_in
from hotline.speech.transcripts import Speaker
from hotline.speech.vocabulary import built_in
from hotline.voice.speech import Language
from storage.city.lemmas import UkrainianLemmas
from storage.city.name_words import NameWords
from tests.fakes.said import SURE, UNSURE, heard

NOW = datetime(2026, 11, 30, 14, 20, tzinfo=ZoneInfo("Europe/Kyiv"))
"""A Monday."""
LEMMAS, NAMES = UkrainianLemmas(), NameWords()
NAMED = [(name, one.name) for one in demo_streets() for name in (one.name, *one.former)]
HOUSES = ("1", "2", "5", "7", "7а", "9", "12", "15", "20")
REGISTER = Gazetteer(
    NAMED,
    {(one.name, house): one.name for one in demo_streets() if "квартал" in one.name for house in HOUSES},
)


async def filled(
    *utterances: str, language: Language = Language.UKRAINIAN, confidence: float = SURE, now: datetime = NOW
) -> Filled:
    """What a talk gives; an utterance that begins with `>` is the dispatcher's."""
    slots = Slots()
    knowledge = Knowledge(register=REGISTER, words=built_in()[language], names=NAMES)
    for one in utterances:
        speaker = Speaker.DISPATCHER if one.startswith(">") else Speaker.CALLER
        told = await told_in(heard(one.removeprefix("> "), confidence, language), speaker, LEMMAS)
        slots.take(told, knowledge, now)
    return slots.filled


async def value(kind: SlotKind, *utterances: str, language: Language = Language.UKRAINIAN) -> str | None:
    slot = (await filled(*utterances, language=language)).get(kind)
    return slot.value if slot else None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (["добрий день мене звати Марія Демченко"], "Марія Демченко"),
        (["мене звати Марія Іванівна Демченко у нас немає води"], "Марія Іванівна Демченко"),
        (["меня зовут Тарас Бульба"], "Тарас Бульба"),
        (["це Оксана Петренко з Київського кварталу"], "Оксана Петренко"),
        (["я Петренко Ольга Василівна живу на Деснянській"], "Петренко Ольга Василівна"),
        (["турбує Антоніна Павлівна"], "Антоніна Павлівна"),
        (["моє прізвище Задунайська"], "Задунайська"),
        (["мене звати Ахмед"], "Ахмед"),
        (["записуйте Коваль Степан Андрійович"], "Коваль Степан Андрійович"),
        (["> як вас звати", "Ганна"], "Ганна"),
        (["> назвіть ваше прізвище будь ласка", "Зразкова Ганна"], "Зразкова Ганна"),
    ],
)
async def test_who_calls(said: Sequence[str], name: str) -> None:
    assert await value(SlotKind.WHO, *said) == name


@pytest.mark.parametrize(
    "said",
    [
        "це я дзвоню вам уже третій раз",
        "я хочу поскаржитися на сусідів",
        "це неподобство у нас немає води",
        "я з Київського кварталу",
        "> гаряча лінія мене звати Олена слухаю вас",
        "живу на бульварі Лесі Українки",
        "Ганна",
        "мене зовсім не чути",
    ],
)
async def test_nobody_is_named(said: str) -> None:
    assert await value(SlotKind.WHO, said) is None


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (["живу в Київському кварталі будинок сім"], "Київський квартал, 7"),
        (["Київський квартал сім а квартира дванадцять"], "Київський квартал, 7а, кв. 12"),
        (["Тбіліський квартал дім двадцять дванадцята квартира"], "Тбіліський квартал, 20, кв. 12"),
        (["Московський квартал будинок п'ять вже два дні немає води"], "Поліський квартал, 5"),
        (["я з Ризького кварталу", "> який будинок", "дев'ятий"], "Ризький квартал, 9"),
        (["я з Ризького кварталу вже два дні без світла"], "Ризький квартал"),
        (["у нас в домі", "> отже Київський квартал будинок сім правильно"], "Київський квартал, 7"),
        (["Київський квартал сім", "та весь Київський квартал без води"], "Київський квартал, 7"),
    ],
)
async def test_where_it_is(said: Sequence[str], address: str) -> None:
    assert await value(SlotKind.WHERE, *said) == address


@pytest.mark.parametrize(
    "said",
    ["у нас уже два дні немає води", "я дзвонила вам о дев'ятій годині", "з дванадцятої години нема світла"],
)
async def test_a_time_is_no_address(said: str) -> None:
    assert await value(SlotKind.WHERE, said) is None


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("води немає з учора", "29.11.2026"),
        ("з вчорашнього дня сидимо без світла", "29.11.2026"),
        ("вчора з шостої вечора немає води", "29.11.2026 18:00"),
        ("с вчера нєту води", "29.11.2026"),
        ("з позавчора не вивозять", "28.11.2026"),
        ("зранку немає опалення", "30.11.2026"),
        ("з самого ранку нічого", "30.11.2026"),
        ("нема з дев'ятої ранку", "30.11.2026 09:00"),
        ("світла немає з восьмої вечора", "29.11.2026 20:00"),
        ("з десятої години ранку", "30.11.2026 10:00"),
        ("вже другий день немає води", "29.11.2026"),
        ("третій день без води", "28.11.2026"),
        ("уже два дні немає тепла", "28.11.2026"),
        ("вже тиждень не світить ліхтар", "23.11.2026"),
        ("ужє неділя як нема", "23.11.2026"),
        ("вже місяць звертаюся", "31.10.2026"),
        ("три години тому вимкнули", "30.11.2026 11:00"),
        ("з понеділка немає", "23.11.2026"),
        ("з п'ятниці нема гарячої", "27.11.2026"),
        ("з двадцять п'ятого листопада", "25.11.2026"),
        ("з двадцять восьмого числа", "28.11.2026"),
        ("з першого грудня минулого", "01.12.2025"),
    ],
)
async def test_since_when(said: str, since: str) -> None:
    assert await value(SlotKind.SINCE, said) == since


@pytest.mark.parametrize(
    "said",
    [
        "зателефонуйте мені через два дні",
        "зробіть це за тиждень",
        "> ми зробимо протягом трьох днів",
        "> з учора у вас немає води",
        "я живу на третьому поверсі",
        "у мене двоє дітей",
    ],
)
async def test_nothing_is_said_of_since_when(said: str) -> None:
    assert await value(SlotKind.SINCE, said) is None


@pytest.mark.parametrize(
    ("said", "since"),
    [
        ("there is no water since yesterday", "29.11.2026"),
        ("no heating since nine in the morning", "30.11.2026 09:00"),
        ("it has been off for two days", "28.11.2026"),
        ("since friday", "27.11.2026"),
        ("for a week already", "23.11.2026"),
    ],
)
async def test_since_when_in_english(said: str, since: str) -> None:
    assert await value(SlotKind.SINCE, said, language=Language.ENGLISH) == since


async def test_who_calls_in_english() -> None:
    said = "hello my name is John Smith and there is no water"
    assert await value(SlotKind.WHO, said, language=Language.ENGLISH) == "John Smith"


@pytest.mark.parametrize(
    ("said", "promised"),
    [
        ("добре я передам майстрам", "я передам майстрам"),
        ("вам передзвонять до вечора", "вам передзвонять до вечора"),
        ("зробимо протягом трьох днів", "зробимо протягом трьох днів"),
        ("завтра до вас приїдуть з водоканалу", "до вас приїдуть з водоканалу"),
        ("строк розгляду протягом тридцяти днів", "протягом тридцяти днів"),
        ("вам перезвонят", "вам перезвонят"),
    ],
)
async def test_what_a_dispatcher_promises(said: str, promised: str) -> None:
    assert await value(SlotKind.PROMISED, f"> {said}") == promised


@pytest.mark.parametrize(
    "said",
    [
        "> чи вам передзвонять до вечора",
        "> перевірте будь ласка кран",
        "> коли вам передзвонили",
        "вам передзвонять до вечора сказали мені",
        "> зробили вже чи ні",
    ],
)
async def test_nothing_is_promised(said: str) -> None:
    assert await value(SlotKind.PROMISED, said) is None


async def test_what_a_dispatcher_promises_in_english() -> None:
    said = "> we will call you back within two days"
    assert await value(SlotKind.PROMISED, said, language=Language.ENGLISH) == said.removeprefix("> ")


async def test_a_slot_tells_its_words_and_whether_the_ear_was_sure() -> None:
    (slot,) = (await filled("алло немає води з дев'ятої ранку вже", confidence=UNSURE)).values()
    assert slot.words == "немає води з дев'ятої ранку вже"
    assert (slot.speaker, slot.sure) == (Speaker.CALLER, False)


async def test_what_is_said_later_takes_the_place_of_what_was_said_first() -> None:
    told = await filled(
        "з учора немає води", "ой ні з позавчора", "мене звати Ольга", "Петренко Ольга Ігорівна"
    )
    assert told[SlotKind.SINCE].value == "28.11.2026"
    assert told[SlotKind.WHO].value == "Петренко Ольга Ігорівна"


async def test_a_story_without_any_of_it_fills_nothing() -> None:
    assert await filled("> слухаю вас", "у підвалі повно сміття і пацюки бігають", "> зрозуміло") == {}


@pytest.mark.parametrize("said", ["у мене 5 карток, дякую", "моя картка 4149 4993 1234 5679 дякую"])
async def test_thanks_beside_a_number_are_no_address(said: str) -> None:
    assert SlotKind.WHERE not in await filled(said)


async def test_a_card_number_stands_in_no_slot() -> None:
    found = await filled("Бакинський квартал будинок сім, картка 4149 4993 1234 5679")
    assert found[SlotKind.WHERE].value == "Бакинський квартал, 7"
    assert "4993" not in found[SlotKind.WHERE].words
