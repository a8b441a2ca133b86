"""Numbers as people dictate them to one another: «сорок один двадцять», «два нулі», "double five", 4149-4993.

In Ukrainian with its surzhyk and in English at once, whatever the language of the talk; from words as an ear
or a person wrote them, with the signs beside them. What is masked depends neither on a dictionary nor on
words that a city adds: those of the product have the forms themselves.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from hotline.city.search_terms import normalised
from hotline.speech.number_words import NumberWords, joined
from hotline.speech.said import SaidWord
from hotline.speech.spoken_numbers import Group, groups_in
from hotline.speech.vocabulary import built_in

_DIGITS = re.compile(r"[0-9]+(?:[-–./][0-9]+)*")
_AROUND = " ,.;:!?()«»\"'…№#+"
_PAUSES = (",", ".", ";")


def runs(words: Sequence[str]) -> Sequence[Sequence[Group]]:
    """Give the numbers of a text, each as the groups in which it was dictated."""
    table, said = _words(), [_said(word) for word in words]
    pauses = frozenset(at for at, word in enumerate(words) if word.endswith(_PAUSES))
    found: list[list[Group]] = []
    for group in groups_in(said, table, pauses):
        between = said[found[-1][-1].past : group.first] if found else ()
        if found and all(word.text in table.fillers for word in between):
            found[-1].append(group)
        else:
            found.append([group])
    return found


@cache
def _words() -> NumberWords:
    return joined(one.dictated for one in built_in().values())


@lru_cache(maxsize=50_000)
def _said(word: str) -> SaidWord:
    """Make a word ready, for words come again and again: digits with signs between are one number."""
    plain = word.strip(_AROUND)
    text = re.sub(r"\D", "", plain) if _DIGITS.fullmatch(plain) else normalised(plain)
    return SaidWord(text=text, forms=frozenset())
