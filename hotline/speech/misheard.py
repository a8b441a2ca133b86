"""Finds what was said in words that the ear tore or misheard: «трубати че впідвали», «труба тече в підвалі».

Only a word that no dictionary has is read anew, together with its neighbours and without the gaps between
them: what the ear wrote as words was heard as words.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from attrs import define, field

from hotline.speech.said import Said
from hotline.speech.sounds import LEAST_WRONG, VOWELS, left_out, muffled, wrong
from hotline.speech.vocabulary import Expression, is_said

MOST_APART = 0.2
"""How far a phrase may be from what was heard, a letter of its sound: 0 is the same, 1 has nothing of it."""
MOST_APART_ALONE = 0.125
"""The same of parts of which none was heard as it is written: two that are each a little alike are chance."""
SHORTEST = 4
"""Letters of the sound of what may be found so: shorter ones are in anything."""
SHORTEST_ALONE = 7
"""The same of all that an expression needs, where none of it was heard as it is written."""
SHORTEST_TORN = 3
"""Letters of a word that nobody knows: what is shorter is a cough, or the end of a word."""
_NOWHERE = (1.0, 0, 0)


class _Torn(NamedTuple):
    """The sound of a word that nobody knows, with that of its neighbours; it lies from `begins` to `ends`."""

    sound: str
    begins: int
    ends: int


class _Near(NamedTuple):
    """A phrase that may have been said: how far it is, its letters less than none, and where it lies."""

    far: float
    fewer: int
    begins: int
    ends: int

    def is_beside(self, others: Iterable["_Near"]) -> bool:
        return all(self.ends <= one.begins or one.ends <= self.begins for one in others)


_Found = Mapping[str, Sequence[_Near]]
"""Where each sound may lie that is near to one of the torn words."""


@define(eq=False, repr=False)
class Misheard:
    """The topics that are looked for in the torn words of one turn.

    Its guesses have many of them in common: each is looked through once, and none is kept behind the turn.
    """

    _topics: Mapping[str, Sequence[Expression]]
    _negations: frozenset[str]
    _answering: frozenset[str] = frozenset()
    """Words that sound like a negation, and are an answer of their own: «нє, прарвало трубу»."""
    _sounds: frozenset[str] = field(init=False)
    _looked_at: dict[_Torn, Mapping[str, tuple[float, int, int]]] = field(factory=dict, init=False)

    def __attrs_post_init__(self) -> None:
        self._sounds = _sounds_of(self._topics)

    def nearest(self, said: Said) -> tuple[float, str] | None:
        """Give the topic whose expressions are nearest, and how far it is; None where none is near.

        Of topics that are as near it is the first.
        """
        if not (near := self._near(said)):
            return None
        found = [
            (far, order, name)
            for order, (name, expressions) in enumerate(self._topics.items())
            for one in expressions
            if (far := _apart(one, said, self._negations, near)) is not None
        ]
        return (min(found)[0], min(found)[2]) if found else None

    def _near(self, said: Said) -> _Found:
        """Give each of the sounds that may lie in a word that nobody knows, or in it and its neighbours."""
        found: dict[str, list[_Near]] = defaultdict(list)
        for torn, since, there in _torn_words(said):
            if torn not in self._looked_at:
                self._looked_at[torn] = _near_in(torn, self._sounds)
            for sound, (far, begins, ends) in self._looked_at[torn].items():
                if not _is_negated(torn, begins, self._negations_in(there)):
                    found[sound].append(_Near(far, -len(sound), since + begins, since + ends))
        return found

    def _negations_in(self, there: Mapping[int, str]) -> Mapping[int, frozenset[str]]:
        """Give the negations that may stand at each of the places where a word begins."""
        return {
            at: frozenset() if text.startswith(tuple(self._answering)) else self._negations
            for at, text in there.items()
        }


def _apart(expression: Expression, said: Said, negations: frozenset[str], near: _Found) -> float | None:
    """Tell how far an expression is from what was heard; None where it is not in it.

    A part that was heard as it is written is as near as can be; the others have to lie in torn words, each
    in another stretch of them.
    """
    places = [
        [one for sound in chain.from_iterable(sounds) for one in near.get(sound, ())]
        for sounds in expression.sounds
    ]
    if not any(places):
        return None
    found: list[_Near] = []
    for part, near_it in zip(expression.parts, places, strict=True):
        if any(is_said(phrase, said, negations) for phrase in part):
            continue
        free = [one for one in near_it if one.is_beside(found)]
        if not free:
            return None
        found.append(min(free))
    farthest = max((one.far for one in found), default=0.0)
    if len(found) < len(expression.parts):  # some of it was heard as it is written
        return farthest
    most = MOST_APART if len(found) == 1 else MOST_APART_ALONE
    letters = -sum(one.fewer for one in found)
    return farthest if letters >= SHORTEST_ALONE and farthest <= most else None


def _sounds_of(topics: Mapping[str, Sequence[Expression]]) -> frozenset[str]:
    every = (one.sounds for expressions in topics.values() for one in expressions)
    sounds = chain.from_iterable(chain.from_iterable(chain.from_iterable(every)))
    return frozenset(one for one in sounds if len(one) >= SHORTEST)


def _torn_words(said: Said) -> Iterator[tuple[_Torn, int, Mapping[int, str]]]:
    """Give each word that nobody knows with its neighbours, and where in the sound of all they begin.

    At last the words by where in the sound of these each begins.
    """
    heard = [muffled(word.text) for word in said]
    for at, word in enumerate(said):
        if word.known or len(word.text) < SHORTEST_TORN:
            continue
        before, own, behind = "".join(heard[max(0, at - 1) : at]), heard[at], "".join(heard[at + 1 : at + 2])
        torn = _Torn(before + own + behind, len(before), len(before) + len(own))
        beside = ((0, said[max(0, at - 1) : at]), (len(before) + len(own), said[at + 1 : at + 2]))
        there = {len(before): word.text} | {begins: one.text for begins, some in beside for one in some}
        yield torn, sum(map(len, heard[: max(0, at - 1)])), there


def _is_negated(torn: _Torn, begins: int, negations: Mapping[int, frozenset[str]]) -> bool:
    """Tell whether the speaker says a negation right before this place in a torn word («непрарвало»).

    `negations`: those that count where a word begins.
    """
    return any(
        torn.sound.endswith(sound, 0, begins) and begins - len(sound) == at
        for at, some in negations.items()
        for sound in map(muffled, some)
    )


def _near_in(torn: _Torn, sounds: frozenset[str]) -> Mapping[str, tuple[float, int, int]]:
    """Give the stretch of each sound that is near."""
    letters = frozenset(torn.sound) | VOWELS
    found = {}
    for sound in sounds:
        missing = sum(letter not in letters for letter in sound)
        if missing * LEAST_WRONG > MOST_APART * len(sound):
            continue  # most: they need not be looked for letter by letter
        stretch = _nearest_stretch(sound, torn)
        if stretch[0] <= MOST_APART:
            found[sound] = stretch
    return found


def _nearest_stretch(sound: str, torn: _Torn) -> tuple[float, int, int]:
    """Give the stretch that is nearest to a sound, and has half of it, at least, in the torn word.

    How far it is, a letter; where it begins; where it ends.
    """
    before = [(0.0, at) for at in range(len(torn.sound) + 1)]
    for letter in sound:
        row = [(before[0][0] + left_out(letter), before[0][1])]
        for at, other in enumerate(torn.sound):
            other_there, lost, added = before[at], before[at + 1], row[at]
            row.append(
                min(
                    (other_there[0] + wrong(letter, other), other_there[1]),
                    (lost[0] + left_out(letter), lost[1]),
                    (added[0] + left_out(other), added[1]),
                )
            )
        before = row
    needed = min(torn.ends - torn.begins, max(2, round(len(sound) / 2)))
    return min(
        (
            (far / len(sound), begins, ends)
            for ends, (far, begins) in enumerate(before)
            if min(ends, torn.ends) - max(begins, torn.begins) >= needed
        ),
        default=_NOWHERE,
    )
