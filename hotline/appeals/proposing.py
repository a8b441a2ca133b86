"""Category and urgency proposed for a citizen's words, by those of past appeals and of the classifier."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from hotline.city.category_search import CategoryWords
from hotline.city.classifier import Category, Urgency

MOST_WORDS = 40
"""Of a text that are looked at: who calls says at once what it is about."""
MOST_PROPOSED = 2
_NAMED, _SAID = 6, 4
"""A word of the classifier weighs as much as that many past appeals."""
_HEARD = 4
"""Past appeals that have a word before it tells anything: one appeal makes no «third day» one of rubbish."""
_SMOOTHED = 1.0
_LIKELY = 2.0
"""How much better than by chance (log e) the words of the text must fit."""
_FURTHER = 3.0
"""How much worse than the first the second may fit."""
_FEWEST = 3
"""Past appeals of another urgency before it is proposed."""
_ORDER = tuple(Urgency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A category that the text may be of; `urgency` is above its own where such appeals had a higher one."""

    category: Category
    urgency: Urgency


class Proposals(Protocol):
    """What is proposed; it is never chosen by itself."""

    async def of(self, text: str) -> Sequence[Proposal]:
        """Give the likeliest categories, none where nothing is likely. Waits for no database."""
        ...

    async def renew(self) -> None:
        """Read the newest appeals."""
        ...


Word = frozenset[str]
"""A word of a text, as it was said and in its dictionary forms."""


class PastWords:
    """Counts words in past appeals by category and urgency (naive Bayes over what each text has)."""

    def __init__(self) -> None:
        self._appeals: Counter[tuple[str, str]] = Counter()
        self._with: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)

    def learn(self, words: Iterable[str], category: str, urgency: str) -> None:
        """Take one appeal: each of its words, and their dictionary forms, once."""
        label = category, urgency
        self._appeals[label] += 1
        for word in words:
            self._with[word][label] += 1

    def ranked(
        self, text: Sequence[Word], classified: Sequence[CategoryWords]
    ) -> Sequence[tuple[float, Category]]:
        """All categories by how well the words of the text fit them, the best first."""
        appeals = _by_category(self._appeals)
        scores = {one.category.code: 0.0 for one in classified}
        for word in text:
            heard = _by_category(self._having(word))
            known = sum(heard.values()) >= _HEARD
            counts = Counter(heard if known else {})
            counts.update(_weights(word, classified))
            if not counts:
                continue
            of = appeals if known else Counter[str]()
            usual = sum(counts.values()) / (sum(of.values()) + len(classified))
            for one in scores:
                share = (counts[one] + _SMOOTHED * usual) / (of[one] + 1 + _SMOOTHED)
                scores[one] += math.log(share / usual)
        found = [(scores[one.category.code], one.category) for one in classified]
        return sorted(found, key=lambda one: -one[0])

    def urgency(self, text: Sequence[Word], category: Category) -> Urgency:
        """Give the urgency that appeals of the category with such words have; none below its own."""
        of = {urgency: self._appeals[category.code, urgency] for urgency in _ORDER}
        there = sum(of.values())
        own = _ORDER.index(category.urgency)
        known = [one for one in _ORDER[own:] if one is category.urgency or of[one] >= _FEWEST]
        scores = {one: math.log((of[one] + _SMOOTHED) / (there + _SMOOTHED)) for one in known}
        for word in text:
            having = self._having(word)
            counts = {urgency: having[category.code, urgency] for urgency in _ORDER}
            usual = (sum(counts.values()) + _SMOOTHED) / (there + _SMOOTHED)
            for one in known:
                scores[one] += math.log((counts[one] + _SMOOTHED * usual) / (of[one] + _SMOOTHED))
        return max(known, key=lambda one: scores[one])

    def _having(self, word: Word) -> Counter[tuple[str, str]]:
        """How many appeals have the word, whichever of its forms more of them have."""
        found: Counter[tuple[str, str]] = Counter()
        for form in word & self._with.keys():
            found |= self._with[form]
        return found


def likely(past: PastWords, text: Sequence[Word], classified: Sequence[CategoryWords]) -> Sequence[Proposal]:
    """Propose one category, or two that are near one another; none where the words say too little."""
    ranked = past.ranked(text, classified)[:MOST_PROPOSED]
    near = [category for score, category in ranked if score >= max(_LIKELY, ranked[0][0] - _FURTHER)]
    return [Proposal(category=one, urgency=past.urgency(text, one)) for one in near]


def _weights(word: Word, classified: Sequence[CategoryWords]) -> Mapping[str, int]:
    """How much the classifier's own words add for each category that has the word."""
    weights = {one.category.code: _weight(word, one) for one in classified}
    return {code: weight for code, weight in weights.items() if weight}


def _weight(word: Word, of: CategoryWords) -> int:
    for there, weight in ((of.named, _NAMED), (of.said, _SAID)):
        if any(one in there for one in word) or any(not word.isdisjoint(one) for one in there.values()):
            return weight
    return 0


def _by_category(labels: Mapping[tuple[str, str], int]) -> Counter[str]:
    found: Counter[str] = Counter()
    for (category, _), number in labels.items():
        found[category] += number
    return found
