"""Addresses as people say them, found in the city's register: by old names, nicknames, and what is nearest.

What is found is a guess: it is read back, and counts once the caller has said that it is so.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise, product

from hotline.city.addresses import Address, Gazetteer
from hotline.city.search_terms import KINDS_OF_STREET, normalised
from hotline.speech.said import Said, SaidWord
from hotline.speech.sounds import muffled
from hotline.speech.spoken_numbers import SpokenNumber, numbers_in
from hotline.speech.vocabulary import Vocabulary
from hotline.speech.word_errors import errors

PLACES = "places"
"""The name of such a question in `Vocabulary.listen_for`."""
MOST_GUESSES = 3
LEAST_ALIKE = 0.74
"""How much of a name has to be there, letter by letter; below it no street was named."""
LEAST_ALIKE_NUMBER = 0.65
"""The same for a number where one is expected; its read-back is all that makes it count."""
NEAR = 0.12
"""Another name that is alike by no less than the best one but for this is a guess as well."""
OTHER_ENDING, OTHER_KIND, SAID_EXACTLY = 0.05, 0.1, 1.0
LONGEST_NAME, ENOUGH = 4, 2
"""Words of a name that are looked at, and those by which it is known."""
SHORTEST_ALIKE = 5
"""Letters of a name that another word can be like: «баку» has to be said, and «дякую» is not it."""
SHORTEST_PART = 3
"""Letters of a word of a name: `77-ї` is 77."""

_ON = frozenset({"на", "по"})
_ENDING = re.compile(r"(?<=\w{4})(?:ого|ому|оі|ім|іг|а|у|і|е|о|ам|аг|ов)$")
_FEMININE = re.compile(r"(?:ій|ої|ою|ая|ую|ей|а|у)$")
_MASCULINE = re.compile(r"(?:ого|ому|ий|ім|им|ой)$")


@dataclass(frozen=True, slots=True)
class _FoundStreet:
    street: str
    alike: float
    begins: int
    ends: int


def addresses_in(said: Said, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    """Give the addresses that may be meant, the likeliest first; none where no street of the register is.

    An address without a house: none was said, or the street has no such house and none that sounds like it.
    """
    found: list[Address] = []
    for street in _streets(said, register, words):
        numbers = [one for one in numbers_in(said, words) if not _is_within(one, street)]
        number = _of_house(said, numbers, street.ends, words)
        houses = _houses(said, number, street.street, register, words, behind=street.ends)
        found += [register.at(street.street, one) for one in houses or [""]]
    with_house = [one for one in found if one.house]
    return list(dict.fromkeys(with_house or found))[:MOST_GUESSES]


def addresses_told(said: Said, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    """Give the addresses of words that speak of other things as well, the likeliest first.

    A house is a number in them, and a street alone is one that is called a street, or by its own name.
    """
    found = addresses_in(said, register, words)
    if not numbers_in(said, words):
        found = list(dict.fromkeys(replace(one, house="") for one in found))
    named = _calls_a_street(said)
    return [one for one in found if one.house or named or _by_name(said, one.street)]


def _calls_a_street(said: Said) -> bool:
    return any(not KINDS_OF_STREET.isdisjoint(word.forms) for word in said)


def _by_name(said: Said, street: str) -> bool:
    """Tell whether the whole name is said, whatever the ending."""
    name = [one for one in normalised(street).split() if one not in KINDS_OF_STREET]
    return bool(name) and all(any(one in word.forms or one == word.text for word in said) for one in name)


def is_in_street_name(said: Said, at: int, register: Gazetteer, words: Vocabulary) -> bool:
    """Tell whether the caller names a street by the word at `at`: «вулиця Пожежна», «на Пожежній».

    So it is beside a word for a street, before a number, behind «на», or alone. What is asked for stands as
    «пожежну»: that is a street behind a word for one only, and «пожежна вулиця Миру» names another.
    """
    heard = said[at].text
    names = [part for name, _ in register.names for part in normalised(name).split() if _is_form(heard, part)]
    if not names:
        return False
    before, behind, further = said[max(0, at - 1) : at], said[at + 1 : at + 2], said[at + 2 : at + 3]
    if _calls_a_street(before):
        return True
    if heard.endswith("у") and any(name.endswith("а") for name in names):
        return False
    return (
        (_calls_a_street(behind) and (not further or bool(numbers_in(further, words))))
        or bool(numbers_in(behind, words))
        or any(one.text in _ON for one in before)
        or sum(bool(one.forms) for one in said) == 1
    )


def _is_form(heard: str, name: str) -> bool:
    return _as_heard(heard) == _as_heard(name)


def houses_in(said: Said, street: str, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    """Give the houses of a known street that may be meant, the likeliest first."""
    number = _of_house(said, numbers_in(said, words), 0, words)
    houses = _houses(said, number, street, register, words, behind=0)
    return [register.at(street, one) for one in houses][:MOST_GUESSES]


def _streets(said: Said, register: Gazetteer, words: Vocabulary) -> Sequence[_FoundStreet]:
    names = [*register.names, *_nicknames(register, words)]
    found = [one for name, street in names if (one := _best(said, name, street)) is not None]
    best = max((one.alike for one in found), default=0.0)
    by_street: dict[str, _FoundStreet] = {}
    for one in sorted(found, key=lambda one: -one.alike):
        if one.alike >= best - NEAR:
            by_street.setdefault(one.street, one)
    return list(by_street.values())


def _nicknames(register: Gazetteer, words: Vocabulary) -> Iterable[tuple[str, str]]:
    for said, name in words.places.items():
        if (street := register.street(name)) is not None:
            yield said, street


def _best(said: Said, name: str, street: str) -> _FoundStreet | None:
    """Give the place among the words at which the name is said best; None where it is not said."""
    all_words = normalised(name).split()
    bare = [one for one in all_words if one not in KINDS_OF_STREET] or all_words
    bare = [one for one in bare if len(one) >= SHORTEST_PART or one.isdigit()][:LONGEST_NAME] or bare
    names = [bare, bare[:-1]] if len(bare) > ENOUGH else [bare]  # nobody says a long name to its end
    found = None
    for part in names:
        for at, length in product(range(len(said)), (len(part), len(part) + 1)):
            there = said[at : at + length]
            alike = _alike(part, there) if len(there) == length else 0.0
            if alike >= LEAST_ALIKE and (found is None or alike > found.alike):
                found = _FoundStreet(street, alike, at, at + length)
    if found is None:
        return None
    kinds = KINDS_OF_STREET.intersection(form for one in said for form in one.forms)
    own = KINDS_OF_STREET.intersection(all_words)
    if not kinds or not own or kinds & own:
        return found
    return _FoundStreet(street, found.alike - OTHER_KIND, found.begins, found.ends)


def _alike(name: Sequence[str], there: Said) -> float:
    """Say how much of the name these words are, from 0 to 1."""
    if len(there) > len(name):  # the ear has torn a word in two
        return _letters_alike(name[0], "".join(one.text for one in there)) if len(name) == 1 else 0.0
    return sum(map(_word_alike, name, there)) / len(name)


def _word_alike(name: str, word: SaidWord) -> float:
    exactly = name in word.forms or word.text == name
    alike = SAID_EXACTLY if exactly else _letters_alike(name, word.text)
    feminine, masculine = _gender(word.text)
    differs = (name.endswith("ий") and feminine and not masculine) or (name.endswith("а") and masculine)
    return alike - OTHER_ENDING if differs else alike


@lru_cache(maxsize=1 << 10)
def _gender(word: str) -> tuple[bool, bool]:
    """Tell whether a word may be feminine, and whether masculine, by its ending."""
    return bool(_FEMININE.search(word)), bool(_MASCULINE.search(word))


@lru_cache(maxsize=1 << 15)
def _letters_alike(name: str, word: str) -> float:
    """Compare two words letter by letter, without their endings, as they sound on the telephone."""
    if word.isdigit() or name.isdigit():
        return 0.0
    if len(name) < SHORTEST_ALIKE:
        return float(_as_heard(name) == _as_heard(word))
    return _sounds_alike(_as_heard(name), _as_heard(word))


def _sounds_alike(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    if abs(len(one) - len(other)) > longest * (1 - LEAST_ALIKE_NUMBER):
        return 0.0
    in_common = (_letters(one) & _letters(other)).total()
    if in_common < longest * LEAST_ALIKE_NUMBER:
        return 0.0  # so are most streets of a city: letters are sooner counted than compared
    return 1 - errors(one, other) / longest


@lru_cache(maxsize=1 << 15)
def _letters(word: str) -> Counter[str]:
    return Counter(word)


@lru_cache(maxsize=1 << 14)
def _as_heard(word: str) -> str:
    return _ENDING.sub("", muffled(word))


def _is_within(number: SpokenNumber, street: _FoundStreet) -> bool:
    return street.begins <= number.begins < street.ends


def _of_house(
    said: Said, numbers: Sequence[SpokenNumber], behind: int, words: Vocabulary
) -> SpokenNumber | None:
    """Choose the number of the house: beside a word for it, else the first behind the street, else any."""
    house, others = words.houses["house"], words.houses["flat"] | words.houses["block"]
    about = [one for one in numbers if not _has_before(said, one, others)]
    named = (one for one in about if _has_before(said, one, house) or _has_behind(said, one, house))
    later = (one for one in about if one.begins >= behind)
    return next(named, None) or next(later, None) or next(iter(about), None)


def _has_before(said: Said, number: SpokenNumber, which: frozenset[str]) -> bool:
    return number.begins > 0 and _is_one_of(said[number.begins - 1], which)


def _has_behind(said: Said, number: SpokenNumber, which: frozenset[str]) -> bool:
    return number.ends < len(said) and _is_one_of(said[number.ends], which)


def _is_one_of(word: SaidWord, which: frozenset[str]) -> bool:
    return not {word.text, *word.forms}.isdisjoint(which)


def _houses(
    said: Said,
    number: SpokenNumber | None,
    street: str,
    register: Gazetteer,
    words: Vocabulary,
    *,
    behind: int,
) -> Sequence[str]:
    """Give the houses of the register that may be meant; of a street without houses in it, what was said.

    Where no number was made out, those are tried that the words `behind` the street sound like.
    """
    if number is None:
        return [one for one in _nearly_numbers(said[behind:], words) if register.has(street, one)]
    told = _told(said, number, words)
    exactly = [one + part for one in told for part in _behind_number(said, number, words)]
    if not register.knows_houses_of(street):
        return exactly[:1]
    alike = [
        other for one in told for group in words.alike if one in group for other in sorted(group, key=int)
    ]
    return list(dict.fromkeys(one for one in [*exactly, *alike] if register.has(street, one)))


def _told(said: Said, number: SpokenNumber, words: Vocabulary) -> Sequence[str]:
    """Give the digits that may be the house's; `два, третій під'їзд` is house 2."""
    groups = list(number.groups)
    last = said[number.ends - 1]
    if len(groups) > 1 and _is_ordinal(last) and _has_behind(said, number, words.houses["flat"]):
        groups.pop()
    return list(dict.fromkeys(["".join(groups), groups[0]]))


def _nearly_numbers(said: Said, words: Vocabulary) -> Sequence[str]:
    """Give the numbers that a word, or two that the ear tore apart, sounds like; the likeliest first."""
    texts = [one.text for one in said]
    texts += [one + other for one, other in pairwise(texts)]
    found: dict[int, float] = {}
    for text, (name, value) in product(texts, words.numbers.values.items()):
        alike = _sounds_alike(muffled(name), muffled(text))
        if alike >= LEAST_ALIKE_NUMBER:
            found[value] = max(alike, found.get(value, 0.0))
    return [str(value) for value in sorted(found, key=lambda value: -found[value])]


def _is_ordinal(word: SaidWord) -> bool:
    return any(one.endswith(("ий", "ій")) for one in word.forms)


def _behind_number(said: Said, number: SpokenNumber, words: Vocabulary) -> Sequence[str]:
    """Give what may belong to the house behind its number: a letter, a block, the half of a fraction."""
    behind = said[number.ends :]
    if not behind:
        return [""]
    first = behind[0].text
    if first in words.houses["slash"] | words.houses["block"]:
        second = next((one for one in numbers_in(said, words) if one.begins == number.ends + 1), None)
        if second is not None:
            between = ["/"] if first in words.houses["slash"] else ["/", "к", " корпус "]
            return [*(f"{sign}{second.digits}" for sign in between), ""]
    letters = [one.text for one in behind[:2] if one.text in words.letters]
    return [words.letters[letters[0]], ""] if letters else [""]
