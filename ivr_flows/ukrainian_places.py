"""Places in Ukrainian, in the locative: `на вулиці Атомників, непарні будинки з першого по дев'ятий`.

Well-known places are in `catalogue/places.toml`, with their stress; others follow the rules of the language.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources

from hotline.city.addresses import Area, Side
from hotline.voice import ukrainian
from hotline.voice.read_aloud import read_aloud
from hotline.voice.reading.abbreviations import LETTERS
from hotline.voice.ukrainian_numerals import ordinal
from hotline.voice.ukrainian_words import dictionary

REMEMBERED = 4096
_KINDS: Mapping[str, tuple[str, str]] = {
    "вулиця": ("на вулиці", "femn"),
    "площа": ("на площі", "femn"),
    "проспект": ("на проспекті", "masc"),
    "бульвар": ("на бульварі", "masc"),
    "узвіз": ("на узвозі", "masc"),
    "майдан": ("на майдані", "masc"),
    "шосе": ("на шосе", "neut"),
    "провулок": ("у провулку", "masc"),
    "проїзд": ("у проїзді", "masc"),
    "квартал": ("у кварталі", "masc"),
    "мікрорайон": ("у мікрорайоні", "masc"),
    "селище": ("у селищі", "neut"),
}
"""Kind of place → its locative, and the gender of the word."""
_ENDINGS: Mapping[str, Sequence[tuple[str, str]]] = {
    "masc": (("ий", "ому"), ("ій", "ьому")),
    "femn": (("а", "ій"), ("я", "ій")),
    "neut": (("е", "ому"), ("є", "ьому")),
}
"""By gender: how an adjective ends in the nominative, and how in the locative."""
_SURELY_ADJECTIVE = re.compile(r"(?:ий|ій|[сцз]ька|[сцз]ьке)$", re.IGNORECASE)
_VOWELS = frozenset("АЕЄИІЇОУЮЯ")


def name(street: str) -> str:
    """Name a street or quarter as one that can be chosen."""
    known = _known().get(street)
    return known[0] if known else _aloud(street)


@lru_cache(REMEMBERED)
def at(street: str) -> str:
    """Say a place with its preposition: `у Київському кварталі`, `на вулиці Деснянській`."""
    known = _known().get(street)
    if known:
        return known[1]
    words = _aloud(street).split()
    kind = next((word.lower() for word in words if word.lower() in _KINDS), None)
    if kind is None:
        return f"за адресою {' '.join(words)}"
    there, gender = _KINDS[kind]
    preposition, said = there.split()
    agreed = [said if word.lower() == kind else _agreed(word, gender) for word in words]
    if preposition == "у" and agreed[0][0].upper() in _VOWELS:
        preposition = "в"
    return " ".join([preposition, *agreed])


def houses(area: Area) -> str:
    """Say which houses of the street: `будинки з першого по дев'ятий`; nothing of a whole street."""
    if area.whole:
        return ""
    if area.letter or (area.first is not None and area.first == area.last):
        spelled = f", літера {letter(area.letter.upper())}" if area.letter else ""
        return f"будинок {ukrainian.cardinal(area.first or 0, gender='masculine')}{spelled}"
    side = {Side.ODD: "непарні ", Side.EVEN: "парні ", Side.BOTH: ""}[area.side]
    return f"{side}будинки{_range(area.first, area.last)}"


def letter(letter: str) -> str:
    """Name a letter as it is spelled: `бе`."""
    return LETTERS.get(letter, letter) or "м'який знак"


def _range(first: int | None, last: int | None) -> str:
    since = "" if first is None else f" з {ordinal(first, case='genitive')}"
    until = "" if last is None else f" по {ordinal(last)}"
    return since + until


def _aloud(street: str) -> str:
    return read_aloud(ukrainian.place(street))


def _agreed(word: str, gender: str) -> str:
    """Put an adjective into the locative; a noun in the genitive (`Атомників`) stays as it is."""
    if _is_adjective(word, gender):
        for ending, changed in _ENDINGS[gender]:
            if word.endswith(ending):
                return word.removesuffix(ending) + changed
    return word


def _is_adjective(word: str, gender: str) -> bool:
    if not word.endswith(tuple(ending for ending, _ in _ENDINGS[gender])):
        return False
    if _SURELY_ADJECTIVE.search(word):
        return True
    parses = dictionary().parse(word)
    return any(one.is_known and {"ADJF", gender, "nomn"} in one.tag for one in parses)


@cache
def _known() -> Mapping[str, Sequence[str]]:
    text = resources.files(__package__).joinpath("catalogue", "places.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
