"""The words of numbers, of one language or of several: a part of the vocabulary, for `spoken_numbers`."""

from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hotline.city.search_terms import normalised
from hotline.speech.said import SaidWord
from hotline.speech.sounds import sounds


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWords:
    """Names are those of `[numbers]` in the vocabulary's file; words are normalised."""

    values: Mapping[str, int]
    """By their `sounds`."""
    forms: Mapping[str, int]
    """Other forms, where no dictionary gives them; as written, since short ones sound like other words."""
    zeros: frozenset[str]
    """Words for several zeros, behind their number: `три нулі`."""
    hundreds: frozenset[str]
    """Words that make hundreds of what is before them: `two hundred`, `nineteen hundred`."""
    times: Mapping[str, int]
    """Words before a digit that is meant several times: `double five`."""
    fillers: frozenset[str]
    """Words between two groups of digits that end no dictated number."""

    def value(self, word: SaidWord) -> int | None:
        named = (self.values.get(sounds(one)) for one in (word.text, *sorted(word.forms)))
        return self.forms.get(word.text, next((one for one in named if one is not None), None))

    def digit(self, word: SaidWord) -> int | None:
        value = self.value(word)
        return value if value in range(10) else None


def told(document: Mapping[str, Any]) -> NumberWords:
    """Read the words by which callers say numbers to the hotline, whose forms a dictionary gives."""
    return _read(document, {**document.get("values", {}), **document.get("ordinals", {})}, {})


def dictated(document: Mapping[str, Any]) -> NumberWords:
    """Read the words by which a person dictates to another; ordinals are moments and places there."""
    forms = document.get("forms", {})
    return _read(document, document.get("values", {}), {word: one for one in forms for word in forms[one]})


def joined(words: Iterable[NumberWords]) -> NumberWords:
    """Make one of several languages."""
    every = list(words)
    return NumberWords(
        values=dict(ChainMap(*(dict(one.values) for one in every))),
        forms=dict(ChainMap(*(dict(one.forms) for one in every))),
        zeros=frozenset().union(*(one.zeros for one in every)),
        hundreds=frozenset().union(*(one.hundreds for one in every)),
        times=dict(ChainMap(*(dict(one.times) for one in every))),
        fillers=frozenset().union(*(one.fillers for one in every)),
    )


def _read(document: Mapping[str, Any], values: Mapping[str, Any], forms: Mapping[str, Any]) -> NumberWords:
    return NumberWords(
        values={sounds(normalised(word)): int(value) for word, value in values.items()},
        forms={normalised(word): int(value) for word, value in forms.items()},
        zeros=_words(document, "zeros"),
        hundreds=_words(document, "hundreds"),
        times={normalised(word): int(value) for word, value in document.get("times", {}).items()},
        fillers=_words(document, "fillers"),
    )


def _words(document: Mapping[str, Any], name: str) -> frozenset[str]:
    return frozenset(map(normalised, document.get(name, ())))
