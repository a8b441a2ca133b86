"""Readings of acronyms and of words that are cut off."""

import re
from collections.abc import Mapping

from hotline.voice.reading.grammar import DATA, Readings, any_of, case_before, full_stop
from hotline.voice.ukrainian_numerals import Case

LETTERS = dict(
    zip(
        "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯ",
        (
            *(
                "а",
                "бе",
                "ве",
                "ге",
                "ґе",
                "де",
                "е",
                "є",
                "же",
                "зе",
                "и",
                "і",
                "ї",
                "йот",
                "ка",
                "ел",
                "ем",
            ),
            *("ен", "о", "пе", "ер", "ес", "те", "у", "еф", "ха", "це", "че", "ша", "ща", "", "ю", "я"),
        ),
        strict=True,
    )
)
"""The letters by their names."""
_SHORT: Mapping[str, str] = DATA["short"]
_WHOLE: Mapping[str, str] = DATA["whole"]
_VOWELS = frozenset("АЕЄИІЇОУЮЯ")
_CONSONANTS = "".join(letter for letter, name in LETTERS.items() if len(name) > 1)
"""Letters that a voice would swallow where they stand alone."""


def _acronym(found: re.Match[str]) -> str:
    """Expand an acronym in the case of what stands before; else spell it, unless it can be read as a word."""
    word = found["word"]
    before = f"{found['prep'] or ''}{found['gap'] or ''}"
    if word in _WHOLE:
        return before + _declined(_WHOLE[word], case_before(found["prep"], found["gap"]))
    if not word.isupper():
        return found[0]
    if _VOWELS.intersection(word[1:]) and len(word) > 2:  # noqa: PLR2004 - two letters are never a word
        return before + word.lower()
    return before + "-".join(LETTERS[letter] for letter in word if LETTERS.get(letter))


def _declined(whole: str, case: Case) -> str:
    """Decline a neuter name: `комунального підприємства`; other words stay as they are."""
    if case in {"nominative", "accusative"}:
        return whole
    endings = {
        "genitive": ("ого", "а", "я"),
        "locative": ("ому", "і", "і"),
        "instrumental": ("им", "ом", "ям"),
    }
    adjective, hard, soft = endings[case] if case in endings else endings["genitive"]
    if whole.startswith("служба"):
        return {"genitive": "служби", "instrumental": "службою"}.get(case, "службі") + whole.removeprefix(
            "служба"
        )
    words = whole.split()
    for at, word in enumerate(words):
        if word.endswith("е") and word != "не":
            words[at] = word.removesuffix("е") + adjective
        elif word.endswith("о"):
            words[at] = word.removesuffix("о") + hard
            break
        elif word.endswith("ння"):
            words[at] = word.removesuffix("я") + soft
            break
        else:
            break
    return " ".join(words)


def _in_full(found: re.Match[str]) -> str:
    return f"{_SHORT[found[1].lower()]}{full_stop(found)} "


READINGS: Readings = [
    # The index of a paper, a part of a building; a vowel is heard as it is.
    (re.compile(rf"(?<![\w'+-])([{_CONSONANTS}])-(?=\w)"), lambda found: f"{LETTERS[found[1]]} "),
    (
        re.compile(rf"\b((?:[Лл]ітер|[Кк]орпус|[Бб]лок|[Сс]екці)\w*) «?([{_CONSONANTS}])(?![\w'.-])»?"),
        lambda found: f"{found[1]} {LETTERS[found[2]]}",
    ),
    (
        re.compile(
            rf"(?:(?P<prep>[а-яіїєґА-ЯІЇЄҐ]?[а-яіїєґ']+)(?P<gap>[\s,:;«\"(]+))?(?<![\w-])(?P<word>{any_of(_WHOLE)}|[А-ЯІЇЄҐ]{{2,6}})(?![\w'])"
        ),
        _acronym,
    ),
    (re.compile(rf"(?<![\w'])({any_of(_SHORT)})\.(?!\w)\s*", re.IGNORECASE), _in_full),
    (re.compile(r"\bкВт\b"), lambda _: "кіловат"),
    (re.compile(r"\bр-н\b"), lambda _: "район"),
    (re.compile(r"%"), lambda _: " відсотків "),
    (re.compile(r"\s?/\s?"), lambda _: " або "),
]
