"""How texts are compared and found: one written form of words, their dictionary forms, tokens of places."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

Item = TypeVar("Item")
LONGEST_WORD = 40
PLACE = "§"
"""Begins the token of a place; no word has it."""

_LETTERS = str.maketrans({"ґ": "г", **dict.fromkeys("'’ʼ`´‘‛′\"«»")})
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_HOUSE = re.compile(r"\d")
KINDS_OF_STREET = frozenset(
    {"вул", "вулиця", "пр", "просп", "проспект", "б", "р", "бр", "бул", "бульвар", "пл", "площа"}
    | {"пров", "провулок", "кв", "л", "квартал"}
)


def normalised(text: str) -> str:
    """`Б-р Лесі Українки, 7` → `б р лесі українки 7`; ґ is written as г, apostrophes are left out."""
    one_form = unicodedata.normalize("NFC", text).casefold().translate(_LETTERS)
    return _BETWEEN_WORDS.sub(" ", one_form).strip()


def words(text: str) -> list[str]:
    """Return the normalised words of the text, each once; overlong words are cut."""
    return list(dict.fromkeys(word[:LONGEST_WORD] for word in normalised(text).split()))


def place_tokens(address: str) -> list[str]:
    """Name the street, and the house in it, each as one token: `§київський`, `§київський7`.

    The order of the street's words and its kind (street, quarter) make no difference. None without a street.
    """
    street: list[str] = []
    house = ""
    for word in normalised(address).split():
        if street and _HOUSE.match(word):
            house = word
            break
        street.append(word)
    if not street:
        return []
    name = "".join(sorted(set(street) - KINDS_OF_STREET) or sorted(street))
    token = PLACE + name[:LONGEST_WORD]
    return [token, token + house[:LONGEST_WORD]] if house else [token]


class Lemmas(Protocol):
    """A dictionary of word forms."""

    async def of(self, words: Sequence[str]) -> Sequence[frozenset[str]]:
        """Give, for each normalised word, the dictionary forms it may be of, normalised.

        None for a word that only joins others (`на`, `не`); itself for one that no dictionary knows.
        """
        ...

    async def known(self, words: Sequence[str]) -> frozenset[str]:
        """Give those of the normalised words that the dictionary has, and does not only guess at."""
        ...


def with_forms(said: Sequence[str], forms: Sequence[frozenset[str]]) -> set[str]:
    """Join words with the dictionary forms of each; a word without any only joins others, and is left out."""
    return set().union(*({word, *some} for word, some in zip(said, forms, strict=True) if some))


async def words_with_forms(lemmas: Lemmas, said: Sequence[str]) -> set[str]:
    """Give normalised words with their dictionary forms, less those that only join others."""
    return with_forms(said, await lemmas.of(said))


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """A word that was asked for: any of these forms, or any word with this beginning (empty: none)."""

    forms: frozenset[str]
    beginning: str = ""
    within: str = ""
    """Any word with this in it will do: figures of a number; empty: none."""

    def meets(self, word: str, lemmas: frozenset[str]) -> bool:
        """Whether this word of a text, with its dictionary forms, is one that was asked for."""
        if word in self.forms or not self.forms.isdisjoint(lemmas):
            return True
        if self.within and self.within in word:
            return True
        return bool(self.beginning) and word.startswith(self.beginning)


Terms = Sequence[SearchTerm]


async def saying(
    items: Sequence[Item], text: Callable[[Item], str], typed: str, lemmas: Lemmas
) -> Sequence[Item]:
    """Keep the items whose text has all that was typed: words in any form or only begun, figures anywhere."""
    terms = await asked_terms(typed, lemmas)
    if not terms:
        return items
    said = [words(text(one)) for one in items]
    every = sorted({word for one in said for word in one})
    forms_of = dict(zip(every, await lemmas.of(every), strict=True))
    return [
        item
        for item, there in zip(items, said, strict=True)
        if all(any(term.meets(word, forms_of[word]) for word in there) for term in terms)
    ]


async def asked_terms(typed: str, lemmas: Lemmas) -> Terms:
    """Parse what was typed; a word that only joins others is left out, unless it stands alone, only begun."""
    asked = words(typed)
    forms = dict(zip(asked, await lemmas.of(asked), strict=True))
    telling = [word for word in asked if forms[word]] or asked[-1:]
    return [SearchTerm(forms[word] | {word}, word, within=word if word.isdigit() else "") for word in telling]
