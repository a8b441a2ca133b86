"""Readings of acronyms and of words that are cut off."""

import re
from collections.abc import Mapping, Sequence

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
_WHOLE: Mapping[str, str | Sequence[str]] = DATA["whole"]
_AS_GIVEN: Mapping[Case, int] = {"genitive": 1, "locative": 2, "accusative": 3, "instrumental": 4}
_INDEX = re.compile(r"-(?=[\w']{4}|два|три|сім|сто)")
"""A hyphen before a number in words, and no ending: `ЗПІ-дванадцять`, not `ЖЕК-у`."""
_SHOUTED_BEFORE = re.compile(r"[А-ЯІЇЄҐ']{5,}[!.,:]? +$")
_SHOUTED_BEHIND = re.compile(r" +[А-ЯІЇЄҐ']{5,}(?!\w)")
_VOWELS = frozenset("АЕЄИІЇОУЮЯ")
_CONSONANTS = "".join(letter for letter, name in LETTERS.items() if len(name) > 1)
"""Letters that a voice would swallow where they stand alone."""


def _acronym(found: re.Match[str]) -> str:
    """Expand an acronym in the case of what stands before; else spell it, unless it can be read as a word."""
    word = found["word"]
    before = f"{found['prep'] or ''}{found['gap'] or ''}"
    if word in _WHOLE and not _INDEX.match(found.string, found.end()):
        return before + _whole(word, case_before(found["prep"], found["gap"]))
    if not word.isupper():
        return found[0]
    if _VOWELS.intersection(word[1:-1]) or (_VOWELS.intersection(word) and _shouted(found)):
        return before + word.lower()
    return before + "-".join(LETTERS[letter] for letter in word if LETTERS.get(letter))


def _shouted(found: re.Match[str]) -> bool:
    """Tell whether a neighbour is a long word in capitals: `ДЛЯ МЕШКАНЦІВ` has no acronym."""
    said, (begin, end) = found.string, found.span("word")
    return bool(_SHOUTED_BEFORE.search(said, 0, begin) or _SHOUTED_BEHIND.match(said, end))


def _whole(word: str, case: Case) -> str:
    """Say what it stands for; where all its cases are given, in the one that is asked for."""
    known = _WHOLE[word]
    return _declined(known, case) if isinstance(known, str) else known[_AS_GIVEN.get(case, 0)]


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
