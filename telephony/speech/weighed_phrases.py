"""Choice among the words to listen for: weighed by how likely the sound makes them, and how they sound.

What was heard freely is often the very phrase, written torn: «обзеж» is «авжеж».
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hotline.speech.hearing import SURE_FROM, Engine
from hotline.speech.sounds import amiss, muffled
from hotline.speech.word_errors import errors, words_in

HANDICAP = 13.0
"""How much likelier, as a natural logarithm, a free guess has to be than a word that is listened for.

Free guesses are of all that can be written: one of them, torn as it may be, always fits the sound better.
What keeps a word from being chosen that was not said is how it sounds.
"""
FARTHEST = 0.38
"""How far what is chosen may be from what was heard freely, a letter of their sounds."""
BY_SOUND = 8.0
"""How much less likely, as a natural logarithm, a word counts for each whole letter of its sound amiss."""
BY_LETTER = 4.0
"""How much less likely, as a natural logarithm, a guess is a phrase written torn, for each letter amiss."""
LEAST_LIKELY = -17.0
"""The logarithm of the likelihood below which a word that is listened for was not said, whatever else was."""
CHOSEN_FROM, SURELY_FROM = 0.6, 0.85
"""The share of the likelihood from which a word is chosen, and from which it was said surely.

A question that comes again is better than an answer turned round: in between it counts nowhere by itself.
"""
OPPOSITE_LETTERS, OPPOSITE_LEAD = 1.5, 3.0
"""Letters by which opposites differ at most («ну так», «не так»; «є», «нє»), and by how much, as a natural
logarithm, the sound has to make the one likelier than the other for it to be sure."""
LONGEST_AGAIN, AGAIN, SHORT = 6, 0.2, 3
"""Words that an ear writes again and again as one; how far each is from itself then, a letter, at most; and
the letters of a word that has to be the very same: «ні» is not «не»."""
_DOUBTED = SURE_FROM[Engine.WHISPER]
"""What takes a share below SURELY_FROM below what counts as sure."""


class Weighed(NamedTuple):
    """A phrase that is listened for: its likelihood's logarithm, and what it means."""

    likely: float
    meant: int
    """Phrases that have one number mean the same."""


class Chosen(NamedTuple):
    """The phrase that was said, how surely, and the likeliest of those that mean the same."""

    phrase: str
    confidence: float
    likeliest: str


def chosen(phrases: Mapping[str, Weighed], free: Mapping[str, float], texts: Sequence[str]) -> Chosen | None:
    """Give the likeliest phrase of what was meant, and how surely that was; None below CHOSEN_FROM.

    `free` has the logarithms of the likelihood of what was heard freely, `texts` the same without what was
    written again and again. Likelihoods of phrases that mean the same count together; a phrase counts the
    less, the less it sounds like what was heard, and the more, the likelier that is.
    """
    far = {phrase: distance(phrase, texts) for phrase in phrases}
    weights = {
        phrase: math.exp(one.likely - BY_SOUND * far[phrase]) + _torn(phrase, free, texts)
        for phrase, one in phrases.items()
    }
    shares: dict[int, float] = defaultdict(float)
    for phrase, weight in weights.items():
        shares[phrases[phrase].meant] += weight
    best = max(shares, key=lambda one: shares[one])
    same = [phrase for phrase, one in phrases.items() if one.meant == best]
    near = [phrase for phrase in same if far[phrase] <= FARTHEST]
    rival = max(max(free.values()) - HANDICAP, LEAST_LIKELY)
    share = shares[best] / (sum(shares.values()) + math.exp(rival))
    if not near or share < CHOSEN_FROM:
        return None
    told = max(near, key=lambda one: weights[one])
    likeliest = max(near, key=lambda one: phrases[one].likely)
    opposites = [
        one.likely
        for phrase, one in phrases.items()
        if one.meant != best and amiss(letters(told), letters(phrase)) <= OPPOSITE_LETTERS
    ]
    leads = phrases[likeliest].likely - max(opposites, default=-math.inf) >= OPPOSITE_LEAD
    sure = share >= SURELY_FROM and leads
    return Chosen(
        told,
        share if sure else share * _DOUBTED * 0.999,
        max(same, key=lambda one: phrases[one].likely),
    )


def _torn(phrase: str, free: Mapping[str, float], texts: Sequence[str]) -> float:
    """Give how likely it is that a free guess is the phrase, written torn."""
    own = letters(phrase)
    return sum(
        math.exp(likely - BY_LETTER * amiss(own, letters(text)))
        for (guess, likely), text in zip(free.items(), texts, strict=True)
        if guess.casefold() != phrase
    )


def nearest(phrases: Mapping[str, int], free: Sequence[str], most: int) -> Sequence[str]:
    """Give the phrases that are nearest to what was heard freely, letter by letter, as both sound."""
    heard = [letters(text) for text in free]

    def far(phrase: str) -> float:
        own = letters(phrase)
        return min(errors(own, other) / max(len(own), len(other), 1) for other in heard)

    return sorted(phrases, key=far)[:most]


def distance(phrase: str, free: Sequence[str]) -> float:
    """Tell how far a phrase is from the nearest guess, a letter, by how alike letters are heard.

    What is longer than the phrase counts half: «зробили» is not «на че щось робили».
    """
    own = letters(phrase)
    return min(
        2 * amiss(own, other) / ((len(own) + max(len(own), len(other))) or 1) for other in map(letters, free)
    )


def letters(text: str) -> str:
    return muffled("".join(words_in(text)))


def once(text: str) -> str:
    """Leave out what only sounds like the words before it: «Так, звичайно. Так, звучайно. Так»."""
    kept: list[str] = []
    for word in text.split():
        kept.append(word)
        for length in range(1, min(LONGEST_AGAIN, len(kept) // 2) + 1):
            if all(map(_is_again, kept[-length:], kept[-2 * length : -length])):
                del kept[-length:]
                break
    return " ".join(kept)


def _is_again(word: str, before: str) -> bool:
    own, other = letters(word), letters(before)
    longest = max(len(own), len(other))
    return own == other or (longest > SHORT and amiss(own, other) <= AGAIN * longest)
