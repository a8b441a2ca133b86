"""Categories found by citizens' words: in any form, only begun, and by what else people say for them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from hotline.city.classifier import Category, Classifier, classifier
from hotline.city.search_terms import Lemmas, normalised, words

MOST_ASKED = 12
"""Words of a query that are looked at; a citizen's first sentence has fewer."""
_NAMED, _SAID, _NAMED_BEGUN, _SAID_BEGUN = 8, 5, 3, 2
"""The weight of a word: in the names of a category, among its further words, where it begins one of both."""

Forms = Mapping[str, frozenset[str]]
"""Words → their dictionary forms."""


@dataclass(frozen=True, slots=True)
class CategoryWords:
    """A category with the words of its names, and with the further ones that people say for it."""

    category: Category
    named: Forms
    said: Forms

    def tells(self, word: str, forms: frozenset[str]) -> bool:
        """Whether it is a whole word of the category, in any form."""
        return self.weight(word, forms) >= _SAID

    def weight(self, word: str, forms: frozenset[str]) -> int:
        """Weigh how well this word of a query names the category; 0 where it does not at all."""
        for there, whole in ((self.named, _NAMED), (self.said, _SAID)):
            if word in there or any(not forms.isdisjoint(one) for one in there.values()):
                return whole
        for there, begun in ((self.named, _NAMED_BEGUN), (self.said, _SAID_BEGUN)):
            if any(one.startswith(word) for one in there):
                return begun
        return 0


class CategorySearch:
    """Finds categories of the classifier in force. The dictionary is asked for its words once a version."""

    def __init__(self, lemmas: Lemmas) -> None:
        self._lemmas = lemmas
        self._of: tuple[Classifier, Sequence[CategoryWords]] | None = None

    async def find(self, text: str, limit: int = 8) -> Sequence[Category]:
        """Categories that have all words of the text, or else the most of them; the best first."""
        asked = await self._asked(text)
        found = [(_met(one, asked), one.category) for one in await self.words()]
        most = max((len(met) for met, _ in found), default=0)
        best = [(sum(met), category) for met, category in found if met and len(met) == most]
        return [category for _, category in sorted(best, key=lambda one: -one[0])][:limit]

    async def words(self) -> Sequence[CategoryWords]:
        """Give the words of each category in force."""
        present = classifier()
        if self._of is None or self._of[0] is not present:
            self._of = present, await self._read(present.categories.values())
        return self._of[1]

    async def _asked(self, text: str) -> Forms:
        """Give the words that tell something; all where there is no such one, for one may be only begun."""
        said = words(text)[:MOST_ASKED]
        forms = await self._forms(said)
        return {word: one for word, one in forms.items() if one} or {word: frozenset({word}) for word in said}

    async def _read(self, categories: Collection[Category]) -> Sequence[CategoryWords]:
        forms = await self._forms(words(" ".join(f"{_name(one)} {one.words}" for one in categories)))

        def part(text: str) -> Forms:
            return {word: forms[word] for word in normalised(text).split() if forms.get(word)}

        return [CategoryWords(one, part(_name(one)), part(one.words)) for one in categories]

    async def _forms(self, said: Sequence[str]) -> Forms:
        return dict(zip(said, await self._lemmas.of(said), strict=True))


def _name(category: Category) -> str:
    return f"{category.code} {category.uk} {category.en}"


def _met(words: CategoryWords, asked: Forms) -> Sequence[int]:
    return [weight for word, forms in asked.items() if (weight := words.weight(word, forms))]
