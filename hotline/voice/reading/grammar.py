"""The case of a reading, as the prepositions, verbs and nouns before it decide."""

import re
import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from importlib.resources import files

from hotline.voice.ukrainian_numerals import Case, Gender
from hotline.voice.ukrainian_words import nouns

Readings = Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]
"""Patterns with what is said for them, one after the other."""

DATA = tomllib.loads(files("hotline").joinpath("data/abbreviations.toml").read_text("utf-8"))


def any_of(words: Collection[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


OF_PREPOSITION: Mapping[str, Case] = {
    **dict.fromkeys(
        [
            "з",
            "із",
            "зі",
            "від",
            "до",
            "біля",
            "коло",
            "для",
            "без",
            "після",
            "протягом",
            "впродовж",
            "упродовж",
            "крім",
            "окрім",
            "близько",
            "навпроти",
            "вздовж",
            "уздовж",
            "серед",
            "навколо",
            "поблизу",
            "проти",
            "замість",
            "щодо",
        ],
        "genitive",
    ),
    **dict.fromkeys(["у", "в", "на", "по", "при", "о", "об"], "locative"),
    **dict.fromkeys(["через", "про", "понад"], "accusative"),
    **dict.fromkeys(["між", "перед", "над", "під", "за"], "instrumental"),
}
"""Preposition → the case behind it, of a place."""


CASES: Sequence[Case] = ("nominative", "genitive", "locative", "accusative", "instrumental")
"""The cases in which abbreviations.toml has the words of an address, in its order."""


OF_TAG: Mapping[str, Case] = {
    "nomn": "nominative",
    "gent": "genitive",
    "datv": "dative",
    "accs": "accusative",
    "ablt": "instrumental",
    "loct": "locative",
}


GENDERS: Mapping[str, Gender] = {"masc": "masculine", "femn": "feminine", "neut": "neuter"}


PREP = r"(?:\b(?P<prep>[а-яіїєґА-ЯІЇЄҐ]{1,9})\s+)?"


def behind(prep: str | None, words: str) -> str:
    return f"{prep} {words}" if prep else words


def since(words: str) -> str:
    """Put the preposition "from" before the words, in the form that can be said."""
    return f"{'із' if words[:1] in 'зсцчшщ' else 'з'} {words}"


_ACCUSING = ("но", "то", "мо", "ють", "уть", "ать", "ять")
"""Endings of verbs behind which a place is what something is done to: відключено, перекриють."""


def case_before(word: str | None, gap: str | None) -> Case:
    """Tell the case behind this word: of a preposition, or of a noun that asks whose it is."""
    if not word or (gap or "").strip():
        return "nominative"
    lower = word.lower()
    if lower in OF_PREPOSITION:
        return OF_PREPOSITION[lower]
    if lower.endswith(_ACCUSING):
        return "accusative"
    if any(one.case for one in nouns(lower)):
        return "genitive"
    return "nominative"


def full_stop(found: re.Match[str]) -> str:
    """Keep the full stop of an abbreviation where it ends a sentence as well."""
    rest = found.string[found.end() :]
    ends = not rest.strip() or re.match(r"\s+[А-ЯІЇЄҐ]", rest) is not None
    return "." if found[0].rstrip().endswith(".") and ends else ""
