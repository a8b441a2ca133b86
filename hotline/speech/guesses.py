"""Reads all that an ear may have heard: the likeliest guess that says something counts."""

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from typing import TypeVar

from hotline.city.addresses import Address, Gazetteer
from hotline.city.category_search import CategoryWords
from hotline.city.classifier import Utility
from hotline.city.search_terms import Lemmas
from hotline.speech.answers import HeardAnswer, answer_in
from hotline.speech.hearing import Heard
from hotline.speech.misheard import Misheard
from hotline.speech.said import Said, said_in, without_repeats
from hotline.speech.spoken_numbers import SpokenNumber, numbers_in
from hotline.speech.spoken_places import MOST_GUESSES, addresses_in, addresses_told, houses_in
from hotline.speech.topics import Topic, emergency_in, is_off_in_street, topic_in, utility_in
from hotline.speech.vocabulary import Vocabulary

NEARER_THAN_A_MATTER, EMERGENCY_NEARER = 0.1, 0.125
"""How far torn words may be from a topic (`misheard.nearest`), at most, to count for more than a matter."""
MOST_WORDS = 80
"""Words of a guess that are looked through for a topic: a turn of half a minute, said fast."""
Guesses = Sequence[Said]
"""The words of each guess, made ready for the rules."""
Meaning = TypeVar("Meaning")


async def guesses_in(heard: Heard, lemmas: Lemmas) -> Guesses:
    """Make them ready, the likeliest first; guesses that differ only in their signs are one."""
    return _each_once([await said_in(one, lemmas) for one in heard.guesses])


def _each_once(guesses: Iterable[Said]) -> Guesses:
    by_words: dict[str, Said] = {}
    for said in guesses:
        by_words.setdefault(" ".join(word.text for word in said), said)
    return list(by_words.values())


def answer_among(guesses: Guesses, words: Vocabulary) -> HeardAnswer | None:
    """Give the answer of the likeliest guess that has one; who may speak of an emergency has none."""
    if emergency_among(guesses, words):
        return None
    return next(_understood(guesses, lambda said: answer_in(said, words)), None)


def emergency_among(
    guesses: Guesses, words: Vocabulary, *, where: bool = False, streets: Gazetteer | None = None
) -> bool:
    """Whether a guess tells of an emergency, whatever was asked: «горить будинок» is no yes of a lamp.

    `where`: a place or a number was asked for; of a place its name among the `streets` is none.
    """
    return any(emergency_in(said, words, where=where, streets=streets) for said in guesses)


def topic_among(guesses: Guesses, words: Vocabulary, categories: Sequence[CategoryWords]) -> Topic | None:
    """Give the topic of the likeliest guess that has one.

    A matter counts where no guess has another, torn and misheard words neither, as these have a word of the
    city's categories by chance. What an ear wrote again and again («так так так») is looked at once.
    """
    guesses = _each_once(without_repeats(said)[:MOST_WORDS] for said in guesses)
    found = list(_understood(guesses, lambda said: topic_in(said, words, categories)))
    plain = next((one for one in found if one is not Topic.MATTER), None)
    return plain or _misheard(guesses, words, matter=bool(found)) or next(iter(found), None)


def is_off_in_street_among(guesses: Guesses, words: Vocabulary, streets: Gazetteer) -> bool:
    """Whether all guesses that tell of an emergency do so by the name of a street where something is off."""
    telling = [said for said in guesses if topic_in(said, words) is Topic.EMERGENCY]
    return bool(telling) and all(is_off_in_street(said, words, streets) for said in telling)


def _misheard(guesses: Guesses, words: Vocabulary, *, matter: bool) -> Topic | None:
    """Give the topic that is nearest to the torn words of a guess; of those as near the likeliest guess's.

    Where there is a `matter` by words as they were heard, another topic has to be nearer; an emergency goes
    before others, and by less: a person is had for either, only sooner.
    """
    if not matter:
        return _nearest(guesses, words, set(Topic))
    others = set(Topic) - {Topic.EMERGENCY, Topic.MATTER}
    emergency = _nearest(guesses, words, {Topic.EMERGENCY}, EMERGENCY_NEARER)
    return emergency or _nearest(guesses, words, others, NEARER_THAN_A_MATTER)


def _nearest(
    guesses: Guesses, words: Vocabulary, topics: Collection[Topic], farthest: float = 1.0
) -> Topic | None:
    """Give the one of these topics that is nearest to the torn words; None where none is near enough."""
    misheard = Misheard(
        {name: some for name, some in words.topics.items() if name in topics},
        *(words.only_negations, words.answering_negations),
    )
    found = [(*near, number) for number, said in enumerate(guesses) if (near := misheard.nearest(said))]
    far, name, _ = min(found, key=lambda one: (one[0], one[2]), default=(math.inf, "", 0))
    return Topic(name) if far <= farthest else None


def utility_among(guesses: Guesses, words: Vocabulary) -> Utility | None:
    return next(_understood(guesses, lambda said: utility_in(said, words)), None)


def numbers_among(guesses: Guesses, words: Vocabulary) -> Sequence[SpokenNumber]:
    return next(_understood(guesses, lambda said: numbers_in(said, words)), ())


def digits_among(guesses: Guesses, words: Vocabulary) -> str:
    return "".join(one.digits for one in numbers_among(guesses, words))


def addresses_among(guesses: Guesses, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    """Give the addresses of all guesses; a street alone counts where no guess has a house."""
    found = [one for said in guesses for one in addresses_in(said, register, words)]
    with_house = [one for one in found if one.house]
    return list(dict.fromkeys(with_house or found))[:MOST_GUESSES]


def addresses_told_among(guesses: Guesses, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    """Give the addresses of the likeliest guess that tells one among other things."""
    return next(_understood(guesses, lambda said: addresses_told(said, register, words)), ())


def houses_among(guesses: Guesses, street: str, register: Gazetteer, words: Vocabulary) -> Sequence[Address]:
    found = [one for said in guesses for one in houses_in(said, street, register, words)]
    return list(dict.fromkeys(found))[:MOST_GUESSES]


def _understood(guesses: Guesses, read: Callable[[Said], Meaning | None]) -> Iterator[Meaning]:
    """Give what the rule makes of each guess of which it makes something."""
    return (meaning for said in guesses if (meaning := read(said)))
