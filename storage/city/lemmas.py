"""Ukrainian dictionary forms by pymorphy3 (docs/decisions/0007): `трубу` → `труба`."""

import asyncio
import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from hotline.city.search_terms import LONGEST_WORD, normalised

if TYPE_CHECKING:
    from pymorphy3 import MorphAnalyzer
    from pymorphy3.analyzer import Parse

KEPT = 4096
"""Words whose forms are cached: a city's appeals use few."""
_JOINING = frozenset({"PREP", "CONJ", "PRCL"})
_PARTICIPLE = re.compile(r"[нт]ий$")
_AFTER_APOSTROPHE = re.compile(r"(?<=[бпвмфрдзкнтсш])(?=[яюєї])")
_READING = Lock()
_LETTERS = re.compile(r"[а-яіїєґ]+")


class UkrainianLemmas:
    """`hotline.city.search_terms.Lemmas`. The dictionary (30 MB in memory) is read with the first word."""

    def __init__(self) -> None:
        self.of_word = lru_cache(KEPT)(self._of_word)

    async def of(self, words: Sequence[str]) -> Sequence[frozenset[str]]:
        return await asyncio.to_thread(lambda: [self.of_word(word) for word in words])

    async def known(self, words: Sequence[str]) -> frozenset[str]:
        return await asyncio.to_thread(lambda: frozenset(word for word in words if self.is_known(word)))

    def is_known(self, word: str) -> bool:
        """Tell whether the dictionary has the word, and does not only guess at its forms."""
        return any(_dictionary().word_is_known(written) for written in _spellings(word))

    def _of_word(self, word: str) -> frozenset[str]:
        if len(word) > LONGEST_WORD or not _LETTERS.fullmatch(word):
            return frozenset({word[:LONGEST_WORD]})
        parses = parses_of(word)
        if parses and all(one.tag.POS in _JOINING for one in parses):
            return frozenset()
        return frozenset(normalised(form) for one in parses for form in self._forms(one)) or frozenset({word})

    def _forms(self, parse: "Parse") -> Iterator[str]:
        """A participle is a form of its verb too; the dictionary gives `прорвано` to the verb alone."""
        yield parse.normal_form
        if parse.tag.POS == "ADJF" and _PARTICIPLE.search(parse.normal_form):
            for one in _dictionary().parse(f"{parse.normal_form[:-2]}о"):
                if one.tag.POS == "VERB" and one.is_known:
                    yield one.normal_form


def parses_of(word: str) -> "list[Parse]":
    """Parses of the dictionary, with the apostrophe that `normalised` left out put back; else one guess."""
    dictionary = _dictionary()
    for written in _spellings(word):
        if dictionary.word_is_known(written):
            parses: list[Parse] = dictionary.parse(written)
            return parses
    guessed: list[Parse] = dictionary.parse(word)
    return guessed[:1]


def _dictionary() -> "MorphAnalyzer":
    with _READING:
        return _read()


@cache
def _read() -> "MorphAnalyzer":
    from pymorphy3 import MorphAnalyzer  # noqa: PLC0415 - costs memory that only a search needs

    return MorphAnalyzer(lang="uk")


def _spellings(word: str) -> Iterator[str]:
    yield word
    for place in _AFTER_APOSTROPHE.finditer(word):
        yield f"{word[: place.start()]}'{word[place.start() :]}"
