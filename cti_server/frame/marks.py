"""Marks found words in shown texts; of a long text it shows the part with the words."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hotline.city.search_terms import Lemmas, SearchTerm, Terms, normalised

Piece = tuple[str, bool]
"""Some text, and whether it is marked."""

LONGEST = 170
_BEFORE = 60
_WORD = re.compile(r"[^\W_]+(?:['’ʼ`´‘][^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Marks:
    """The marked terms, by the dictionary forms of the shown words."""

    terms: Terms
    forms: Mapping[str, frozenset[str]]

    def whole(self, text: str) -> list[Piece]:
        """Cut the text where marks begin and end."""
        pieces: list[Piece] = []
        end = 0
        for word in _WORD.finditer(text):
            if self._meets(normalised(word[0])):
                pieces += [(text[end : word.start()], False), (word[0], True)]
                end = word.end()
        return [piece for piece in [*pieces, (text[end:], False)] if piece[0]]

    def meets(self, text: str) -> bool:
        """Whether a mark is in the text."""
        return any(self._meets(normalised(word)) for word in _WORD.findall(text))

    def part(self, text: str) -> list[Piece]:
        """Do the same with the part of the text around the first mark."""
        if len(text) <= LONGEST:
            return self.whole(text)
        first = next((one.start() for one in _WORD.finditer(text) if self._meets(normalised(one[0]))), 0)
        begin = text.rfind(" ", 0, max(0, first - _BEFORE)) + 1
        end = text.find(" ", begin + LONGEST)
        cut = text[begin:] if end < 0 else f"{text[begin:end]} …"
        return self.whole(f"… {cut}" if begin else cut)

    def _meets(self, word: str) -> bool:
        lemmas = self.forms.get(word, frozenset())
        return any(term.meets(word, lemmas) for term in self.terms)


async def marks(lemmas: Lemmas, terms: Terms, texts: Iterable[str]) -> Marks:
    """Look up the words of these texts, so that they can be marked."""
    if not terms:
        return Marks((), {})
    said = list(dict.fromkeys(normalised(word) for text in texts for word in _WORD.findall(text)))
    return Marks(terms, dict(zip(said, await lemmas.of(said), strict=True)))


def begun(words: Sequence[str]) -> Marks:
    """Mark words that begin so: by names, no dictionary is asked."""
    return Marks([SearchTerm(frozenset({word}), word) for word in words], {})
