"""Topics of the main menu, found in a caller's own words."""

from collections.abc import Sequence
from enum import StrEnum

from hotline.city.addresses import Gazetteer
from hotline.city.category_search import CategoryWords
from hotline.city.classifier import Utility
from hotline.speech.answers import SKIPPED
from hotline.speech.said import Said, SaidWord
from hotline.speech.sounds import sounds
from hotline.speech.spoken_numbers import numbers_in
from hotline.speech.spoken_places import is_in_street_name
from hotline.speech.vocabulary import Vocabulary, begins, is_said

TOPICS = "topics"
"""The name of such a question in `Vocabulary.listen_for`."""


FARTHEST_LAMP = 4
"""Words before one that tells of light, among which the lamp may be."""
INFINITIVES = ("ти", "тися", "тись")
SHORTEST_TELLING = 3
"""Letters of a word by which a category may be known: `газ`, and not `за`."""


class Topic(StrEnum):
    """A branch of the menu; the names of the vocabulary's lists."""

    EMERGENCY = "emergency"
    PERSON = "person"
    """They want to speak with somebody, or to report what only a person takes down."""
    APPEAL = "appeal"
    """What has become of an appeal."""
    MESSAGE = "message"
    OUTAGES = "outages"
    MATTER = "matter"
    """Something for the city that no branch is for: a person takes it down."""


def topic_in(said: Said, words: Vocabulary, categories: Sequence[CategoryWords] = ()) -> Topic | None:
    """Give the first topic of the vocabulary that the words speak of; an emergency wins in any order.

    Where there is none, a word of one of the city's categories makes it a matter for a person.
    """
    negations = words.only_negations
    found = [
        Topic(name)
        for name, expressions in words.topics.items()
        if any(one.is_in(said, negations) for one in expressions)
    ]
    if Topic.EMERGENCY in found:
        return Topic.EMERGENCY
    return next(iter(found), None) or _of_city(said, words, categories)


def emergency_in(
    said: Said, words: Vocabulary, *, where: bool = False, streets: Gazetteer | None = None
) -> bool:
    """Whether they speak of an emergency where something else was asked; a lamp that burns is none.

    A word that sounds like one for a house is one beside a number («дим три» is «дім три»), and in answers to
    questions for a place or a number (`where`), as the number may be torn. Where one of these `streets` was
    asked for its name is none («на Пожежній»).
    """
    burning = [
        at
        for at, word in enumerate(said)
        if not _shines(said, at, words)
        and not (_sounds_like_house(word, words) and (where or _is_beside_number(said, at, words)))
    ]
    if streets is not None and _is_emergency(said, burning, words):
        burning = [at for at in burning if not is_in_street_name(said, at, streets, words)]
    return _is_emergency(said, burning, words)


def is_off_in_street(said: Said, words: Vocabulary, streets: Gazetteer) -> bool:
    """Whether the emergency is but the name of a street where something is off: «немає світла на Пожежній».

    Nothing besides may tell of an emergency, not by half either: «горить на Пожежній».
    """
    rest = [word for at, word in enumerate(said) if not is_in_street_name(said, at, streets, words)]
    halves = (phrase for one in words.topics.get(Topic.EMERGENCY, ()) for phrase in one.parts[0])
    negations = words.only_negations
    return topic_in(rest, words) is Topic.OUTAGES and not any(
        is_said(phrase, rest, negations) for phrase in halves
    )


def _is_emergency(said: Said, which: Sequence[int], words: Vocabulary) -> bool:
    return topic_in([said[at] for at in which], words) is Topic.EMERGENCY


def _sounds_like_house(word: SaidWord, words: Vocabulary) -> bool:
    houses = words.houses["house"]
    return word.text not in houses and sounds(word.text) in map(sounds, houses)


def _is_beside_number(said: Said, at: int, words: Vocabulary) -> bool:
    """Whether a number is told right before or behind this word: «дим на третьому поверсі» is no house."""
    beside = (said[max(0, at - 1) : at], said[at + 1 : at + 2])
    return any(numbers_in(one, words) for one in beside)


def _shines(said: Said, at: int, words: Vocabulary) -> bool:
    """Whether the word here says that there is light: «горить ліхтар», «світло в будинку горить»."""
    if said[at].text not in words.shining:
        return False
    if any(_is_lamp(word, words) for word in said[at + 1 : at + 2]):
        return True
    for word in reversed(said[max(0, at - FARTHEST_LAMP) : at]):
        if _is_lamp(word, words):
            return True
        if any(one.endswith(INFINITIVES) for one in word.forms):  # «світло вимкнули, горить дах»
            return False
    return False


def _is_lamp(word: SaidWord, words: Vocabulary) -> bool:
    return not words.lamps.isdisjoint({word.text, *word.forms})


def utility_in(said: Said, words: Vocabulary) -> Utility | None:
    """Give what they say is off, the first of the vocabulary; None where they name nothing."""
    negations = words.only_negations
    return next(
        (
            Utility(name)
            for name, expressions in words.utilities.items()
            if any(one.is_in(said, negations) for one in expressions)
        ),
        None,
    )


def _of_city(said: Said, words: Vocabulary, categories: Sequence[CategoryWords]) -> Topic | None:
    polite = words.answers.get(SKIPPED, ())
    telling = (
        word
        for word in said
        if word.forms
        and len(word.text) >= SHORTEST_TELLING
        and not any(begins(one, [word], 0) for one in polite)
    )
    known = any(category.tells(word.text, word.forms) for word in telling for category in categories)
    return Topic.MATTER if known else None
