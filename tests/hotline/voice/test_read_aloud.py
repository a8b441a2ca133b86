"""What people typed, as a voice reads it."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.voice.read_aloud import as_far_as, read_aloud
from ivr_flows import prompts


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("КП «Славутич Тепломережі»", "комунальне підприємство Славутич Тепломережі"),
        ("вул.Київська, буд. 7, кв. 12", "вулиця Київська, будинок сім, квартира дванадцять"),
        ("пр. Незалежності, б-р Лесі Українки", "проспект Незалежності, бульвар Лесі Українки"),
        ("Завершено 25.11.2026 р.", "Завершено двадцять п'ятого листопада."),
        ("до 05.12", "до п'ятого грудня"),
        ("о 14:30", "о чотирнадцятій годині тридцять хвилин"),
        ("Об 11:00 дали воду", "об одинадцятій годині дали воду"),
        ("Тиск 4,5 атм.", "Тиск чотири з половиною атмосфери."),
        ("Лічильник № 5", "Лічильник номер п'ять"),
        ("тел. 0457912345", "телефон нуль чотири, п'ять сім, дев'ять один, два три, чотири п'ять"),
        ("ЦТП і ДНЗ", "це-те-пе і де-ен-зе"),
        ("Звернулися до ЖЕКу та УЖКГ", "Звернулися до ЖЕКу та управління житлово-комунального господарства"),
        ("Запит ЗПІ-12 прийнято", "Запит зе-пе-і-дванадцять прийнято"),
        ("Відповідь до ЗПІ від 05.12", "Відповідь до запиту на публічну інформацію від п'ятого грудня"),
        ("Повідомлення ПВ-401/26", "Повідомлення пе-ве-чотириста один дріб двадцять шість"),
        ("СБУ, ДПІ, КМУ, ЗСУ та ОДА", "ес-бе-у, де-пе-і, ка-ем-у, зе-ес-у та о-де-а"),
        ("ЦНАП, АЕС, ТЕЦ, ДТЕК, НАБУ", "цнап, аес, тец, детек, набу"),
        ("ЗАМІНА ЦТП", "заміна це-те-пе"),
        ("УВАГА! ДЛЯ МЕШКАНЦІВ", "увага! для МЕШКАНЦІВ"),
        ("60 °C, 20 %", "шістдесят градусів, двадцять відсотків"),
        ("Лампу замінено. Світить.", "Лампу замінено. Світить."),
        ("31.02.2026", "тридцять один. нуль два.дві тисячі двадцять шість"),
    ],
)
def test_abbreviations_signs_and_figures_become_words(written: str, said: str) -> None:
    assert read_aloud(written) == said


ANNOUNCEMENTS = [
    line.split("\t") for line in Path(__file__).with_name("announcements.tsv").read_text("utf-8").splitlines()
]
"""Sentences in the form of utilities' announcements, and how they are said."""


@pytest.mark.parametrize(("written", "said"), ANNOUNCEMENTS)
def test_announcements_are_read_as_people_say_them(written: str, said: str) -> None:
    assert read_aloud(written) == said
    assert read_aloud(said) == said, "what is in words already stays"


def test_what_the_hotline_itself_says_needs_no_reading() -> None:
    spoken = [one.uk for one in prompts.every_phrase() if re.search("[а-яіїєґ]", one.uk)]
    assert [read_aloud(text) for text in spoken] == spoken


def test_names_leave_out_what_stands_in_brackets() -> None:
    assert read_aloud("Постачальник води (не встановлено, демо)", asides=False) == "Постачальник води"


@given(st.text(st.sampled_from("абвїє'АБКП №%.,:;/()«»-0123456789°C\n"), max_size=60))
def test_whatever_was_typed_can_be_read(written: str) -> None:
    said = read_aloud(written)
    assert not set("0123456789№«»%\n") & set(said)
    assert said == " ".join(said.split())


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Коротко.", "Коротко."),
        ("Перше речення. Друге речення.", "Перше речення."),
        ("Одне дуже довге речення без кінця", "Одне дуже довге"),
    ],
)
def test_what_is_too_long_ends_with_a_sentence_or_at_least_a_word(text: str, kept: str) -> None:
    assert as_far_as(text, 20) == kept
