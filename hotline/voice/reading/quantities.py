"""Readings of numbers with what they count: units, decimals, ordinals, nouns."""

import re
from collections.abc import Mapping, Sequence

from hotline.voice import ukrainian
from hotline.voice.reading.grammar import (
    DATA,
    GENDERS,
    OF_PREPOSITION,
    OF_TAG,
    PREP,
    Readings,
    any_of,
    behind,
    full_stop,
)
from hotline.voice.ukrainian_numerals import Case, Gender, cardinal, counted, decimal, ordinal
from hotline.voice.ukrainian_words import nouns

_UNITS: Mapping[str, Sequence[str]] = DATA["units"]


_ACCUSATIVE = str.maketrans("ая", "ую")
"""The last letters of feminine nouns in the nominative → in the accusative."""
_LONGEST_CARDINAL = 6
"""More figures than these are a telephone number, or the like: said one by one."""


_ROMAN = {"I": 1, "V": 5, "X": 10}


_ENDINGS: Mapping[str, tuple[Gender, Case]] = {
    "й": ("masculine", "nominative"),
    "ий": ("masculine", "nominative"),
    "ій": ("masculine", "nominative"),
    "го": ("masculine", "genitive"),
    "ого": ("masculine", "genitive"),
    "му": ("masculine", "dative"),
    "ому": ("masculine", "dative"),
    "м": ("masculine", "instrumental"),
    "им": ("masculine", "instrumental"),
    "а": ("feminine", "nominative"),
    "я": ("feminine", "nominative"),
    "ша": ("feminine", "nominative"),
    "га": ("feminine", "nominative"),
    "тя": ("feminine", "nominative"),
    "та": ("feminine", "nominative"),
    "ма": ("feminine", "nominative"),
    "те": ("neuter", "nominative"),
    "ті": ("plural", "nominative"),
    "ї": ("feminine", "genitive"),
    "ої": ("feminine", "genitive"),
    "у": ("feminine", "accusative"),
    "ту": ("feminine", "accusative"),
    "ю": ("feminine", "accusative"),
    "е": ("neuter", "nominative"),
    "ше": ("neuter", "nominative"),
    "ге": ("neuter", "nominative"),
    "тє": ("neuter", "nominative"),
    "і": ("plural", "nominative"),
    "х": ("plural", "genitive"),
    "их": ("plural", "genitive"),
}
"""The letters behind the figures of an ordinal → its form."""


def _roman(found: re.Match[str]) -> str:
    values = [_ROMAN[sign] for sign in found[1]]
    number = sum(-one if one < max(values[at:]) else one for at, one in enumerate(values))
    word = found[2]
    gender, case = next(
        ((GENDERS[one.gender], OF_TAG[one.case]) for one in nouns(word) if one.gender in GENDERS),
        ("masculine", "nominative"),
    )
    return f"{ordinal(number, case=case, gender=gender)} {word}"


def _ordinal(found: re.Match[str]) -> str:
    gender, case = _ENDINGS[found[2]]
    return ordinal(int(found[1]), case=case, gender=gender)


def _decimal_unit(found: re.Match[str]) -> str:
    said, form = decimal(found[1], found[2])
    unit = _UNITS.get(found[3] or found[4] or "")
    if unit is None:
        return said
    if unit[0] == "feminine":
        said = said.replace("півтора", "півтори")
        if form != "genitive":
            said = said.replace(cardinal(int(found[1])), cardinal(int(found[1]), gender="feminine"), 1)
    named = {"few": unit[2], "many": unit[3], "genitive": unit[4]}[form]
    return f"{said} {named}{full_stop(found)} "


def _unit(found: re.Match[str]) -> str:
    prep, figures, unit = found["prep"], found[3], _UNITS[found[4]]
    sign = "мінус " if found["minus"] else ""
    number, stop = int(figures), full_stop(found)
    gender: Gender = "feminine" if unit[0] == "feminine" else "masculine"
    if OF_PREPOSITION.get((prep or "").lower()) == "genitive" and prep:
        named = counted(number, unit[4], unit[3], unit[3])
        return f"{prep} {sign}{cardinal(number, case='genitive', gender=gender)} {named}{stop} "
    if (prep or "").lower() in {"через", "на", "за", "про", "по"}:
        said = cardinal(number, case="accusative", gender=gender)
        one = unit[1][:-1] + unit[1][-1].translate(_ACCUSATIVE) if gender == "feminine" else unit[1]
        return f"{prep} {sign}{said} {counted(number, one, unit[2], unit[3])}{stop} "
    said = f"{sign}{cardinal(number, gender=gender)} {counted(number, *unit[1:4])}{stop} "
    return behind(prep, said)


def _counted_noun(found: re.Match[str]) -> str:
    """Have a number agree with the noun behind it: `дві заявки`, `двох засувок`, `у п'яти будинках`."""
    prep, number, word = found["prep"], int(found[2]), found[3]
    said = _number_before(prep, number, word)
    return f"{behind(prep, said)} {word}"


_OBLIQUE = ("ах", "ях", "ам", "ям", "ами", "ями")


_WORKS = frozenset({"заміна", "ремонт", "установка", "перевірка", "чистка", "промивка", "обстеження"})
"""Works that are done to the things counted behind them."""


def _number_before(prep: str | None, number: int, word: str) -> str:
    last, teen = number % 10, number % 100 in range(11, 15)
    before = (prep or "").lower()
    wanted = "genitive" if before in _WORKS or before.endswith("ння") else OF_PREPOSITION.get(before)
    if wanted is None and (last not in (1, 2, 3, 4) or teen) and not word.lower().endswith(_OBLIQUE):
        return cardinal(number)
    readings = [one for one in nouns(word) if one.case in OF_TAG]
    if not readings:
        return cardinal(number, case="genitive" if wanted == "genitive" else "nominative")
    gender: Gender = next((GENDERS[one.gender] for one in readings if one.gender in GENDERS), "masculine")
    cases = [OF_TAG[one.case] for one in readings if one.plural is (last != 1 or teen)] or ["nominative"]
    if wanted in cases:
        case = wanted
    elif wanted == "locative" and "accusative" in cases:
        case = "accusative"
    elif last in (2, 3, 4) and not teen and "nominative" in cases:
        case = "nominative"
    elif last == 1 and not teen:
        case = cases[0]
    elif last in (2, 3, 4) and not teen:
        case = "genitive" if "genitive" in cases else cases[0]
    else:
        case = (
            "nominative"
            if wanted in (None, "accusative", "locative", "instrumental") and "genitive" in cases
            else cases[0]
        )
    return cardinal(number, case=case, gender=gender)


def _figures(found: re.Match[str]) -> str:
    prep, figures, minus = found["prep"], found[3], "мінус " if found["minus"] else ""
    if len(figures) > _LONGEST_CARDINAL or (figures.startswith("0") and len(figures) > 1):
        return behind(prep, f" {ukrainian.digits(figures)} ")
    genitive = OF_PREPOSITION.get((prep or "").lower()) == "genitive"
    return behind(prep, f"{minus}{cardinal(int(figures), case='genitive' if genitive else 'nominative')} ")


def _first_of_two(found: re.Match[str]) -> str:
    """Have the first number of `2–3 години` agree with what the second counts."""
    unit, number = _UNITS.get(found[4]), int(found[2])
    if unit is not None:
        gender: Gender = "feminine" if unit[0] == "feminine" else "masculine"
        return f"{behind(found['prep'], cardinal(number, gender=gender))}-"
    if number % 10 == 1:  # one of something, though more may follow
        of_noun = next((GENDERS[one.gender] for one in nouns(found[4]) if one.gender in GENDERS), None)
        return f"{behind(found['prep'], cardinal(number, gender=of_noun or 'masculine'))}-"
    return f"{behind(found['prep'], _number_before(found['prep'], number, found[4]))}-"


READINGS: Readings = [
    (re.compile(r"\b([IVX]{1,5})(?:-\w{1,2})?\s+([а-яіїєґ']{3,})"), _roman),
    (
        re.compile(
            rf"{PREP}(?<![\d.,-])(\d{{1,4}})\s?[-–—]\s?(?=(\d{{1,4}})\s?({any_of(_UNITS)}|[а-яіїєґ'][а-яіїєґ']{{2,}})(?!\w))"
        ),
        _first_of_two,
    ),
    (
        re.compile(rf"(?<![\w-])(\d{{1,4}})-({'|'.join(sorted(_ENDINGS, key=len, reverse=True))})(?![\w'])"),
        _ordinal,
    ),
    (
        re.compile(rf"(?<![\d.,])(\d+)[.,](\d+)(?![.,]?\d)(?:\s?({any_of(_UNITS)})\b\.?|\s?(%|°C|°))?"),
        _decimal_unit,
    ),
    (
        re.compile(
            rf"{PREP}(?<![\d.,])(?P<minus>(?<!\w)-)?(\d+)\s?"
            rf"({any_of([one for one in _UNITS if one[0].isalpha()])})(?![\w²³/])\.?"
        ),
        _unit,
    ),
    (re.compile(rf"{PREP}(?<![\d.,])(?P<minus>(?<!\w)-)?(\d+)\s?(%|°C|°)"), _unit),
    (
        re.compile(rf"{PREP}(?<![\d.,])(\d{{1,6}})\s+([а-яіїєґ'][а-яіїєґ']{{2,}})", re.IGNORECASE),
        _counted_noun,
    ),
    (re.compile(rf"{PREP}(?P<minus>(?<!\w)-)?(\d+)", re.IGNORECASE), _figures),
]
