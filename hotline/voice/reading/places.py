"""Readings of the parts of an address, in the case that the words before them ask for."""

import re
from collections.abc import Mapping, Sequence

from hotline.voice.reading.abbreviations import LETTERS
from hotline.voice.reading.grammar import CASES, DATA, Readings, any_of, case_before, full_stop, since
from hotline.voice.ukrainian_numerals import Case, Gender, cardinal, ordinal

_PLACES: Mapping[str, Sequence[str]] = DATA["places"]


_ENDED: Mapping[str, Case] = {"у": "genitive", "і": "locative", "ом": "instrumental"}
"""The letters behind a word that is cut in the middle: `на пр-ті`."""
_BEHIND_NAME: Mapping[str, Case] = {
    "ий": "nominative",
    "ого": "genitive",
    "ому": "locative",
    "им": "instrumental",
}
"""The endings of a quarter's name, from which the case of the word behind it is read."""


def _place(found: re.Match[str]) -> str:
    """Write an abbreviated kind of place in full, in the case of what stands before."""
    ending = (found["ending"] or "").lower()
    short = found["short"].lower().removesuffix(".").removesuffix(ending)
    if short == "кв" and not found.string[found.end()].isdigit():
        short = "кв-л"
    case = _ENDED.get(ending) or case_before(found["prep"], found["gap"])
    said = _PLACES[short][CASES.index(case)]
    if found["short"][0].isupper():
        said = said.capitalize()
    return f"{found['prep'] or ''}{found['gap'] or ''}{said} "


def _quarter(found: re.Match[str]) -> str:
    """Write the kind behind a quarter's name in full: `у Київському кварталі`."""
    quarter = _PLACES["кв-л"][CASES.index(_BEHIND_NAME[found["ending"]])]
    return f"{found['name']} {quarter}{full_stop(found)}"


def one_case(said: str) -> str:
    """Put the second of two streets into the case of the first: `між вулицею Садовою та вулицею Миру`."""
    for pattern in _JOINED:
        said = pattern.sub(r"\1\2\1", said)
    return said


_JOINED = [
    re.compile(
        rf"\b({any_of(set(forms[1:]) - {forms[0]})})((?: [^\s,.;!?]+){{1,3}}(?:,| та| і| й) )"
        rf"{forms[0]}(?= [«\"А-ЯІЇЄҐ])"
    )
    for forms in {one[0]: one for one in _PLACES.values()}.values()
]


def _house(found: re.Match[str]) -> str:
    """Read the fraction of a house: `три дріб п'ять`."""
    return f"{cardinal(int(found[1]))} дріб {cardinal(int(found[2]))}"


def _houses(found: re.Match[str]) -> str:
    """Read a range behind the word for houses: `будинки з першого по п'ятнадцятий`."""
    word, first, last = found[1], int(found[2]), int(found[3])
    gender: Gender = "feminine" if word.lower().startswith("кварт") else "masculine"
    plural = {"будинок": "будинки", "квартира": "квартири", "під'їзд": "під'їзди", "поверх": "поверхи"}
    named = plural.get(word.lower(), word)
    begins = ordinal(first, case="genitive", gender=gender)
    return f"{named} {since(begins)} по {ordinal(last, case='accusative', gender=gender)}"


def _house_letter(found: re.Match[str]) -> str:
    """Read a house with its letter; a small one that stands apart is a word: `будинок 5 з 9:00`."""
    letter = found[3].strip(" -").upper()
    return f"{found[1]} {cardinal(int(found[2]))} {LETTERS.get(letter, letter)}"


def _storey(found: re.Match[str]) -> str:
    word = {"пов": "поверх", "під": "під'їзд"}[found[2].lower()]
    return f"{ordinal(int(found[1]))} {word}{full_stop(found)}"


_DOTLESS = {"пр-т", "б-р", "р-н", "кв-л"}


KINDS: Readings = [
    (
        re.compile(
            rf"\b(?P<name>[А-ЯІЇЄҐ][а-яіїєґ'-]+(?P<ending>{any_of(_BEHIND_NAME)}))\s+кв(?:\.|-л\b\.?)(?!\s*[\d№])"
        ),
        _quarter,
    ),
    (
        re.compile(
            rf"(?:(?P<prep>[а-яіїєґА-ЯІЇЄҐ']+)(?P<gap>[\s,:;«\"(]+))?(?<![\w'-])"
            rf"(?P<short>(?:{any_of(_PLACES.keys() - _DOTLESS)})\."
            rf"|(?:{any_of(_DOTLESS)})(?P<ending>у|і|ом)?\b\.?)"
            r"(?=(?-i:\s*[«\"А-ЯІЇЄҐ\d+]))\s*",
            re.IGNORECASE,
        ),
        _place,
    ),
]
"""Kinds of places, before dates are read: a street may have the name of a day."""
READINGS: Readings = [
    (
        re.compile(
            r"\b((?:будин(?:ок|ку|ки|ком|ках|ків)|квартир[аиіу]|під'їзд\w*|поверх\w*))\s+(\d{1,4})\s*[-–—]\s*(\d{1,4})(?![\d/])",
            re.IGNORECASE,
        ),
        _houses,
    ),
    (
        re.compile(
            r"\b(будин(?:ок|ку|ки|ком|ках|ків)|корпус\w*|№)\s+(\d{1,4})(-?[а-яіїєґ]|\s?-?[А-ЯІЇЄҐ])(?![\w'])(?!\s*\.)"
        ),
        _house_letter,
    ),
    (re.compile(r"(?<![\d/.,])(\d{1,4})\s?/\s?(\d{1,4})(?![\d/])"), _house),
    (re.compile(r"(?<![\w.,])(\d{1,2})\s?(пов|під)\.", re.IGNORECASE), _storey),
]
