"""Ukrainian numerals in every case: cardinals that agree with what is counted, ordinals, hours, decimals."""

from collections.abc import Mapping, Sequence
from datetime import time
from typing import Literal

from hotline.voice.numerals import in_words

Case = Literal["nominative", "genitive", "dative", "accusative", "instrumental", "locative"]
Gender = Literal["masculine", "feminine", "neuter", "plural"]

_MENDED = (
    ("тисячи", "тисячі"),
    ("двохста", "двохсот"),
    ("трьохста", "трьохсот"),
    ("чотирьохста", "чотирьохсот"),
    ("стаста", "сотста"),
    *((f"{stem}иста", f"{stem}исот") for stem in ("п'ят", "шест", "сем", "дев'ят")),
    ("восьмиста", "восьмисот"),
)
"""Genitives of num2words that nobody says."""
CASES: Sequence[Case] = ("nominative", "genitive", "dative", "accusative", "instrumental", "locative")
_HARD: Mapping[Gender, Mapping[Case, str]] = {
    "masculine": dict(zip(CASES, ("ий", "ого", "ому", "ий", "им", "ому"), strict=True)),
    "neuter": dict(zip(CASES, ("е", "ого", "ому", "е", "им", "ому"), strict=True)),
    "feminine": dict(zip(CASES, ("а", "ої", "ій", "у", "ою", "ій"), strict=True)),
    "plural": dict(zip(CASES, ("і", "их", "им", "і", "ими", "их"), strict=True)),
}
"""Endings of adjectives, by which ordinals are declined."""
_SOFT = {
    "ий": "ій",
    "ого": "ього",
    "ому": "ьому",
    "им": "ім",
    "е": "є",
    "а": "я",
    "ої": "ьої",
    "у": "ю",
    "ою": "ьою",
    "их": "іх",
    "ими": "іми",
}
"""The same of `третій`, where they differ."""


def cardinal(number: int, *, case: Case = "nominative", gender: Gender = "masculine") -> str:
    """`двадцяти однієї` for 21 in the genitive, feminine."""
    said = in_words(number, "uk", case=case, gender=gender)
    for wrong, right in _MENDED:
        said = said.replace(wrong, right)
    if gender == "neuter" and case in {"nominative", "accusative"} and said.endswith("один"):
        said = said.removesuffix("один") + "одне"
    return said.removeprefix("одна ").removeprefix("однієї ") if number // 1000 == 1 else said


def ordinal(number: int, *, case: Case = "nominative", gender: Gender = "masculine") -> str:
    """`двадцять першої` for 21 in the genitive, feminine."""
    said, ending = in_words(number, "uk", to="ordinal"), _HARD[gender][case]
    if said.endswith("ій"):
        return said.removesuffix("ій") + _SOFT.get(ending, ending)
    return said.removesuffix("ий") + ending


def counted(number: int, one: str, few: str, many: str) -> str:
    """Choose the form of a noun after a cardinal: 21 хвилина, 22 хвилини, 25 хвилин, 11 хвилин."""
    if number % 100 in range(11, 15):
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(number % 10, many)


def clock(moment: time, case: Case, *, bare: bool = False) -> str:
    """`вісімнадцятої години тридцяти хвилин`; `bare`: the word for hour is left out at a whole hour.

    The locative has its preposition: `об одинадцятій годині`.
    """
    if moment.hour == moment.minute == 0:
        return "опівночі"
    hour = ordinal(moment.hour, case=case, gender="feminine") if moment.hour else _nought(case)
    named = {"genitive": "години", "accusative": "годину", "locative": "годині", "nominative": "година"}[case]
    said = hour if bare and not moment.minute else f"{hour} {named}"
    if case == "locative":
        said = f"{'об' if hour.startswith('о') else 'о'} {said}"
    if not moment.minute:
        return said
    if case == "genitive":
        minutes = cardinal(moment.minute, case="genitive", gender="feminine")
        return f"{said} {minutes} {counted(moment.minute, 'хвилини', 'хвилин', 'хвилин')}"
    minutes = cardinal(moment.minute, gender="feminine")
    return f"{said} {minutes} {counted(moment.minute, 'хвилина', 'хвилини', 'хвилин')}"


def decimal(whole: str, part: str) -> tuple[str, str]:
    """Say 4,5 as `чотири з половиною` and 1,2 as `одна ціла дві десяті`; and which form the unit takes."""
    number, length = int(whole), len(part)
    if part == "5" and number == 1:
        return "півтора", "genitive"
    if part == "5" and number:
        return f"{cardinal(number)} з половиною", "few" if number % 10 in (2, 3, 4) else "many"
    places = {
        1: ("десята", "десяті", "десятих"),
        2: ("сота", "соті", "сотих"),
        3: ("тисячна", "тисячні", "тисячних"),
    }
    if length not in places:
        return f"{cardinal(number)} кома {cardinal(int(part))}", "many"
    wholes = counted(number, "ціла", "цілі", "цілих") if number else "цілих"
    parts = counted(int(part), *places[length])
    said = f"{cardinal(number, gender='feminine')} {wholes} {cardinal(int(part), gender='feminine')} {parts}"
    return said, "genitive"


def _nought(case: Case) -> str:
    return "нульов" + _HARD["feminine"][case]
